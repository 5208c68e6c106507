using System.Diagnostics;
using AibDeprovision.Machine.Linux.Live;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.OnLinux;

/// <summary>A real script by the real /bin/sh: its lines as they come, its end, and what is left of it.</summary>
public sealed class LinuxScriptTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private readonly ScratchFolder _scratch = new();
    private readonly List<string> _lines = [];

    public LinuxScriptTests() =>
        Assert.SkipUnless(OperatingSystem.IsLinux() && string.Equals(Environment.UserName, "root", StringComparison.Ordinal), "It needs Linux, and root.");

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Its_lines_come_in_order_on_the_thread_that_called_and_its_file_is_gone_afterwards()
    {
        var thread = Environment.CurrentManagedThreadId;
        var status = LinuxScript.Run("stat -c %a \"${0%/*}\"\necho \"$0\"; echo err >&2; cat; exit 7\n", line =>
        {
            Assert.Equal(thread, Environment.CurrentManagedThreadId);
            _lines.Add(line);
        }, Long, TestContext.Current.CancellationToken);

        Assert.Equal(7, status);
        Assert.Equal(["700", _lines[1], "err"], _lines);
        Assert.StartsWith("/run/aib-deprovision-", _lines[1], StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.GetDirectoryName(_lines[1])));
    }

    [Fact]
    public void A_stop_lets_it_put_back_what_it_has_taken_and_ends_what_it_has_started()
    {
        var taken = _scratch["taken"];
        using var cancel = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => LinuxScript.Run($"trap 'sleep 1; rm {taken}; exit 1' TERM\ntouch {taken}\necho ready\nsleep 4712 & wait\n", _ => cancel.Cancel(), Long, cancel.Token));
        Assert.False(File.Exists(taken));
        using var look = Process.Start("pgrep", ["-fx", "sleep 4712"]);
        look.WaitForExit();
        Assert.Equal(1, look.ExitCode);
    }

    [Fact]
    public void One_that_does_not_end_is_ended_and_has_no_status()
    {
        var status = LinuxScript.Run("echo begun; sleep 4713\n", _lines.Add, TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        Assert.Null(status);
        Assert.Equal(["begun"], _lines);
    }

    [Fact]
    public void One_that_leaves_somebody_at_its_output_is_not_waited_for()
    {
        var clock = Stopwatch.StartNew();
        Assert.Equal(0, LinuxScript.Run("sleep 40 & echo done\n", _lines.Add, Long, TestContext.Current.CancellationToken));
        Assert.Equal(["done"], _lines);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 30);
    }
}
