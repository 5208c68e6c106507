using System.Runtime.ExceptionServices;
using AibDeprovision.Plans;
using AibDeprovision.Rules;
using AibDeprovision.Rules.Scripts;
using AibDeprovision.Scripting.Linux;
using AibDeprovision.Scripting.Windows;

namespace AibDeprovision.Scripting;

/// <summary>All checks of scripts: the text of one in, what is wrong with it out. Nothing of a script is run.</summary>
internal static class ScriptChecks
{
    // What walks a syntax tree recurses as deep as the script nests; ScriptSize keeps that within this.
    private const int StackBytes = 128 * 1024 * 1024;

    /// <summary>What is wrong with a script, in the order of its lines.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="platform">The system that it is for.</param>
    /// <param name="file">What its findings name as their file; null for none.</param>
    public static IReadOnlyList<Finding> Check(string text, DeprovisionPlatform platform, string? file)
    {
        var found = platform == DeprovisionPlatform.Linux ? LinuxFindings(text) : WithDeepStack(() => WindowsFindings(text));
        return [.. new Suppressions(text).Apply(found).OrderBy(f => f.Line).ThenBy(f => f.Column).Select(f => f with { File = file })];
    }

    /// <summary>Does a work on a thread with a stack for deeply nested scripts.</summary>
    public static T WithDeepStack<T>(Func<T> work)
    {
        T result = default!;
        ExceptionDispatchInfo? error = null;
        var thread = new Thread(() =>
        {
            try
            {
                result = work();
            }
            catch (Exception e)
            {
                error = ExceptionDispatchInfo.Capture(e);
            }
        }, StackBytes);
        thread.Start();
        thread.Join();
        error?.Throw();
        return result;
    }

    private static IReadOnlyList<Finding> WindowsFindings(string text)
    {
        var (script, refusal) = WindowsScript.Read(text);
        return script is null ? [WindowsScriptRules.NotRead.Finding(("found", refusal.Reason)) with { Line = refusal.Line, Column = 1 }]
            : [.. WindowsScriptChecks.All.SelectMany(rule => rule.Check(script))];
    }

    private static IReadOnlyList<Finding> LinuxFindings(string text)
    {
        var (script, refusal) = LinuxScript.Read(text);
        return script is null ? [LinuxScriptRules.NotUnderstood.Finding(("found", refusal!)) with { Line = 1, Column = 1 }] : [.. LinuxScriptChecks.All.SelectMany(rule => rule.Check(script))];
    }
}
