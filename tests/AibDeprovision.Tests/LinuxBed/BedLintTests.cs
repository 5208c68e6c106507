using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.LinuxBed;

/// <summary>The scripts that make the bed are without fault themselves.</summary>
public sealed class BedLintTests
{
    public static TheoryData<string> Scripts =>
        [.. Directory.EnumerateFiles(Repository.PathOf("tests", "beds"), "linux-*.sh").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Shellcheck_has_nothing_to_say(string name)
    {
        Assert.SkipUnless(Toolbox.Has("shellcheck"), Toolbox.Missing("shellcheck"));

        var run = BedProcess.Run(["shellcheck", Bed.Script(name)], TimeSpan.FromMinutes(1));

        Assert.Equal("", string.Join('\n', run.Output) + run.Error);
        Assert.Equal(0, run.ExitCode);
    }
}
