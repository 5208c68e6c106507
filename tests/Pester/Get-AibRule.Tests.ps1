BeforeAll {
    Import-Module "$PSScriptRoot/../../out/AibDeprovision/AibDeprovision.psd1" -Force
}

Describe 'Get-AibRule' {
    It 'lists rules of both systems, each once' {
        $rules = Get-AibRule
        ($rules.Platform | Sort-Object -Unique) | Should -Be 'Windows', 'Linux'
        ($rules.Id | Sort-Object -Unique).Count | Should -Be $rules.Count
    }

    It 'chooses by name and kind' {
        (Get-AibRule restart*).Id | Should -Be 'RestartInProgress', 'RestartPending', 'RestartRequired'
        Get-AibRule restart* -Kind Residue | Should -BeNullOrEmpty
    }

    It 'knows the rule of every finding' {
        $root = Join-Path -Path $TestDrive -ChildPath 'image'
        $etc = Join-Path -Path $root -ChildPath 'etc'
        New-Item -ItemType Directory -Path $etc | Out-Null
        Set-Content -Path (Join-Path -Path $etc -ChildPath 'passwd') -Value 'root:x:0:0:root:/root:/bin/sh'
        Set-Content -Path (Join-Path -Path $etc -ChildPath 'machine-id') -Value '0123456789abcdef0123456789abcdef'
        $rule = Test-AibGeneralization -Root $root | Get-AibRule
        $rule.Id | Should -Be 'MachineId'
        $rule.Severity | Should -Be 'Error'
        $rule.Certainty | Should -Be 'Certain'
    }

    It 'says which name is no rule''s' {
        { Get-AibRule NoSuchRule -ErrorAction Stop } | Should -Throw -ErrorId 'UnknownRule,AibDeprovision.Commands.GetAibRuleCommand'
    }
}
