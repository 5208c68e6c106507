using System.Diagnostics;
using System.Globalization;
using AibDeprovision.Plans;
using AibDeprovision.Rehearsal.Linux.Time;
using AibDeprovision.Rehearsal.Scenarios;
using AibDeprovision.Scripts;
using static AibDeprovision.Tests.Rehearsal.LinuxRehearsalRun;

namespace AibDeprovision.Tests.Rehearsal;

/// <summary>The own time of the throw-away Linux machine: no wait takes long, and everything happens in its order.</summary>
public sealed class LinuxVirtualTimeTests
{
    [Fact]
    public void An_hour_takes_no_time()
    {
        RequireBed();
        var watch = Stopwatch.StartNew();
        var result = Rehearse("date +%s; sleep 1h 30m 0.5s; sleep 0; date; date -d '1 hour ago' +%T; date -d 2020-02-03 +%F; read -r up _ </proc/uptime; echo $up; exit 3");

        Assert.Equal(["1767268800", "Thu Jan  1 13:30:00 UTC 2026", "12:30:00", "2020-02-03", "6000.50"], result.Output);
        Assert.Equal(TimeSpan.FromSeconds(5400.5), result.VirtualTime);
        Assert.Equal(3, result.ExitCode);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 5);
    }

    [Fact]
    public void What_sleeps_at_the_same_time_wakes_up_in_its_order()
    {
        var result = Rehearse("""
            (sleep 30; echo "c $(date +%T)"; sleep 30; echo "e $(date +%T)") &
            (sleep 10; echo "a $(date +%T)"; sleep 10; echo "b $(date +%T)") &
            sleep 45
            echo "d $(date +%T)"
            wait
            date +%T
            """);

        Assert.Equal(["a 12:00:10", "b 12:00:20", "c 12:00:30", "d 12:00:45", "e 12:01:00", "12:01:00"], result.Output);
    }

    [Fact]
    public void While_something_computes_no_time_passes()
    {
        // Were it otherwise, one of the many sleeps beside it would be too early or too late.
        var result = Rehearse("""
            (n=0; while [ $n -lt 100 ]; do sleep 1; n=$((n + 1)); done; echo "sleeps: $(date +%T)") &
            n=0
            while [ $n -lt 3 ]; do
                sleep 20
                i=0; while [ $i -lt 30000 ]; do i=$((i + 1)); done
                ls -laR /usr/sbin | sort | tail -n 1 >/dev/null
                n=$((n + 1))
            done
            echo "computes: $(date +%T)"
            wait
            """);

        Assert.Equal(["computes: 12:01:00", "sleeps: 12:01:40"], result.Output);
    }

    [Theory]
    [InlineData("timeout 7 sh -c 'exit 9'", 9, 0)]
    [InlineData("timeout 100 sleep 1000", 124, 100)]
    [InlineData("timeout -k 5 100 sleep 1000", 124, 100)]
    [InlineData("timeout --kill-after=5s --signal=INT 2m sh -c 'trap \"\" INT; sleep 1000'", 137, 125)]
    [InlineData("timeout -k5 100 sh -c 'trap \"\" TERM; sleep 1000; sleep 1000'", 137, 105)]
    [InlineData("timeout 100 sh -c 'trap \"\" TERM; sleep 1000'", 124, 1000)]
    [InlineData("timeout -s KILL 3 sleep 10", 137, 3)]
    [InlineData("timeout --preserve-status 3 sleep 10", 143, 3)]
    [InlineData("timeout 0 sleep 10", 0, 10)]
    [InlineData("timeout 10 timeout 5 sleep 100", 124, 5)]
    [InlineData("timeout 5 timeout 10 sleep 100", 124, 5)]
    [InlineData("timeout 5 no-such-program", 127, 0)]
    [InlineData("timeout 5 /etc/passwd", 126, 0)]
    [InlineData("timeout 5", 125, 0)]
    [InlineData("timeout soon sleep 5", 125, 0)]
    [InlineData("echo in | timeout 5 grep -q in", 0, 0)]
    [InlineData("timeout 1d sleep 5d & sleep 3600; kill $!; wait $!", 143, 3600)]
    [InlineData("sleep 100 & sleep 5; kill $!; wait $!", 143, 5)]
    [InlineData("sleep soon", 1, 0)]
    [InlineData("sleep", 1, 0)]
    public void Commands_of_time_end_as_the_real_ones_do(string command, int exitCode, double seconds)
    {
        var result = Rehearse(command + "\nexit $?\n");

        Assert.True(result.ExitCode == exitCode, Tell(result));
        Assert.Equal(seconds, result.VirtualTime.TotalSeconds);
    }

    [Fact]
    public void A_sleep_beyond_the_builds_limit_has_hung()
    {
        var result = Rehearse("echo 'now it waits'\nsleep 1801", buildTimeout: TimeSpan.FromMinutes(30));

        Assert.Equal(RehearsalOutcome.Hung, result.Outcome);
        Assert.Equal(TimeSpan.FromMinutes(30), result.VirtualTime);
        Assert.Null(result.ExitCode);
        Assert.Null(result.Cause);
        Assert.Equal(["now it waits"], result.Output);
        Assert.Equal("It waits in 'sleep 1801' of 'DeprovisioningScript.sh'.", result.Detail);
    }

    [Fact]
    public void A_loop_without_an_end_has_hung()
    {
        var result = Rehearse("while [ ! -e /run/never ]; do sleep 60; done");

        Assert.Equal(RehearsalOutcome.Hung, result.Outcome);
        Assert.Equal(BuildTimeout, result.VirtualTime);
    }

    [Fact]
    public void A_wait_for_what_cannot_come_has_hung()
    {
        var result = Rehearse("mkfifo /tmp/never\nread -r line </tmp/never");

        Assert.Equal(RehearsalOutcome.Hung, result.Outcome);
        Assert.Equal("Everything on the machine waits, and nothing is left that could end it.", result.Detail);
    }

    [Fact]
    public void What_sleeps_on_does_not_keep_the_script()
    {
        var result = Rehearse("sleep 3600 &\nsleep infinity &\nexit 4");

        Assert.Equal(4, result.ExitCode);
        Assert.Equal(TimeSpan.Zero, result.VirtualTime);
    }

    [Fact]
    public void The_hardened_scripts_own_watchdog_works_in_it()
    {
        var script = ScriptGenerator.Generate(new() { Platform = DeprovisionPlatform.Linux, Deadline = TimeSpan.FromSeconds(120) }).Content;

        var result = Rehearse("rm /usr/bin/timeout\n" + script, "agent-hangs");

        Assert.True(result.ExitCode == (int)DeprovisionExitCode.DeadlinePassed, Tell(result));
        Assert.InRange(result.VirtualTime.TotalSeconds, 120, 125);
    }

    [Theory]
    [InlineData("sh /usr/bin/sleep 1m 0.5", "60.5")]
    [InlineData("sh /usr/bin/sleep infinity", "never")]
    [InlineData("sh /usr/bin/timeout -k 5 -s TERM --foreground 1h sleep 3", "3600 5")]
    [InlineData("sh /usr/bin/timeout --kill-after 2d -- 4 -k 3", "4 172800")]
    [InlineData("sh /usr/bin/timeout 0 x", "")]
    [InlineData("sh /usr/bin/timeout", "")]
    [InlineData("sh /usr/bin/other 5", null)]
    [InlineData("sleep 5", null)]
    public void Times_are_read_from_command_lines(string line, string? expected)
    {
        var times = StubTimes.Read(line.Split(' '));

        var seconds = times?.Select(time => time == TimeSpan.MaxValue ? "never" : time.TotalSeconds.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(expected, seconds is null ? null : string.Join(' ', seconds));
    }
}
