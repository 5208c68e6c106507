using AibDeprovision.Errors;
using AibDeprovision.Machine.Windows;
using AibDeprovision.Scripts;
using AibDeprovision.Scripts.Quoting;

namespace AibDeprovision.Rules.Windows;

/// <summary>
/// What only commands of PowerShell can tell of a Windows machine. All of it is asked by one process of Windows PowerShell with one
/// time limit, by the text that the script which only checks has too: questions.windows.ps1. Each line of its answer is
/// a question's name, a bar, and what it has found; its last is 'done', or 'failed' with the reason.
/// </summary>
internal sealed class SlowAnswers
{
    /// <summary>How long all of it may take where nobody says otherwise.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private const string Done = "done";
    private const string Failed = "failed|";

    private readonly Dictionary<string, List<string>> _lines = new(StringComparer.OrdinalIgnoreCase);
    private readonly TimeSpan _limit;
    private readonly bool _timedOut;

    private SlowAnswers(IEnumerable<string> lines, TimeSpan limit, bool timedOut)
    {
        (_limit, _timedOut) = (limit, timedOut);
        foreach (var parts in lines.Select(line => line.Trim().Split(['|'], 2)).Where(parts => parts.Length == 2))
        {
            if (!_lines.TryGetValue(parts[0], out var answers))
            {
                _lines.Add(parts[0], answers = []);
            }
            answers.Add(parts[1]);
        }
    }

    /// <summary>The questions.</summary>
    public static IReadOnlyList<SlowQuestion> Questions { get; } =
    [
        new("Appx", "Apps that are installed for a user", (WindowsReadinessRules.AppxNotProvisioned, "")),
        new("BitLocker", "BitLocker's state of the drive of Windows", (WindowsReadinessRules.BitLockerOn, "")) { Zero = ZeroMeaning.Passes },
        new("Rearm", "The number of rearms that are left", (WindowsReadinessRules.RearmsUsedUp, "")) { Zero = ZeroMeaning.Holds },
        new("Administrator", "The built-in Administrator", (WindowsReadinessRules.AdministratorMustChangePassword, "password"), (WindowsReadinessRules.AdministratorLocked, "locked")),
    ];

    /// <summary>Asks what the rules that are wanted need, and gives their findings; what has no answer is a finding too.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="isWanted">Which rules.</param>
    /// <param name="limit">The longest that it may take.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static IEnumerable<Finding> Ask(IWindowsMachine machine, Func<Rule, bool> isWanted, TimeSpan limit, CancellationToken cancel)
    {
        var asked = Questions.Where(question => question.Rules.Any(rule => isWanted(rule.Rule))).ToList();
        if (asked.Count == 0)
        {
            return [];
        }
        try
        {
            var run = machine.RunPowerShell(TextFor(asked.Select(question => question.Name)), limit, cancel);
            var answers = new SlowAnswers(run.Lines, limit, run.TimedOut);
            return [.. asked.SelectMany(question => answers.Findings(question)).Where(finding => finding.RuleId == WindowsReadinessRules.WindowsCheckFailed.Id || isWanted(RuleOf(finding)))];
        }
        catch (AibException e)
        {
            return [.. asked.Select(question => NotAnswered(question.What, e.Message))];
        }
    }

    /// <summary>The text that asks some of the questions.</summary>
    public static string TextFor(IEnumerable<string> questions) =>
        ScriptPart.Fill(ScriptPart.Load("questions.windows.ps1"), ScriptPart.Settings, $"$Questions = {PowerShellText.Quote(questions)}\n");

    private static Rule RuleOf(Finding finding) => WindowsReadinessRules.All.First(rule => rule.Id == finding.RuleId);

    private IEnumerable<Finding> Findings(SlowQuestion question)
    {
        var answers = _lines.TryGetValue(question.Name, out var lines) ? lines : [];
        foreach (var finding in answers.Where(answer => answer != Done && !answer.StartsWith(Failed, StringComparison.Ordinal)).SelectMany(answer => question.Findings(answer.Split('|'))))
        {
            yield return finding;
        }
        var last = answers.LastOrDefault() ?? "";
        if (last != Done)
        {
            yield return NotAnswered(question.What, last.StartsWith(Failed, StringComparison.Ordinal) ? last.Substring(Failed.Length)
                : _timedOut ? FormattableString.Invariant($"Windows PowerShell had not answered within {_limit.TotalSeconds:0} s and was ended.")
                : "Windows PowerShell ended without an answer.");
        }
    }

    private static Finding NotAnswered(string what, string reason) =>
        WindowsReadinessRules.WindowsCheckFailed.Finding(("what", what), ("reason", PrintableText.Short(reason.Trim().TrimEnd('.'))));
}
