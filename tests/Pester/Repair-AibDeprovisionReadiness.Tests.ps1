BeforeDiscovery {
    $onWindows = $PSVersionTable.PSVersion.Major -lt 6 -or $IsWindows
}

BeforeAll {
    Import-Module "$PSScriptRoot/../../out/AibDeprovision/AibDeprovision.psd1" -Force
}

Describe 'Repair-AibDeprovisionReadiness' {
    It 'refuses the name of no rule' {
        { Repair-AibDeprovisionReadiness Nonsense -ErrorAction Stop } |
            Should -Throw -ErrorId 'UnknownRule,AibDeprovision.Commands.RepairAibDeprovisionReadinessCommand'
    }

    It 'says that nothing of a rule is found' {
        $rule = if ($PSVersionTable.PSVersion.Major -lt 6 -or $IsWindows) { 'RemovableStorageDenied' } else { 'UdfDisabled' }
        $result = Repair-AibDeprovisionReadiness $rule -WhatIf
        $result.RuleId | Should -Be $rule
        $result.Outcome | Should -Be 'NotNeeded'
    }

    It 'finds again, and changes, nothing of a finding that was made up' -Skip:$onWindows {
        $finding = [AibDeprovision.Rules.Finding]::new()
        $finding.GetType().GetProperty('RuleId').SetValue($finding, 'UdfDisabled')
        ($finding | Repair-AibDeprovisionReadiness).Outcome | Should -Be 'NotNeeded'
    }
}
