BeforeDiscovery {
    Import-Module "$PSScriptRoot/../../out/AibDeprovision/AibDeprovision.psd1" -Force
    $commands = (Get-Command -Module AibDeprovision).Name
}

Describe 'AibDeprovision' {
    It 'has tests of <_>' -ForEach $commands {
        "$PSScriptRoot/$_.Tests.ps1" | Should -Exist
    }

    It 'gives examples of <_> that name only commands and parameters of this PowerShell' -ForEach $commands {
        $page = Get-Content -Path "$PSScriptRoot/../../docs/en-US/$_.md" -Raw
        $examples = [regex]::Matches($page, '(?ms)^```powershell\r?\n(.*?)^```')
        $examples.Count | Should -BeGreaterThan 1
        foreach ($example in $examples) {
            $errors = $null
            $script = [Management.Automation.Language.Parser]::ParseInput($example.Groups[1].Value, [ref] $null, [ref] $errors)
            $errors | Should -BeNullOrEmpty
            foreach ($call in $script.FindAll({ $args[0] -is [Management.Automation.Language.CommandAst] }, $true)) {
                $command = Get-Command -Name $call.GetCommandName() -ErrorAction Stop
                foreach ($parameter in $call.CommandElements | Where-Object { $_ -is [Management.Automation.Language.CommandParameterAst] }) {
                    $command.Parameters.Keys | Should -Contain $parameter.ParameterName
                }
            }
        }
    }

    It 'has help about itself' {
        Get-Help -Name about_AibDeprovision | Out-String | Should -Match 'SysprepNotSealed'
    }

    It 'is quiet when it is imported and takes all with it when it is removed' {
        Remove-Module -Name AibDeprovision
        # By a pattern: a plain name brings back a module that is installed too.
        Get-Command -Name '*-AibDeprovisionScript' -ListImported | Should -BeNullOrEmpty
        Import-Module "$PSScriptRoot/../../out/AibDeprovision/AibDeprovision.psd1" *>&1 | Should -BeNullOrEmpty
        Get-Command -Name '*-AibDeprovisionScript' -ListImported | Should -HaveCount 4
    }
}
