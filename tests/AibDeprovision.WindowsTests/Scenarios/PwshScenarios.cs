using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using AibDeprovision.Machine;
using AibDeprovision.WindowsTests.Bed;

namespace AibDeprovision.WindowsTests.Scenarios;

/// <summary>What users do in pwsh itself, with the module where modules are installed.</summary>
internal static partial class PwshScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("PwshFindsTheModule", FindsTheModule),
        new("PwshRunsTheCustomizerOfTheReadme", RunsTheCustomizerOfTheReadme),
        new("PwshRunsTheStepOfATemplate", RunsTheStepOfATemplate),
        new("PwshHasTheTwoLinesSayWhyTheyFail", HasTheTwoLinesSayWhyTheyFail),
        new("PwshPassesThePesterTests", PassesThePesterTests, LimitSeconds: 480),
    ];

    private static void FindsTheModule(BedMachine bed)
    {
        var run = Pwsh.Run("-NoProfile -Command \"(Get-AibSysprepState).ImageState; (Get-Module AibDeprovision).ModuleBase; exit 7\"");
        Expect.Equal(7, run.ExitCode, "the exit code");
        Expect.Equal($@"{ImageStates.Complete}|C:\Program Files\PowerShell\Modules\AibDeprovision", string.Join('|', run.Lines), "the output");
    }

    private static void RunsTheCustomizerOfTheReadme(BedMachine bed)
    {
        RunCustomizer();
        var run = Pwsh.RunFile(BedFiles.DeprovisioningScript).Succeeded();
        Expect.Contains("] verdict: Sealed (exit code 0): the machine is generalized", run.Lines);
        Expect.Equal(ImageStates.GeneralizedToOobe, bed.ImageState, "the image state");
    }

    private static void RunsTheStepOfATemplate(BedMachine bed)
    {
        var step = Path.GetTempFileName();
        var made = Pwsh.Run($"-NoProfile -Command \"$script = New-AibDeprovisionScript Windows; Set-Content -LiteralPath '{step}' -Value (ConvertTo-AibCustomizer $script).inline; $script.Sha256\"").Succeeded();
        File.WriteAllText(BedFiles.DeprovisioningScript, "exit 1");
        File.SetAttributes(BedFiles.DeprovisioningScript, FileAttributes.ReadOnly);
        // Packer has one line feed behind each line.
        var run = ScriptRun.RunByPacker(File.ReadAllText(step).ReplaceLineEndings("\n")).Succeeded();
        Expect.Equal($@">>> AibDeprovision customizer: wrote {BedFiles.DeprovisioningScript} (SHA-256 {made.Lines[^1]})", run.Lines[^1], "the output");
        Expect.Equal(made.Lines[^1], Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(BedFiles.DeprovisioningScript))), "the hash of the file");
        ScriptRun.Run().ShouldEndWith(DeprovisionExitCode.Sealed, "the machine is generalized");
        Expect.Equal(ImageStates.GeneralizedToOobe, bed.ImageState, "the image state");
    }

    private static void HasTheTwoLinesSayWhyTheyFail(BedMachine bed)
    {
        SetupRegistry.AddMissingProvider();
        RunCustomizer();
        var run = Pwsh.RunFile(BedFiles.DeprovisioningScript);
        Expect.Equal((int)DeprovisionExitCode.NotReady, run.ExitCode, "the exit code");
        Expect.Contains("] verdict: NotReady (exit code 12): ", run.Lines);
        Expect.Equal(null, bed.SysprepArguments, "the arguments of Sysprep");
    }

    private static void PassesThePesterTests(BedMachine bed)
    {
        // A discovery that has failed has no failed tests, and none that have passed.
        var run = Pwsh.Run(@"-NoProfile -ExecutionPolicy Bypass -Command ""$run = Invoke-Pester C:\checkout\tests\Pester -PassThru; $run.Result; $run.PassedCount -gt 0""");
        Expect.Equal("Passed True", string.Join(' ', run.Succeeded().Lines.TakeLast(2)), "the result");
    }

    private static void RunCustomizer()
    {
        using var customizer = JsonDocument.Parse(JsonBlock().Match(File.ReadAllText(BedFiles.Readme)).Groups["json"].Value);
        var file = Path.ChangeExtension(Path.GetTempFileName(), ".ps1");
        File.WriteAllLines(file, customizer.RootElement.GetProperty("inline").EnumerateArray().Select(line => line.GetString()!));
        Pwsh.RunFile(file).Succeeded();
    }

    [GeneratedRegex("```json\r?\n(?<json>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex JsonBlock();
}
