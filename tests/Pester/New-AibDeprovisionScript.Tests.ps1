BeforeAll {
    Import-Module "$PSScriptRoot/../../out/AibDeprovision/AibDeprovision.psd1" -Force
}

Describe 'New-AibDeprovisionScript' {
    It 'writes the hardened <_> script by default' -ForEach 'Windows', 'Linux' {
        $script = New-AibDeprovisionScript -Platform $_
        $script.Profile | Should -Be 'Hardened'
        $script.Sha256 | Should -Match '^[0-9a-f]{64}$'
        $script.Content | Should -Match '# --- end of settings -'
    }

    It 'gives a Windows script that parses' {
        $errors = $null
        [void][System.Management.Automation.Language.Parser]::ParseInput((New-AibDeprovisionScript Windows).Content, [ref]$null, [ref]$errors)
        $errors | Should -BeNullOrEmpty
    }

    It 'takes platforms from the pipeline' {
        ('Windows', 'Linux' | New-AibDeprovisionScript).TargetPath | Should -Be 'C:\DeprovisioningScript.ps1', '/tmp/DeprovisioningScript.sh'
    }

    It 'gives the documented text of <_>' -ForEach 'windows-2', 'windows-3', 'linux-1', 'linux-2' {
        $script = New-AibDeprovisionScript -Platform ($_ -replace '-\d$') -Profile Generic -GenericVersion $_
        $script.Plan.GenericVersion | Should -Be $_
        $script.Content | Should -Match 'Sysprep\.exe /oobe /generalize /quiet /quit|-force -deprovision\+user'
    }

    It 'writes exactly the content to a file' {
        $script = New-AibDeprovisionScript -Platform Windows -Path TestDrive:/d.ps1
        Get-Content -Path TestDrive:/d.ps1 -Raw | Should -BeExactly $script.Content
        (Get-FileHash -Path TestDrive:/d.ps1 -Algorithm SHA256).Hash | Should -Be $script.Sha256
    }

    It 'writes nothing with -WhatIf' {
        New-AibDeprovisionScript -Platform Windows -Path TestDrive:/whatif.ps1 -WhatIf | Should -Not -BeNullOrEmpty
        Test-Path -Path TestDrive:/whatif.ps1 | Should -BeFalse
    }

    It 'does not overwrite with -NoClobber' {
        Set-Content -Path TestDrive:/mine.ps1 -Value 'mine'
        { New-AibDeprovisionScript -Platform Windows -Path TestDrive:/mine.ps1 -NoClobber -ErrorAction Stop } |
            Should -Throw -ErrorId 'FileExists,AibDeprovision.Commands.NewAibDeprovisionScriptCommand'
        Get-Content -Path TestDrive:/mine.ps1 | Should -Be 'mine'
    }

    It 'refuses an option of the other platform' {
        { New-AibDeprovisionScript -Platform Linux -ModeVm -ErrorAction Stop } |
            Should -Throw -ErrorId 'OptionNotForPlatform,AibDeprovision.Commands.NewAibDeprovisionScriptCommand'
    }

    It 'refuses what is only likely to fail with -Strict' {
        (New-AibDeprovisionScript -Platform Windows -Strict).Content | Should -Match '(?m)^    Strict +[=] \$true\r?$'
        (New-AibDeprovisionScript -Platform Windows).Content | Should -Match '(?m)^    Strict +[=] \$false\r?$'
    }

    It 'takes a bare number for seconds' {
        (New-AibDeprovisionScript -Platform Windows -Deadline 90).Plan.Deadline.TotalSeconds | Should -Be 90
    }

    It 'has complete help' {
        $help = Get-Help -Name New-AibDeprovisionScript -Full
        $help.Synopsis | Should -Not -Match 'New-AibDeprovisionScript'
        $help.examples.example.Count | Should -BeGreaterThan 3
    }
}
