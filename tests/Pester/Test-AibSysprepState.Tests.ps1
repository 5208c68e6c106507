BeforeAll {
    Import-Module "$PSScriptRoot/../../out/AibDeprovision/AibDeprovision.psd1" -Force
}

Describe 'Test-AibSysprepState' {
    It 'is one clear error that ends the script where there is no Windows' -Skip:($env:OS -eq 'Windows_NT') {
        $failure = { Test-AibSysprepState -ErrorAction SilentlyContinue } | Should -Throw -PassThru -ErrorId 'PlatformNotSupported,AibDeprovision.Commands.TestAibSysprepStateCommand'
        $failure.ErrorDetails.Message | Should -BeLike "* $([WildcardPattern]::Escape($failure.Exception.Advice))"
    }

    It 'says what is wrong with a root' {
        { Test-AibSysprepState -Root (Join-Path -Path $TestDrive -ChildPath 'none') -ErrorAction Stop } |
            Should -Throw -ErrorId 'FolderNotFound,AibDeprovision.Commands.TestAibSysprepStateCommand'
        { Test-AibSysprepState -Root $TestDrive -ErrorAction Stop } |
            Should -Throw -ErrorId 'NotAWindowsImage,AibDeprovision.Commands.TestAibSysprepStateCommand'
    }

    It 'says that a hive is damaged' {
        $config = New-Item -ItemType Directory -Path "$TestDrive/damaged/Windows/System32/config"
        'SOFTWARE', 'SYSTEM' | ForEach-Object { Set-Content -Path (Join-Path -Path $config.FullName -ChildPath $_) -Value 'no hive' }
        { Get-Item -Path "$TestDrive/damaged" | Test-AibSysprepState -ErrorAction Stop } |
            Should -Throw -ErrorId 'CorruptHive,AibDeprovision.Commands.TestAibSysprepStateCommand'
    }

    It 'gives a bool for this machine where it is Windows' -Skip:($env:OS -ne 'Windows_NT') {
        Test-AibSysprepState -ImageState (Get-AibSysprepState).ImageState | Should -BeTrue
        Test-AibSysprepState -ImageState 'IMAGE_STATE_SPECIALIZE_RESEAL_TO_AUDIT' | Should -BeFalse
    }

    It 'offers the image states' {
        $offers = (TabExpansion2 -inputScript 'Test-AibSysprepState IMAGE_STATE_C' -cursorColumn 34).CompletionMatches
        $offers.CompletionText | Should -Be 'IMAGE_STATE_COMPLETE'
    }

    It 'has complete help' {
        $help = Get-Help -Name Test-AibSysprepState -Full
        $help.Synopsis | Should -Not -Match 'Test-AibSysprepState'
        @($help.examples.example).Count | Should -BeGreaterThan 2
    }
}
