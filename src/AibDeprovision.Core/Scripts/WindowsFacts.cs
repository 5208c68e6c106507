using System.Globalization;
using AibDeprovision.Generalizing;
using AibDeprovision.Generalizing.Windows;
using AibDeprovision.Machine;
using AibDeprovision.Machine.Windows;
using AibDeprovision.Plans;
using AibDeprovision.Rules;
using AibDeprovision.Rules.Windows;
using AibDeprovision.Scripts.Quoting;

namespace AibDeprovision.Scripts;

/// <summary>What the hardened Windows script has to know, from the places where this assembly has it: the lines of its block of facts.</summary>
internal static class WindowsFacts
{
    private const string WindowsFolder = "$env:SystemRoot";
    private const string StateKeyVariable = "$StateKey";

    private static readonly IReadOnlyList<ReadinessCheck> OfDeprovision = [.. WindowsChecks.All.Where(check => !check.OnlyForReadiness)];

    // Those that every deprovision refuses or warns by, in code of its own.
    private static readonly Rule[] Coded = [WindowsRules.NotElevated, WindowsRules.Redirected, WindowsRules.ProviderMissing, WindowsRules.RunningAsSystem];

    /// <summary>The lines of the script that deprovisions, each with its LF.</summary>
    public static string Lines => string.Concat(ExitCodeLines().Concat(PlaceLines()).Concat(LimitLines()).Concat(TextLines(OfDeprovision.Select(check => check.Rule).Concat(Coded))).Concat(CheckLines(OfDeprovision)).Select(line => line + "\n"));

    /// <summary>The lines of the script that only checks, each with its LF.</summary>
    public static string ReadinessLines => string.Concat(ReadinessCodeLines().Concat(LookLines()).Concat(TextLines(ReadinessRules)).Concat(SeverityLines())
        .Concat(CheckLines(WindowsChecks.All)).Concat(QuestionLines()).Select(line => line + "\n"));

    private static IEnumerable<Rule> ReadinessRules => WindowsReadinessChecks.Rules.Append(WindowsRules.Redirected);

    private static IEnumerable<string> ExitCodeLines() =>
    [
        "$ExitCodes = @{",
        .. ExitCodes.Of(DeprovisionPlatform.Windows).Select(code => FormattableString.Invariant($"    {code,-22} = {(int)code}")),
        "}",
    ];

    private static IEnumerable<string> ReadinessCodeLines() =>
    [
        "$ExitCodes = @{",
        "    Ready      = 0",
        FormattableString.Invariant($"    Unexpected = {(int)DeprovisionExitCode.Unexpected}"),
        FormattableString.Invariant($"    NotReady   = {(int)DeprovisionExitCode.NotReady}"),
        "}",
    ];

    // What looking at the machine takes.
    private static IEnumerable<string> LookLines() =>
    [
        $"{StateKeyVariable} = {QuotedKey(SysprepFiles.StateKey)}",
        $"$ProvidersKey = {Key(SysprepFiles.ProvidersKey)}",
        $"$ProviderParts = {PowerShellText.Quote(SysprepProviders.Parts)}",
        $"$VersionKey = {QuotedKey(WindowsReadiness.VersionKey)}",
        $"$SysprepPrograms = {PowerShellText.Quote(SysprepFiles.Programs)}",
        $"$UpdateFolder = {PowerShellText.Quote(SysprepFiles.UpdateFolder)}",
        FormattableString.Invariant($"$FirstBuildWithoutSystem = {WindowsChecks.FirstBuildWithoutSystem}"),
    ];

    private static IEnumerable<string> PlaceLines()
    {
        var files = new SysprepFiles(WindowsFolder);
        return
        [
            $"$Sysprep = {Path(files.Program)}",
            $"$SuccessTag = {Path(files.SuccessTag)}",
            $"$AnswerFiles = {string.Join(", ", files.AnswerFiles.Select(Path))}",
            $"$Panther = {Path(files.PantherFolder)}",
            $"{StateKeyVariable} = {QuotedKey(SysprepFiles.StateKey)}",
            $"$ProvidersKey = {Key(SysprepFiles.ProvidersKey)}",
            $"$ProviderParts = {PowerShellText.Quote(SysprepProviders.Parts)}",
            $"$VersionKey = {QuotedKey(WindowsReadiness.VersionKey)}",
            $"$Switches = {PowerShellText.Quote(SysprepArguments.Default)}",
            $"$ModeVmSwitch = {PowerShellText.Quote(SysprepArguments.ModeVmSwitch)}",
            $"$SealedState = {PowerShellText.Quote(ImageStates.GeneralizedToOobe)}",
            $"$UnfinishedState = {PowerShellText.Quote(ImageStates.Undeployable)}",
            $"$SysprepPrograms = {PowerShellText.Quote(SysprepFiles.Programs)}",
            $"$UpdateFolder = {PowerShellText.Quote(SysprepFiles.UpdateFolder)}",
            $"$RunMarker = {PowerShellText.Quote(PantherRun.Begin)}",
            $"$Noise = {PowerShellText.Quote(PantherLine.NoisePattern)}",
        ];
    }

    private static IEnumerable<string> LimitLines() =>
    [
        $"$TraceFolder = {Path("$env:ProgramData\\" + SealTrace.WindowsFolder)}",
        $"$TraceName = {PowerShellText.Quote(SealTrace.WindowsName)}",
        FormattableString.Invariant($"$TraceFormat = {SealTrace.Format}"),
        $"$Version = {PowerShellText.Quote(SealTrace.Version)}",
        $"$StartAfter = {PowerShellText.Quote(WindowsDeprovision.StartAfter)}",
        $"$Patience = {PowerShellText.Quote(SysprepWatch.Patience)}",
        FormattableString.Invariant($"$LinesShown = @{{ 'setuperr.log' = {SysprepStep.ErrorLinesShown}; 'setupact.log' = {SysprepStep.ActionLinesShown} }}"),
        FormattableString.Invariant($"$FirstBuildWithoutSystem = {WindowsChecks.FirstBuildWithoutSystem}"),
    ];

    private static IEnumerable<string> TextLines(IEnumerable<Rule> rules) =>
    [
        "$Texts = @{",
        .. rules.Distinct().Select(rule => $"    {rule.Id,-22} = {PowerShellText.Quote(TextOf(rule))}"),
        "}",
    ];

    private static IEnumerable<string> SeverityLines() =>
    [
        "$Severities = @{",
        .. ReadinessRules.Distinct().Select(rule => $"    {rule.Id,-22} = '{rule.Severity}'"),
        "}",
    ];

    private static IEnumerable<string> QuestionLines() =>
    [
        "$Questions = @(",
        .. SlowAnswers.Questions.Select(question => $"    @{{ Name = '{question.Name}'; What = {PowerShellText.Quote(question.What)}; Zero = '{question.Zero}'; Rules = @({string.Join(", ", question.Rules.Select(rule => $"@{{ Id = '{rule.Rule.Id}'; Word = '{rule.Word}' }}"))}) }}"),
        ")",
        "$Asking = {",
        .. SlowAnswers.TextFor(SlowAnswers.Questions.Select(question => question.Name)).TrimEnd('\n').Split('\n'),
        "}",
    ];

    // A line or two a check, and what says nothing is left out: the script is read in build logs.
    private static IEnumerable<string> CheckLines(IEnumerable<ReadinessCheck> checks)
    {
        yield return "$Checks = @(";
        foreach (var check in checks)
        {
            var refuses = check.Refuses(strict: false) ? "Always" : check.Refuses(strict: true) ? "Strict" : "Never";
            var unless = check.Unless.Count > 0 ? $"; Unless = {PowerShellText.Quote(check.Unless.Select(rule => rule.Id))}" : "";
            yield return $"    @{{ Id = '{check.Rule.Id}'; Refuses = '{refuses}'{unless}{(check.ForFirstStart ? "; ForFirstStart = $true" : "")}; Probes = @(";
            foreach (var probe in check.Probes)
            {
                yield return $"        @{{ Kind = '{probe.Kind}'{Entry("Key", Key(probe.Key))}{Entry("Name", PowerShellText.Quote(probe.Name))}{(probe.Kind == ProbeKind.ValueIsNot ? $"; Text = {PowerShellText.Quote(probe.Text)}" : Entry("Text", PowerShellText.Quote(probe.Text)))} }}";
            }
            yield return "    ) }";
        }
        yield return ")";
    }

    private static string Entry(string name, string value) => value == "''" ? "" : $"; {name} = {value}";

    /// <summary>The sentences of a rule as a format string of PowerShell's: {0} and so on for the names in braces, in the order of their first appearance.</summary>
    private static string TextOf(Rule rule)
    {
        var text = $"{rule.Message} {rule.Remedy}";
        var names = new List<string>();
        for (var at = text.IndexOf('{'); at >= 0; at = text.IndexOf('{', at + 1))
        {
            names.Add(text.Substring(at, text.IndexOf('}', at) - at + 1));
        }
        return names.Distinct(StringComparer.Ordinal).Select((name, number) => (name, number)).ToList()
            .Aggregate(text, (filled, name) => filled.Replace(name.name, $"{{{name.number.ToString(CultureInfo.InvariantCulture)}}}"));
    }

    private static string Path(string path) => $"\"{path}\"";

    private static string Key(string key) => key == SysprepFiles.StateKey ? StateKeyVariable : QuotedKey(key);

    private static string QuotedKey(string key) => PowerShellText.Quote(key.Length == 0 ? "" : key.Insert(key.IndexOf('\\'), ":"));
}
