BeforeAll {
    Import-Module "$PSScriptRoot/../../out/AibDeprovision/AibDeprovision.psd1" -Force
}

Describe 'Test-AibDeprovisionReadiness' {
    BeforeEach {
        $root = Join-Path -Path $TestDrive -ChildPath ([guid]::NewGuid())
        foreach ($folder in 'etc/modprobe.d', 'usr/sbin', 'usr/bin') {
            New-Item -ItemType Directory -Path (Join-Path -Path $root -ChildPath $folder) -Force | Out-Null
        }
        Set-Content -Path (Join-Path -Path $root -ChildPath 'etc/passwd') -Value 'root:x:0:0:root:/root:/bin/sh'
        Set-Content -Path (Join-Path -Path $root -ChildPath 'usr/sbin/waagent') -Value '#!/usr/bin/python3'
        Set-Content -Path (Join-Path -Path $root -ChildPath 'usr/bin/python3') -Value ''
        $udf = Join-Path -Path $root -ChildPath 'etc/modprobe.d/cis.conf'
    }

    It 'writes nothing for an image that is ready' {
        Test-AibDeprovisionReadiness -Root $root | Should -BeNullOrEmpty
        Test-AibDeprovisionReadiness -Root $root -Quiet | Should -BeTrue
    }

    It 'names what is in the way, with its place' {
        Set-Content -Path $udf -Value 'install udf /bin/true'
        $finding = Test-AibDeprovisionReadiness -Root $root
        $finding.RuleId | Should -Be 'UdfDisabled'
        $finding.Severity | Should -Be 'Error'
        $finding.File | Should -Be '/etc/modprobe.d/cis.conf'
        $finding.Line | Should -Be 1
        Test-AibDeprovisionReadiness -Root $root -Quiet | Should -BeFalse
        Test-AibDeprovisionReadiness -Root $root -Exclude Udf* | Should -BeNullOrEmpty
    }

    It 'stops a customizer with -FailOn after all findings, and shows each on a line' {
        Set-Content -Path $udf -Value 'install udf /bin/true'
        { Test-AibDeprovisionReadiness -Root $root -FailOn Error 6>$null } |
            Should -Throw -ErrorId 'NotReady,AibDeprovision.Commands.TestAibDeprovisionReadinessCommand'
        try { Get-Item -Path $root | Test-AibDeprovisionReadiness -FailOn Error -OutVariable found -InformationVariable lines 6>$null | Out-Null } catch { $failure = $_ }
        $failure | Should -Not -BeNullOrEmpty
        $found.RuleId | Should -Be 'UdfDisabled'
        "$lines" | Should -Match '^>>> AibDeprovision \[ +\d+\.\ds\] readiness: Error UdfDisabled: '
        $global:LASTEXITCODE | Should -Be 12
    }

    It 'refuses a folder without a system' {
        { Test-AibDeprovisionReadiness -Root $TestDrive -ErrorAction Stop } |
            Should -Throw -ErrorId 'NotASystemImage,AibDeprovision.Commands.TestAibDeprovisionReadinessCommand'
    }

    It 'refuses the name of no rule' {
        { Test-AibDeprovisionReadiness -Root $root -Include Nonsense } |
            Should -Throw -ErrorId 'UnknownRule,AibDeprovision.Commands.TestAibDeprovisionReadinessCommand'
    }
}
