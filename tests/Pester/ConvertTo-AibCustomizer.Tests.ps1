BeforeAll {
    Import-Module "$PSScriptRoot/../../out/AibDeprovision/AibDeprovision.psd1" -Force
}

Describe 'ConvertTo-AibCustomizer' {
    BeforeAll {
        $windows = New-AibDeprovisionScript -Platform Windows
        $linux = New-AibDeprovisionScript -Platform Linux
    }

    It 'makes a step of every script that comes' {
        $steps = $windows, $linux | ConvertTo-AibCustomizer
        $steps.type | Should -Be 'PowerShell', 'Shell'
        $steps[0].runElevated | Should -BeTrue
        $steps[0].runAsSystem | Should -BeFalse
    }

    It 'is the same through ConvertTo-Json as with -As Json' {
        $step = $windows | ConvertTo-AibCustomizer
        $json = $windows | ConvertTo-AibCustomizer -As Json
        $step | ConvertTo-Json -Compress | Should -BeExactly ($json | ConvertFrom-Json | ConvertTo-Json -Compress)
    }

    It 'carries the script byte for byte' {
        $step = $linux | ConvertTo-AibCustomizer
        $base64 = -join ($step.inline -match '^BASE64=\$BASE64' -replace "^BASE64=\`$BASE64'(.*)'$", '$1')
        [Text.Encoding]::ASCII.GetString([Convert]::FromBase64String($base64)) | Should -BeExactly $linux.Content
    }

    It 'copies an uploaded script with its checksum' {
        $step = $windows | ConvertTo-AibCustomizer -SourceUri https://example.com/a.ps1 -Name Last
        $step.type, $step.name, $step.destination, $step.sha256Checksum | Should -BeExactly 'File', 'Last', 'C:\DeprovisioningScript.ps1', $windows.Sha256
    }

    It 'writes the text that -ScriptUri leads to, with its checksum in the step' {
        $file = Join-Path -Path $TestDrive -ChildPath 'step.ps1'
        $step = $windows | ConvertTo-AibCustomizer -ScriptUri https://example.com/step.ps1 -Path $file
        $step.sha256Checksum | Should -BeExactly (Get-FileHash -Path $file).Hash.ToLowerInvariant()
        $step.sha256Checksum | Should -Not -Be $windows.Sha256
    }

    It 'changes nothing with -WhatIf, and gives the step' {
        $file = Join-Path -Path $TestDrive -ChildPath 'none.ps1'
        ($windows | ConvertTo-AibCustomizer -ScriptUri https://example.com/step.ps1 -Path $file -WhatIf).type | Should -Be 'PowerShell'
        $file | Should -Not -Exist
    }

    It 'writes a file for one script only' {
        $file = Join-Path -Path $TestDrive -ChildPath 'one.ps1'
        $steps = $windows, $linux | ConvertTo-AibCustomizer -ScriptUri https://example.com/s -Path $file -ErrorAction SilentlyContinue -ErrorVariable problem
        @($steps).Count | Should -Be 1
        $problem[0].FullyQualifiedErrorId | Should -Be 'FileExists,AibDeprovision.Commands.ConvertToAibCustomizerCommand'
    }

    It 'puts a restart before the step' {
        ($windows | ConvertTo-AibCustomizer -Restart).type | Should -Be 'WindowsRestart', 'PowerShell'
        { $linux | ConvertTo-AibCustomizer -Restart -ErrorAction Stop } | Should -Throw -ErrorId 'OptionNotForPlatform,AibDeprovision.Commands.ConvertToAibCustomizerCommand'
    }

    It 'has arguments for Az.ImageBuilder' {
        function New-Customizer ([string] $Name, [string[]] $Inline, [bool] $RunElevated, [bool] $RunAsSystem, [switch] $PowerShellCustomizer) {
            "$Name $($Inline.Count -gt 5) $RunElevated $RunAsSystem $PowerShellCustomizer"
        }
        $arguments = $windows | ConvertTo-AibCustomizer -As AzImageBuilder
        New-Customizer @arguments | Should -Be 'DeprovisioningScript True True False True'
    }

    It 'runs the script behind the step with Packer alone, which fetches nothing from an address' {
        $windows | ConvertTo-AibCustomizer -As PackerHcl | Should -Match 'exit \$LASTEXITCODE'
        { $windows | ConvertTo-AibCustomizer -As PackerHcl -SourceUri https://example.com/a -ErrorAction Stop } |
            Should -Throw -ErrorId 'InvalidOptionValue,AibDeprovision.Commands.ConvertToAibCustomizerCommand'
    }

    It 'refuses what is no address and a name that is an expression' {
        { $windows | ConvertTo-AibCustomizer -SourceUri a.ps1 -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidOptionValue,*'
        { $windows | ConvertTo-AibCustomizer -Name '[x]' -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidOptionValue,*'
    }

    It 'completes the form' {
        $line = 'ConvertTo-AibCustomizer -As '
        $found = (TabExpansion2 -inputScript $line -cursorColumn $line.Length).CompletionMatches.CompletionText
        $found | Should -Be 'AzImageBuilder', 'Bicep', 'Json', 'PackerHcl', 'Step', 'Terraform'
    }

    It 'is shown as a row' {
        ($windows | ConvertTo-AibCustomizer | Out-String) | Should -Match 'PowerShell\s+DeprovisioningScript\s+\d+ lines'
    }
}
