# The module as a customer's automation uses it: splatted, mocked, proxied, fed from a table.
BeforeAll {
    Import-Module "$PSScriptRoot/../../out/AibDeprovision/AibDeprovision.psd1" -Force
}

Describe 'A customer''s pipeline' {
    BeforeAll {
        function Write-ImageScript {
            param([string] $Platform, [string] $Timeout)
            New-AibDeprovisionScript -Platform $Platform -Deadline $Timeout -ServiceTimeout 5m
        }
    }

    It 'takes durations where the cmdlet is mocked' {
        Mock New-AibDeprovisionScript { $Deadline.ToString() }
        Write-ImageScript -Platform Windows -Timeout 50m | Should -Be '50m'
        Should -Invoke New-AibDeprovisionScript -ParameterFilter { [timespan]$Deadline -eq [timespan]'00:50:00' -and "$ServiceTimeout" -eq '5m' }
    }

    It 'takes durations where the cmdlet is proxied' {
        $metadata = [Management.Automation.CommandMetadata]::new((Get-Command New-AibDeprovisionScript))
        Set-Item -Path function:New-ProxiedScript -Value ([Management.Automation.ProxyCommand]::Create($metadata))
        (New-ProxiedScript -Platform Linux -Deadline 50m).Plan.Deadline | Should -Be '00:50:00'
    }

    It 'takes splatted options for <_>' -ForEach 'Windows', 'Linux' {
        $options = @{ Platform = $_; Deadline = '2h'; ServiceTimeout = 600; BeforeScript = 'echo before' }
        (New-AibDeprovisionScript @options).Content | Should -Match 'echo before'
    }

    It 'writes a script for each row of a CSV' {
        $table = Join-Path -Path $TestDrive -ChildPath 'images.csv'
        @"
Image,Platform,Deadline,SysprepTimeout,ModeVm,Path
web,Windows,1h30m,45m,True,$TestDrive/web.ps1
db,Windows,2h,1h,False,$TestDrive/db.ps1
"@ | Set-Content -Path $table
        $scripts = Import-Csv -Path $table | New-AibDeprovisionScript
        $scripts.Plan.ModeVm | Should -Be $true, $false
        $scripts.Plan.Deadline.TotalMinutes | Should -Be 90, 120
        "$TestDrive/web.ps1", "$TestDrive/db.ps1" | Should -Exist
    }

    It 'says what to do once' {
        $text = New-AibDeprovisionScript Windows -Deadline 99h -ErrorAction Continue 2>&1 | Out-String
        [regex]::Matches(($text -replace '\x1b\[[0-9;]*m' -replace '[\s|]'), 'Correctthevalueof-Deadline').Count | Should -Be 1
    }
}
