BeforeAll {
    Import-Module "$PSScriptRoot/../../out/AibDeprovision/AibDeprovision.psd1" -Force
}

Describe 'Invoke-AibSysprep' {
    It 'is one clear error that ends the script where there is no Windows' -Skip:($env:OS -eq 'Windows_NT') {
        $failure = { Invoke-AibSysprep -ErrorAction SilentlyContinue } | Should -Throw -PassThru -ErrorId 'PlatformNotSupported,AibDeprovision.Commands.InvokeAibSysprepCommand'
        $failure.ErrorDetails.Message | Should -BeLike "* $([WildcardPattern]::Escape($failure.Exception.Advice))"
    }

    It 'refuses <_>' -ForEach '/shutdown', '/reboot', '/audit', '/nonsense', 'quit' {
        { Invoke-AibSysprep -ArgumentList '/generalize', $_ -ErrorAction Stop } |
            Should -Throw -ErrorId 'SysprepArgumentRefused,AibDeprovision.Commands.InvokeAibSysprepCommand'
    }

    It 'can be asked what it would do' {
        (Get-Command -Name Invoke-AibSysprep).Parameters.Keys | Should -Contain 'WhatIf'
    }

    It 'gives findings that show their remedy in a list' {
        $finding = [AibDeprovision.Rules.Finding]@{ RuleId = 'SysprepError'; Message = 'The cause.'; Remedy = 'Remove it.'; File = 'C:\x\setuperr.log'; Line = 4 }
        $finding | Format-List | Out-String | Should -Match 'Remedy\s+: Remove it\.'
        $finding | Out-String | Should -Match 'The cause\.\s+\S*setuperr\.log:4'
    }

    It 'has complete help' {
        $help = Get-Help -Name Invoke-AibSysprep -Full
        $help.Synopsis | Should -Not -Match 'Invoke-AibSysprep'
        @($help.examples.example).Count | Should -BeGreaterThan 2
    }
}
