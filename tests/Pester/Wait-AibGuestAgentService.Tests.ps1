BeforeAll {
    Import-Module "$PSScriptRoot/../../out/AibDeprovision/AibDeprovision.psd1" -Force
}

Describe 'Wait-AibGuestAgentService' {
    It 'waits for services of Windows that run without taking time' -Skip:($env:OS -ne 'Windows_NT') {
        $outcomes = 'RpcSs', 'EventLog' | Wait-AibGuestAgentService -Optional 'NoSuchService' -Timeout 30 -PassThru
        $outcomes.Name | Should -Be 'RpcSs', 'EventLog', 'NoSuchService'
        $outcomes.IsReached | Should -Be $true, $true, $false
        $outcomes[2].State | Should -Be 'missing'
    }

    It 'does not wait for a service that Windows does not have' -Skip:($env:OS -ne 'Windows_NT') {
        { Wait-AibGuestAgentService -Name 'NoSuchService' -Timeout 1h -ErrorAction Stop } |
            Should -Throw -ErrorId 'ServiceNotInstalled,AibDeprovision.Commands.WaitAibGuestAgentServiceCommand'
    }

    It 'refuses what is no time' {
        { Wait-AibGuestAgentService -Timeout soon } | Should -Throw -ErrorId 'CannotConvertArgumentNoMessage,*'
    }

    It 'offers the services of the agent' {
        $offers = (TabExpansion2 -inputScript 'Wait-AibGuestAgentService -Name Rd' -cursorColumn 34).CompletionMatches
        $offers.CompletionText | Should -Be 'RdAgent'
    }

    It 'has complete help' {
        $help = Get-Help -Name Wait-AibGuestAgentService -Full
        $help.Synopsis | Should -Not -Match 'Wait-AibGuestAgentService'
        @($help.examples.example).Count | Should -BeGreaterThan 2
    }
}
