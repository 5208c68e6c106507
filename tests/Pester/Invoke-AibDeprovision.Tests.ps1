BeforeAll {
    Import-Module "$PSScriptRoot/../../out/AibDeprovision/AibDeprovision.psd1" -Force
}

Describe 'Invoke-AibDeprovision' {
    It 'is one clear error where there is no Windows' -Skip:($env:OS -eq 'Windows_NT') {
        $output = Invoke-AibDeprovision -ErrorVariable failure -ErrorAction SilentlyContinue
        $output | Should -BeNullOrEmpty
        $failure | Should -HaveCount 1
        $failure[0].FullyQualifiedErrorId | Should -Be 'PlatformNotSupported,AibDeprovision.Commands.InvokeAibDeprovisionCommand'
        $failure[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'refuses <Name> <Value>' -ForEach @(
        @{ Name = 'Deadline'; Value = '17h' }
        @{ Name = 'ServiceTimeout'; Value = 0 }
        @{ Name = 'RequiredService'; Value = 'Rd*' }
        @{ Name = 'RemoveSysprepProvider'; Value = 'C:\x.dll' }
    ) {
        $option = @{ $Name = $Value }
        { Invoke-AibDeprovision @option -WhatIf -ErrorAction Stop } |
            Should -Throw -ErrorId 'InvalidOptionValue,AibDeprovision.Commands.InvokeAibDeprovisionCommand'
    }

    It 'changes nothing and writes nothing with -WhatIf' -Skip:($env:OS -ne 'Windows_NT') {
        Invoke-AibDeprovision -WhatIf | Should -BeNullOrEmpty
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
