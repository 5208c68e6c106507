using System.Diagnostics;
using AibDeprovision.Machine;
using AibDeprovision.Machine.Linux;
using AibDeprovision.Machine.Linux.Live;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.OnLinux;

/// <summary>Real programs and processes: each ends in time, and with it what it has started.</summary>
public sealed class LinuxProgramsTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private readonly ScratchFolder _scratch = new();

    public LinuxProgramsTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "It is about programs of Linux.");

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Status_and_both_streams_come_back_and_nothing_is_on_standard_input()
    {
        var run = Sh("cat; echo out; echo err >&2; pwd; exit 7");
        Assert.Equal((7, false), (run.Status, run.TimedOut));
        Assert.Equal(["/", "err", "out"], run.Lines.Order(StringComparer.Ordinal));
        Assert.Equal(["a b", "", "\"\\ $x`", "*"], Run(Long, ["/bin/sh", "-c", "for w; do echo \"$w\"; done", "sh", "a b", "", "\"\\ $x`", "*"]).Lines);
        Assert.Equal(143, Sh("kill -TERM $$").Status);
    }

    [Fact]
    public void What_cannot_be_run_has_the_status_that_a_shell_gives_it()
    {
        Assert.Equal(127, Run(Long, [_scratch["nothing"]]).Status);
        Program("no-interpreter", "#!/nowhere/python3.99\n");
        Assert.Equal(127, Run(Long, [_scratch["no-interpreter"]]).Status);
        File.WriteAllText(_scratch["no-program"], "#!/bin/sh\n");
        Assert.Equal(126, Run(Long, [_scratch["no-program"]]).Status);
    }

    [Fact]
    public void At_the_limit_all_that_it_has_started_is_ended()
    {
        var marker = "31" + Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var clock = Stopwatch.StartNew();
        var run = Run(TimeSpan.FromSeconds(1), ["/bin/sh", "-c", $"echo begun; (trap '' TERM; sleep {marker}) & sleep {marker}; echo never"]);
        Assert.True(run.TimedOut);
        Assert.Equal(["begun"], run.Lines);
        Assert.InRange(clock.Elapsed.TotalSeconds, 1, 20);
        // One of them would not end when asked, and was no child of the first any more when that one had.
        Assert.Equal("", string.Join('\n', Sh($"pgrep -fx 'sleep {marker}' || :").Lines));
    }

    [Fact]
    public void One_that_will_not_end_is_killed()
    {
        var run = Run(TimeSpan.FromSeconds(1), ["/bin/sh", "-c", "trap '' TERM; while :; do sleep 0.2; done"]);
        Assert.Equal((true, 137), (run.TimedOut, run.Status));
    }

    [Fact]
    public void One_that_leaves_somebody_at_its_pipes_is_not_waited_for()
    {
        var clock = Stopwatch.StartNew();
        var run = Sh("sleep 30 & echo done");
        Assert.Equal((0, false), (run.Status, run.TimedOut));
        Assert.Equal(["done"], run.Lines);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 20);
    }

    [Fact]
    public async Task Cancelling_ends_it_at_once()
    {
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        var clock = Stopwatch.StartNew();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Run(() => LinuxPrograms.Run(["/bin/sleep", "47"], Long, cancel.Token), TestContext.Current.CancellationToken));
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 20);
        Assert.Throws<OperationCanceledException>(() => LinuxPrograms.Run(["/bin/true"], Long, cancel.Token));
    }

    [Fact]
    public async Task Cancelling_kills_what_will_not_end()
    {
        var marker = "37" + Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture);
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Run(() => LinuxPrograms.Run(["/bin/sh", "-c", $"trap '' TERM; sleep {marker}; sleep {marker}"], Long, cancel.Token), TestContext.Current.CancellationToken));
        Assert.Equal("", string.Join('\n', Sh($"pgrep -fx 'sleep {marker}' || :").Lines));
    }

    [Fact]
    public void Very_much_output_is_cut_to_its_end()
    {
        var lines = Sh("i=0; while [ $i -lt 12000 ]; do i=$((i + 1)); echo $i; done").Lines;
        Assert.Equal((10_000, "12000"), (lines.Count, lines[^1]));
    }

    private void Program(string name, string text) => AtomicFile.Write(_scratch[name], System.Text.Encoding.UTF8.GetBytes(text), overwrite: false, AtomicFile.OwnerOnly);

    private static ProgramRun Sh(string commands) => Run(Long, ["/bin/sh", "-c", commands]);

    private static ProgramRun Run(TimeSpan limit, string[] words) => LinuxPrograms.Run(words, limit, TestContext.Current.CancellationToken);
}
