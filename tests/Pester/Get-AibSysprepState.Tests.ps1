BeforeAll {
    Import-Module "$PSScriptRoot/../../out/AibDeprovision/AibDeprovision.psd1" -Force
}

Describe 'Get-AibSysprepState' {
    It 'is one clear error that ends the script where there is no Windows' -Skip:($env:OS -eq 'Windows_NT') {
        $failure = { Get-AibSysprepState -ErrorAction SilentlyContinue } | Should -Throw -PassThru -ErrorId 'PlatformNotSupported,AibDeprovision.Commands.GetAibSysprepStateCommand'
        $failure.ErrorDetails.Message | Should -BeLike "* $([WildcardPattern]::Escape($failure.Exception.Advice))"
    }

    It 'says what is wrong with a root' {
        { Get-AibSysprepState -Root (Join-Path -Path $TestDrive -ChildPath 'none') -ErrorAction Stop } |
            Should -Throw -ErrorId 'FolderNotFound,AibDeprovision.Commands.GetAibSysprepStateCommand'
        { Get-AibSysprepState -Root $TestDrive -ErrorAction Stop } |
            Should -Throw -ErrorId 'NotAWindowsImage,AibDeprovision.Commands.GetAibSysprepStateCommand'
    }

    It 'says that a hive is damaged' {
        $config = New-Item -ItemType Directory -Path "$TestDrive/damaged/Windows/System32/config"
        'SOFTWARE', 'SYSTEM' | ForEach-Object { Set-Content -Path (Join-Path -Path $config.FullName -ChildPath $_) -Value 'no hive' }
        { Get-Item -Path "$TestDrive/damaged" | Get-AibSysprepState -ErrorAction Stop } |
            Should -Throw -ErrorId 'CorruptHive,AibDeprovision.Commands.GetAibSysprepStateCommand'
    }

    It 'reads this machine where it is Windows' -Skip:($env:OS -ne 'Windows_NT') {
        $state = Get-AibSysprepState
        $state.ImageState | Should -Match '^IMAGE_STATE_'
        $state.Root | Should -BeNullOrEmpty
    }

    It 'has complete help' {
        $help = Get-Help -Name Get-AibSysprepState -Full
        $help.Synopsis | Should -Not -Match 'Get-AibSysprepState'
        @($help.examples.example).Count | Should -BeGreaterThan 2
    }
}
