BeforeAll {
    Import-Module "$PSScriptRoot/../../out/AibDeprovision/AibDeprovision.psd1" -Force
}

Describe 'Update-AibDeprovisionScript' {
    BeforeEach {
        $file = Join-Path -Path $TestDrive -ChildPath 'seal.ps1'
        (New-AibDeprovisionScript -Platform Windows -Profile Generic).Content | Set-Content -Path $file -NoNewline
        $before = Get-Content -Path $file -Raw
    }

    It 'changes nothing with -WhatIf' {
        $written = (Get-Item -Path $file).LastWriteTimeUtc
        $update = Update-AibDeprovisionScript -Path $file -ModeVm -Fix * -WhatIf
        $update.Diff | Should -Match '(?m)^@@ '
        $update.Written | Should -BeNullOrEmpty
        Get-Content -Path $file -Raw | Should -BeExactly $before
        (Get-Item -Path $file).LastWriteTimeUtc | Should -Be $written
    }

    It 'leaves a script without findings, and a second run changes nothing' {
        (Update-AibDeprovisionScript -Path $file -ModeVm -Fix * -Confirm:$false).IsChanged | Should -BeTrue
        Test-AibDeprovisionScript -Path $file | Should -BeNullOrEmpty
        (Get-Item -Path $file | Update-AibDeprovisionScript -ModeVm -Fix *).IsChanged | Should -BeFalse
    }

    It 'is an error where nothing is matched' {
        { Update-AibDeprovisionScript -ScriptText 'Get-Date' -ModeVm -ErrorAction Stop } |
            Should -Throw -ErrorId 'EditMatchedNothing,AibDeprovision.Commands.UpdateAibDeprovisionScriptCommand'
    }

    It 'shows what was done' {
        Update-AibDeprovisionScript -Path $file -ModeVm | Out-String -Width 200 | Should -Match '-ModeVm'
        Update-AibDeprovisionScript -Path $file -ModeVm | Out-String -Width 200 | Should -Match 'already so'
    }
}
