using AibDeprovision.WindowsTests.Bed;
using Microsoft.Win32;

namespace AibDeprovision.WindowsTests.Scenarios;

/// <summary>Readiness in the real registry, with real services and files.</summary>
internal static class ReadinessScenarios
{
    private const string Quick = "-Exclude AppxNotProvisioned, BitLockerOn, RearmsUsedUp, Administrator*";
    private const string Machine = @"HKEY_LOCAL_MACHINE\";
    private const string Cdrom = @"SYSTEM\CurrentControlSet\Services\cdrom";
    private const string Listener = @"SOFTWARE\Microsoft\Windows\CurrentVersion\WSMAN\Listener\*+HTTPS";
    private const string Defender = @"SOFTWARE\Microsoft\Windows Advanced Threat Protection\Status";
    private const string Module = @"C:\Program Files\PowerShell\Modules\AibBedAppx";

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("ReadinessFindsNothingOnAHealthyMachine", FindsNothing),
        new("ReadinessFindsAndMendsWhatIsInTheWay", FindsAndMends),
        new("ReadinessAsksWindowsPowerShell", AsksWindowsPowerShell),
        new("ReadinessScriptSaysWhatTheCmdletSays", ScriptSaysTheSame),
        new("ReadinessScriptPassesAHealthyMachine", ScriptPasses),
    ];

    private static void FindsNothing(BedMachine bed) => Playing(() => Expect.Equal("", Found(bed), "the findings"));

    private static void FindsAndMends(BedMachine bed) => Playing(() =>
    {
        Break(bed);
        Expect.Equal("RestartPending DefenderOnboarded CdromDisabled AnswerFile AgentServiceDisabled ProviderMissing", Found(bed), "the findings");

        bed.Engine.Run("Repair-AibDeprovisionReadiness * -WhatIf -Timeout 1s").WithoutErrors();
        Expect.Equal("RestartPending DefenderOnboarded CdromDisabled AnswerFile AgentServiceDisabled ProviderMissing", Found(bed), "the findings after -WhatIf");

        var repair = bed.Engine.Run($"Test-AibDeprovisionReadiness {Quick} | Repair-AibDeprovisionReadiness -Confirm:$false | ForEach-Object {{ \"$($_.RuleId)=$($_.Outcome)\" }}").WithoutErrors();
        Expect.Equal("RestartPending=Left DefenderOnboarded=Left CdromDisabled=Mended AnswerFile=Mended AgentServiceDisabled=Mended ProviderMissing=Mended", string.Join(' ', repair.Lines), "the repair");
        Expect.Equal("RestartPending DefenderOnboarded", Found(bed), "the findings afterwards");
        Expect.Equal(1, Registry.GetValue(Machine + Cdrom, "Start", 0) as int? ?? 0, "Start of cdrom");

        var again = bed.Engine.Run("Repair-AibDeprovisionReadiness CdromDisabled, AnswerFile, AgentServiceDisabled, ProviderMissing -Confirm:$false").WithoutErrors();
        Expect.Equal(4, again.Lines.Count(line => line.StartsWith("NotNeeded", StringComparison.Ordinal)), "the repairs that were not needed");
    });

    private static void AsksWindowsPowerShell(BedMachine bed) => Playing(() =>
    {
        const string Asked = "Test-AibDeprovisionReadiness -Include AppxNotProvisioned -Timeout {0} | ForEach-Object {{ \"$($_.RuleId)|$($_.Message)\" }}";
        WriteModule("""
            function Get-AppxProvisionedPackage { param([switch]$Online) [pscustomobject]@{ DisplayName = 'Contoso.Kept' } }
            function Get-AppxPackage {
                param([switch]$AllUsers)
                foreach ($name in 'Contoso.Kept', 'Contoso.App', 'Contoso.Part') {
                    [pscustomobject]@{ Name = $name; PackageFullName = "${name}_1.0_x64__abc"; IsFramework = $name -eq 'Contoso.Part'; IsResourcePackage = $false; SignatureKind = 'Store'; PackageUserInformation = 'S-1-5-21 [packer]: Installed' }
                }
            }
            """);
        var found = bed.Engine.Run(string.Format(System.Globalization.CultureInfo.InvariantCulture, Asked, "60s")).WithoutErrors().Lines;
        Expect.Equal(1, found.Count, "the number of findings");
        Expect.Contains("AppxNotProvisioned|The app Contoso.App_1.0_x64__abc is installed for a user, but not provisioned", found);

        WriteModule("function Get-AppxProvisionedPackage { param([switch]$Online) throw 'Class not registered' }\nfunction Get-AppxPackage { }");
        Expect.Contains("WindowsCheckFailed|Apps that are installed for a user could not be checked: Class not registered.", bed.Engine.Run(string.Format(System.Globalization.CultureInfo.InvariantCulture, Asked, "60s")).WithoutErrors().Lines);

        WriteModule("function Get-AppxProvisionedPackage { param([switch]$Online) Start-Sleep -Seconds 600 }\nfunction Get-AppxPackage { }");
        var slow = bed.Engine.Run(string.Format(System.Globalization.CultureInfo.InvariantCulture, Asked, "6s")).WithoutErrors();
        Expect.Contains("WindowsCheckFailed|Apps that are installed for a user could not be checked: Windows PowerShell had not answered within 6 s and was ended.", slow.Lines);
        Expect.That(slow.Duration < TimeSpan.FromSeconds(30), $"the question that hangs took {slow.Duration}");
    });

    private static void ScriptSaysTheSame(BedMachine bed) => Playing(() =>
    {
        WriteModule("function Get-AppxProvisionedPackage { param([switch]$Online) }\nfunction Get-AppxPackage { param([switch]$AllUsers) [pscustomobject]@{ Name = 'Contoso.App'; PackageFullName = 'Contoso.App_1.0_x64__abc'; IsFramework = $false; IsResourcePackage = $false; SignatureKind = 'Store'; PackageUserInformation = 'Installed' } }");
        Break(bed);
        var expected = Lines(bed.Engine.Run($"Test-AibDeprovisionReadiness {Quick} | ForEach-Object {{ \"$($_.Severity) $($_.RuleId): $($_.Message) $($_.Remedy)\" }}").WithoutErrors().Lines);
        var run = RunScript(bed, "");
        Expect.Equal(12, run.ExitCode, "the exit code");
        Expect.Contains("] verdict: NotReady (exit code 12): 3 errors, ", run.Lines.TakeLast(1));
        Expect.Equal(string.Join('\n', expected), string.Join('\n', Lines(run.Lines).Take(expected.Count)), "the findings of the script");
        Expect.Contains("readiness: Warning AppxNotProvisioned: The app Contoso.App_1.0_x64__abc is installed for a user", run.Lines);
    });

    private static void ScriptPasses(BedMachine bed) => Playing(() =>
    {
        var run = RunScript(bed, "");
        Expect.Equal(0, run.ExitCode, "the exit code");
        Expect.Contains("] verdict: Ready (exit code 0): 0 errors, ", run.Lines.TakeLast(1));
        Expect.That(!run.Lines.Any(line => line.Contains("readiness: Error", StringComparison.Ordinal)), "there is an error");
        // Under Wine Windows PowerShell's own commands are not there, and that is only a warning.
        Expect.Contains("readiness: Warning WindowsCheckFailed: Apps that are installed for a user could not be checked: ", run.Lines);
        Expect.Equal(12, RunScript(bed, "-Strict").ExitCode, "the exit code with -Strict");
    });

    private static void Break(BedMachine bed)
    {
        SetupRegistry.SetRebootPending();
        SetupRegistry.AddMissingProvider();
        Registry.SetValue(Machine + Cdrom, "Start", 4);
        Registry.SetValue(Machine + Defender, "OnboardingState", 1);
        File.WriteAllText(BedFiles.AnswerFiles[1], "<unattend/>");
        bed.DisableService("RdAgent");
    }

    // What a healthy machine has besides, and what a scenario here leaves.
    private static void Playing(Action play)
    {
        Registry.SetValue(Machine + Listener, "Port", 5986);
        Registry.SetValue(Machine + Cdrom, "Start", 1);
        try
        {
            play();
        }
        finally
        {
            Registry.LocalMachine.DeleteSubKeyTree(Defender, throwOnMissingSubKey: false);
            Registry.SetValue(Machine + Cdrom, "Start", 1);
            if (Directory.Exists(Module))
            {
                Directory.Delete(Module, recursive: true);
            }
        }
    }

    private static string Found(BedMachine bed) =>
        string.Join(' ', bed.Engine.Run($"Test-AibDeprovisionReadiness {Quick} | ForEach-Object RuleId").WithoutErrors().Lines);

    private static List<string> Lines(IEnumerable<string> lines) =>
        [.. lines.Select(line => line[(line.IndexOf("readiness: ", StringComparison.Ordinal) is >= 0 and var at ? at + "readiness: ".Length : 0)..]).Where(line => line.StartsWith("Error ", StringComparison.Ordinal) || line.StartsWith("Warning ", StringComparison.Ordinal) || line.StartsWith("Information ", StringComparison.Ordinal))];

    private static PwshResult RunScript(BedMachine bed, string options)
    {
        const string file = @"C:\windows\Temp\readiness.ps1";
        bed.Engine.Run($"New-AibDeprovisionScript Windows -ReadinessOnly {options} -Path {file}").WithoutErrors();
        return Pwsh.RunFile(file);
    }

    // Found by its commands, as Windows' own modules are.
    private static void WriteModule(string text)
    {
        Directory.CreateDirectory(Module);
        File.WriteAllText(Module + @"\AibBedAppx.psm1", text);
        File.WriteAllText(Module + @"\AibBedAppx.psd1", "@{ RootModule = 'AibBedAppx.psm1'; ModuleVersion = '1.0'; FunctionsToExport = @('Get-AppxPackage', 'Get-AppxProvisionedPackage'); CmdletsToExport = @(); AliasesToExport = @() }");
    }
}
