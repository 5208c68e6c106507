BeforeAll {
    Import-Module "$PSScriptRoot/../../out/AibDeprovision/AibDeprovision.psd1" -Force
}

Describe 'Test-AibGeneralization' {
    BeforeEach {
        $root = Join-Path -Path $TestDrive -ChildPath ([guid]::NewGuid())
        $etc = Join-Path -Path $root -ChildPath 'etc'
        New-Item -ItemType Directory -Path $etc | Out-Null
        Set-Content -Path (Join-Path -Path $etc -ChildPath 'passwd') -Value 'root:x:0:0:root:/root:/bin/sh'
    }

    It 'writes nothing for a general image' {
        Test-AibGeneralization -Root $root | Should -BeNullOrEmpty
        Test-AibGeneralization -Root $root -Quiet | Should -BeTrue
    }

    It 'names what is left' {
        Set-Content -Path (Join-Path -Path $etc -ChildPath 'machine-id') -Value '0123456789abcdef0123456789abcdef'
        $finding = Test-AibGeneralization -Root $root
        $finding.RuleId | Should -Be 'MachineId'
        $finding.Severity | Should -Be 'Error'
        $finding.File | Should -Be '/etc/machine-id'
        Test-AibGeneralization -Root $root -Quiet | Should -BeFalse
        Test-AibGeneralization -Root $root -Quiet -Keep MachineId | Should -BeTrue
    }

    It 'takes folders from the pipeline' {
        Get-Item -Path $root | Test-AibGeneralization -Quiet | Should -BeTrue
    }

    It 'refuses a folder without a system' {
        { Test-AibGeneralization -Root $TestDrive -ErrorAction Stop } |
            Should -Throw -ErrorId 'NotASystemImage,AibDeprovision.Commands.TestAibGeneralizationCommand'
    }
}
