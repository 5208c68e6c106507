BeforeAll {
    Import-Module "$PSScriptRoot/../../out/AibDeprovision/AibDeprovision.psd1" -Force
}

Describe 'Invoke-AibDeprovision' {
    # Never without -WhatIf: it generalizes the machine it runs on.
    It 'changes nothing and writes nothing with -WhatIf' {
        Invoke-AibDeprovision -WhatIf | Should -BeNullOrEmpty
    }

    It 'refuses an option of the other system' {
        $option = if ($env:OS -eq 'Windows_NT') { @{ Keep = 'Logs' } } else { @{ ModeVm = $true } }
        { Invoke-AibDeprovision @option -WhatIf -ErrorAction Stop } |
            Should -Throw -ErrorId 'OptionNotForPlatform,AibDeprovision.Commands.InvokeAibDeprovisionCommand'
    }

    It 'refuses <Name> <Value>' -ForEach @(
        @{ Name = 'Deadline'; Value = '17h' }
        @{ Name = 'ServiceTimeout'; Value = 0 }
    ) {
        $option = @{ $Name = $Value }
        { Invoke-AibDeprovision @option -WhatIf -ErrorAction Stop } |
            Should -Throw -ErrorId 'InvalidOptionValue,AibDeprovision.Commands.InvokeAibDeprovisionCommand'
    }

    It 'offers the services of the agent' {
        $offers = (TabExpansion2 -inputScript 'Invoke-AibDeprovision -OptionalService WindowsAzureT' -cursorColumn 52).CompletionMatches
        $offers.CompletionText | Should -Be 'WindowsAzureTelemetryService'
    }

    It 'has complete help' {
        $help = Get-Help -Name Invoke-AibDeprovision -Full
        $help.Synopsis | Should -Not -Match 'Invoke-AibDeprovision'
        @($help.examples.example).Count | Should -BeGreaterThan 2
    }
}
