using AibDeprovision.Errors;
using AibDeprovision.Plans;
using AibDeprovision.Rules;
using AibDeprovision.Scripting.Linux;
using AibDeprovision.Scripting.Windows;

namespace AibDeprovision.Scripting.Editing;

/// <summary>Changes a script in place: only what an edit is about, all else of the text stays as it is. What was changed is checked again before it is given out.</summary>
internal static class ScriptEditor
{
    private const int MostEdits = 200;
    private const string Mark = "\uFEFF";

    /// <summary>A script with a change made.</summary>
    /// <param name="text">Its text, a byte order mark included.</param>
    /// <param name="platform">The system that it is for.</param>
    /// <param name="change">What is to be changed.</param>
    /// <exception cref="AibException">A part of it has nothing to work on, or cannot be done with certainty; nothing is changed then.</exception>
    public static ChangedScript Change(string text, DeprovisionPlatform platform, ScriptChange change)
    {
        if (platform == DeprovisionPlatform.Linux)
        {
            return change.WindowsOption is { } option
                ? throw new AibException(ErrorId.OptionNotForPlatform, $"-{option} is an option for Windows, and this script is for Linux.", $"Leave out -{option}.", option)
                : Checked(text, OnLinux(text, change), platform, change);
        }
        // PowerShell takes the mark of a file for none of the script.
        var mark = text.StartsWith(Mark, StringComparison.Ordinal) ? Mark : "";
        var plain = text.Substring(mark.Length);
        var changed = ScriptChecks.WithDeepStack(() => OnWindows(plain, change));
        changed = Checked(plain, changed, platform, change);
        return changed with { Text = mark + changed.Text };
    }

    private static ChangedScript OnWindows(string text, ScriptChange change)
    {
        List<string> done = [], left = [];
        RequireReadable(Read(text));
        if (change.ModeVm)
        {
            Repeat("-ModeVm", WindowsEdits.ModeVm);
        }
        foreach (var service in change.GuardServices)
        {
            Repeat($"-GuardService {service}", script => WindowsEdits.GuardService(script, service));
        }
        // Errors first: of a wait that has an end, no rule says any more that it waits for the wrong thing.
        Fix(change.Fixes.Where(fix => fix.Rule.Severity == Severity.Error));
        if (change.Timeout is { } limit)
        {
            Repeat($"-AddTimeout {new Duration(limit)}", script => WindowsEdits.AddTimeout(script, limit));
        }
        foreach (var dll in change.RemoveProviders)
        {
            Repeat($"-RemoveProvider {dll}", script => WindowsEdits.RemoveProvider(script, dll));
        }
        Fix(change.Fixes.Where(fix => fix.Rule.Severity != Severity.Error));
        return new ChangedScript(text, done, left);

        void Fix(IEnumerable<RuleFix> fixes)
        {
            foreach (var fix in fixes)
            {
                var check = WindowsScriptChecks.All.First(c => c.Rule == fix.Rule);
                Try(fix, left, () =>
                {
                    EditErrors.Require(!fix.IsNamed || check.HasSubject(Read(text)), $"-Fix {fix.Rule.Id}", "what the rule is about is not in it");
                    Repeat($"-Fix {fix.Rule.Id}", script => First(fix.Rule, check.Mends(script), script.Text));
                });
            }
        }

        void Repeat(string what, Func<WindowsScript, IReadOnlyList<ScriptEdit>> next) => text = Repeated(text, what, current => next(Read(current)), done);
    }

    private static ChangedScript OnLinux(string text, ScriptChange change)
    {
        List<string> done = [], left = [];
        foreach (var fix in change.Fixes)
        {
            var check = LinuxScriptChecks.All.First(c => c.Rule == fix.Rule);
            Try(fix, left, () => text = Repeated(text, $"-Fix {fix.Rule.Id}", current => LinuxScript.Read(current) is ({ } script, _) ? First(fix.Rule, check.Mends(script), current)
                : throw new AibException(ErrorId.EditNotPossible, "The script is too large to be read.", "Name a script file.", fix.Rule.Id), done));
        }
        return new ChangedScript(text, done, left);
    }

    // Of a pattern, what can be done is done, and the rest is said.
    private static void Try(RuleFix fix, List<string> left, Action work)
    {
        try
        {
            work();
        }
        catch (AibException e) when (e.Id == ErrorId.EditNotPossible && !fix.IsNamed)
        {
            left.Add(e.Message);
        }
    }

    private static string Repeated(string text, string what, Func<string, IReadOnlyList<ScriptEdit>> next, List<string> done)
    {
        for (var n = 0; next(text) is { Count: > 0 } edits; n++)
        {
            if (n == 0)
            {
                done.Add(what);
            }
            var changed = ScriptEdit.Apply(text, edits);
            if (changed == text || n > MostEdits)
            {
                throw new AibException(ErrorId.EditNotPossible, $"{what} comes to no end in this script.", "Change the script by hand.", what);
            }
            text = changed;
        }
        return text;
    }

    // The first that nobody has said is meant.
    private static IReadOnlyList<ScriptEdit> First(Rule rule, IEnumerable<ScriptMend> mends, string text)
    {
        var suppressed = new Suppressions(text);
        return mends.FirstOrDefault(mend => !suppressed.Covers(rule.Id, mend.Line)) is not { } mend ? []
            : mend.Edits.Count > 0 ? mend.Edits
            : throw EditErrors.Impossible($"-Fix {rule.Id}", mend.Line, "it is written in a way that leaves no certain place for it");
    }

    private static WindowsScript Read(string text) => WindowsScript.Read(text) switch
    {
        ({ } script, _) => script,
        (_, var refusal) => throw new AibException(ErrorId.EditNotPossible, $"The script is not read: {refusal.Reason} (line {refusal.Line}).", "Change it by hand.", refusal.Reason),
    };

    private static void RequireReadable(WindowsScript script)
    {
        if (script.Errors.Length > 0)
        {
            throw new AibException(ErrorId.EditNotPossible, $"PowerShell cannot read the script: line {script.Errors[0].Extent.StartLineNumber}: {script.Errors[0].Message}", "Correct that first.", script.Errors[0].Message);
        }
    }

    // What has come of it, by the same eyes that judged it before.
    private static ChangedScript Checked(string before, ChangedScript after, DeprovisionPlatform platform, ScriptChange change)
    {
        if (after.Text == before)
        {
            return after;
        }
        var (old, now) = (ScriptChecks.Check(before, platform, null), ScriptChecks.Check(after.Text, platform, null));
        if (now.FirstOrDefault(f => change.Fixes.Any(fix => fix.IsNamed && fix.Rule.Id == f.RuleId)) is { } left)
        {
            throw EditErrors.Impossible($"-Fix {left.RuleId}", left.Line ?? 1, "the finding would stay");
        }
        // What is brought about may not be worse than what is mended.
        var gone = old.Where(o => Count(old, o) > Count(now, o)).Select(o => o.Severity).DefaultIfEmpty(Severity.Information).Max();
        if (now.FirstOrDefault(f => f.Severity > gone && Count(now, f) > Count(old, f)) is { } added)
        {
            throw EditErrors.Impossible(string.Join(", ", after.Done), added.Line ?? 1, $"it would bring {added.RuleId} about");
        }
        return after;
    }

    private static int Count(IReadOnlyList<Finding> findings, Finding of) => findings.Count(f => f.RuleId == of.RuleId);
}
