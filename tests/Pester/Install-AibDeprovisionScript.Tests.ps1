BeforeAll {
    Import-Module "$PSScriptRoot/../../out/AibDeprovision/AibDeprovision.psd1" -Force
}

Describe 'Install-AibDeprovisionScript' {
    BeforeEach {
        $root = Join-Path -Path $TestDrive -ChildPath ([guid]::NewGuid())
        New-Item -ItemType Directory -Path (Join-Path -Path $root -ChildPath 'tmp') | Out-Null
    }

    It 'puts both scripts where they are read' {
        $scripts = 'Windows', 'Linux' | New-AibDeprovisionScript
        $files = $scripts | Install-AibDeprovisionScript -Root $root -PassThru
        $files.Name | Should -Be 'DeprovisioningScript.ps1', 'DeprovisioningScript.sh'
        (Get-FileHash -Path $files.FullName).Hash | Should -Be $scripts.Sha256
    }

    It 'changes nothing with -WhatIf' {
        New-AibDeprovisionScript -Platform Windows | Install-AibDeprovisionScript -Root $root -WhatIf
        Get-ChildItem -Path $root -File -Recurse | Should -BeNullOrEmpty
    }

    It 'keeps what stood there with -Backup' {
        $target = Join-Path -Path $root -ChildPath 'DeprovisioningScript.ps1'
        Set-Content -Path $target -Value 'mine'
        New-AibDeprovisionScript -Platform Windows | Install-AibDeprovisionScript -Root $root -Backup
        Get-Content -Path "$target.bak" | Should -Be 'mine'
        Get-Content -Path $target -Raw | Should -Match 'AibDeprovision'
    }

    It 'refuses the script of another system without a root' {
        $other = if ($PSVersionTable.PSVersion.Major -gt 5 -and -not $IsWindows) { 'Windows' } else { 'Linux' }
        { New-AibDeprovisionScript -Platform $other | Install-AibDeprovisionScript -ErrorAction Stop } |
            Should -Throw -ErrorId 'WrongPlatform,AibDeprovision.Commands.InstallAibDeprovisionScriptCommand'
    }
}
