using System.Text.RegularExpressions;
using AibDeprovision.Generalizing;
using AibDeprovision.Generalizing.Linux;
using AibDeprovision.Plans;

namespace AibDeprovision.Tests.Generalizing;

/// <summary>A run of the native Linux deprovision, with what it said.</summary>
internal sealed partial class LinuxDeprovisionRun
{
    private LinuxDeprovisionRun(DeprovisionResult result, IReadOnlyList<string> lines) => (Result, Lines) = (result, lines);

    public DeprovisionResult Result { get; }

    public IReadOnlyList<string> Lines { get; }

    public static LinuxDeprovisionRun On(FolderLinuxMachine machine, DeprovisionPlan? plan = null, CancellationToken? cancel = null)
    {
        List<string> lines = [];
        var result = LinuxDeprovision.Run(machine, (plan ?? new()) with { Platform = DeprovisionPlatform.Linux }, (_, line) => lines.Add(line), cancel ?? TestContext.Current.CancellationToken);
        // Whatever happens: one line is one line, the lines of others are indented, and the last is the verdict.
        Assert.All(lines, line => Assert.Matches(Line(), line));
        Assert.EndsWith($"verdict: {result.Verdict} (exit code {(int)result.Verdict}): {result.Cause}", lines[^1], StringComparison.Ordinal);
        Assert.Single(lines, line => line.StartsWith(">>>", StringComparison.Ordinal) && line.Contains("] verdict: ", StringComparison.Ordinal));
        return new(result, lines);
    }

    public LinuxDeprovisionRun Ended(DeprovisionExitCode verdict, string cause = "")
    {
        Assert.True(Result.Verdict == verdict, ToString());
        Assert.Contains(cause, Result.Cause, StringComparison.Ordinal);
        return this;
    }

    public LinuxDeprovisionRun Said(string text)
    {
        Assert.True(Lines.Any(line => line.StartsWith(">>>", StringComparison.Ordinal) && line.Contains(text, StringComparison.Ordinal)), $"'{text}' was not said.\n{this}");
        return this;
    }

    public override string ToString() => string.Join('\n', Lines);

    [GeneratedRegex(@"\A(>>> AibDeprovision \[ *\d+\.\ds\] [a-z-]+: |    \| )[^\p{Cc}]*\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Line();
}
