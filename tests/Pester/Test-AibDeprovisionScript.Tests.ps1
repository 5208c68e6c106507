BeforeAll {
    Import-Module "$PSScriptRoot/../../out/AibDeprovision/AibDeprovision.psd1" -Force
}

Describe 'Test-AibDeprovisionScript' {
    It 'writes nothing for a hardened script for <_>' -ForEach 'Windows', 'Linux' {
        New-AibDeprovisionScript -Platform $_ | Test-AibDeprovisionScript | Should -BeNullOrEmpty
    }

    It 'names the line of what is wrong in a file' {
        $file = Join-Path -Path $TestDrive -ChildPath 'seal.ps1'
        Set-Content -Path $file -Value '# Sealing', '& $env:windir\System32\Sysprep\sysprep.exe /oobe /generalize /quiet /shutdown'
        $finding = Get-Item -Path $file | Test-AibDeprovisionScript -Severity Error
        $finding.RuleId | Should -Be 'SysprepShutsDown'
        $finding.Line | Should -Be 2
        $finding.File | Should -Be $file
    }

    It 'fails a pipeline' {
        { Test-AibDeprovisionScript -ScriptText 'waagent -deprovision' -FailOn Error } |
            Should -Throw -ErrorId 'FindingsFailed,AibDeprovision.Commands.TestAibDeprovisionScriptCommand'
    }

    It 'has a page for every rule that it can find' {
        Get-AibRule -Kind Script | ForEach-Object { "$PSScriptRoot/../../docs/rules/$($_.Id).md" | Should -Exist }
    }
}
