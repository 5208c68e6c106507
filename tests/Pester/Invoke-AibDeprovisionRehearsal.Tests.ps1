BeforeAll {
    Import-Module "$PSScriptRoot/../../out/AibDeprovision/AibDeprovision.psd1" -Force
}

Describe 'Invoke-AibDeprovisionRehearsal' {
    It 'rehearses a script from the pipeline' {
        $results = New-AibDeprovisionScript -Platform Windows | Invoke-AibDeprovisionRehearsal -Scenario 'agent-present', 'agent-missing'
        $results.Scenario | Should -Be 'agent-present', 'agent-missing'
        $results.Outcome | Should -Be 'Sealed', 'Failed'
        $results[1].ExitCode | Should -Be 10
    }

    It 'shows that the documented default hangs' {
        $result = New-AibDeprovisionScript -Platform Windows -Profile Generic | Invoke-AibDeprovisionRehearsal -Scenario 'agent-missing'
        $result.Outcome | Should -Be 'Hung'
        $result.VirtualTime | Should -Be ([timespan]::FromMinutes(240))
    }

    It 'rehearses a file' {
        $file = Join-Path -Path $TestDrive -ChildPath 'mine.ps1'
        Set-Content -Path $file -Value 'exit 4'
        (Get-Item -Path $file | Invoke-AibDeprovisionRehearsal -Scenario 'agent-present').ExitCode | Should -Be 4
        (Invoke-AibDeprovisionRehearsal -Path $file -Scenario 'agent-present').Script | Should -Be $file
    }

    It 'does nothing to this machine' {
        $canary = Join-Path -Path $TestDrive -ChildPath 'canary.txt'
        Set-Content -Path $canary -Value 'alive'
        $results = "Remove-Item '$canary'`n", "[IO.File]::Delete('$canary')`n", "& '$canary'`n" | Invoke-AibDeprovisionRehearsal -Scenario 'agent-present'
        $results | Should -HaveCount 3
        Get-Content -Path $canary | Should -Be 'alive'
    }

    It 'gives a bool with -Quiet' {
        New-AibDeprovisionScript -Platform Windows | Invoke-AibDeprovisionRehearsal -Scenario 'sysprep-hangs' -Quiet | Should -BeTrue
        New-AibDeprovisionScript -Platform Windows -Profile Generic | Invoke-AibDeprovisionRehearsal -Scenario 'sysprep-hangs' -Quiet | Should -BeFalse
    }

    It 'refuses a scenario that there is not' {
        { Invoke-AibDeprovisionRehearsal -ScriptText 'exit 0' -Scenario 'nonsense' -ErrorAction Stop } |
            Should -Throw -ErrorId 'UnknownScenario,AibDeprovision.Commands.InvokeAibDeprovisionRehearsalCommand'
    }
}
