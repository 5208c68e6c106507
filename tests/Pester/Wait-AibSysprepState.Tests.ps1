BeforeAll {
    Import-Module "$PSScriptRoot/../../out/AibDeprovision/AibDeprovision.psd1" -Force
}

Describe 'Wait-AibSysprepState' {
    It 'is one clear error that ends the script where there is no Windows' -Skip:($env:OS -eq 'Windows_NT') {
        $failure = { Wait-AibSysprepState -ErrorAction SilentlyContinue } | Should -Throw -PassThru -ErrorId 'PlatformNotSupported,AibDeprovision.Commands.WaitAibSysprepStateCommand'
        $failure.ErrorDetails.Message | Should -BeLike "* $([WildcardPattern]::Escape($failure.Exception.Advice))"
    }

    It 'does not wait for a state that this Windows has' -Skip:($env:OS -ne 'Windows_NT') {
        $outcome = Wait-AibSysprepState -ImageState (Get-AibSysprepState).ImageState -PassThru
        $outcome.Name | Should -Be 'ImageState'
        $outcome.IsReached | Should -BeTrue
    }

    It 'ends at its limit on Windows' -Skip:($env:OS -ne 'Windows_NT') {
        { Wait-AibSysprepState -ImageState 'IMAGE_STATE_SPECIALIZE_RESEAL_TO_AUDIT' -Timeout 2 -ErrorAction Stop } |
            Should -Throw -ErrorId 'ImageStateNotReached,AibDeprovision.Commands.WaitAibSysprepStateCommand'
    }

    It 'offers the image states' {
        $offers = (TabExpansion2 -inputScript 'Wait-AibSysprepState -ImageState IMAGE_STATE_U' -cursorColumn 46).CompletionMatches
        $offers.CompletionText | Should -Be 'IMAGE_STATE_UNDEPLOYABLE'
    }

    It 'has complete help' {
        $help = Get-Help -Name Wait-AibSysprepState -Full
        $help.Synopsis | Should -Not -Match 'Wait-AibSysprepState'
        @($help.examples.example).Count | Should -BeGreaterThan 2
    }
}
