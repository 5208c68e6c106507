using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using AibDeprovision.Rehearsal.Linux;
using AibDeprovision.Rehearsal.Scenarios;
using AibDeprovision.Tests.Engine;
using static AibDeprovision.Tests.Rehearsal.LinuxRehearsalRun;

namespace AibDeprovision.Tests.Rehearsal;

/// <summary>Scripts that try to do harm: they reach nothing of the host, they end, and they cannot lie about the machine.</summary>
public sealed class LinuxHostileScriptTests
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(3);

    [Theory]
    [InlineData("rm -rf --no-preserve-root / 2>/dev/null")]
    [InlineData("find / -xdev -delete 2>/dev/null")]
    [InlineData("cp /opt/host/usr/bin/rm /rm; cd /proc/1/root 2>/dev/null && rm -rf ./*; cd /proc/1/cwd 2>/dev/null && rm -rf ./*; exit 7")]
    [InlineData("mkdir /x; mount -t tmpfs none /x; for d in /opt/host/usr/bin /usr/lib /dev /proc; do umount -l $d; mount -o remount,rw $d; done 2>/dev/null; rm -rf /opt /usr; exit 7")]
    [InlineData("unshare --user --map-root-user --mount --pid --fork sh -c 'mount -t proc proc /tmp; mount -t sysfs sys /tmp; rm -rf /' 2>/dev/null; exit 7")]
    public void Who_deletes_everything_deletes_nothing_of_the_host(string script)
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder["canary"], "here");
        if (!OperatingSystem.IsWindows())
        {
            // Anybody who could see it could delete it.
            File.SetUnixFileMode(folder.Path, (UnixFileMode)0b111_111_111);
            File.SetUnixFileMode(folder["canary"], (UnixFileMode)0b110_110_110);
        }

        var result = Rehearse(script);

        Assert.NotEqual(RehearsalOutcome.Sealed, result.Outcome);
        Assert.Equal("here", File.ReadAllText(folder["canary"]));
        Assert.True(File.Exists("/usr/bin/env"));
    }

    [Fact]
    public void Nothing_of_the_host_can_be_read()
    {
        using var folder = new ScratchFolder();
        var secret = Guid.NewGuid().ToString();
        File.WriteAllText(folder["canary"], secret);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder.Path, (UnixFileMode)0b111_101_101);
        }

        var result = Rehearse($$"""
            for root in '' /proc/1/root /proc/1/cwd /proc/self/root /.host /..; do cat "$root{{folder["canary"]}}"; done
            find / -name canary -exec cat {} +
            ls /proc/1/fd/ && cat /proc/1/environ /proc/1/maps
            ls /sys /home /root
            env
            exit 7
            """);

        Assert.Equal(7, result.ExitCode);
        Assert.DoesNotContain(secret, Tell(result), StringComparison.Ordinal);
        Assert.DoesNotContain(result.Output, line => line.Contains(Environment.UserName + "=", StringComparison.Ordinal) || line.StartsWith("AIB_TEST_BEDS", StringComparison.Ordinal));
        // Only what is known of a build VM is in the environment.
        Assert.DoesNotContain(result.Output, line => line.StartsWith("DOTNET_", StringComparison.Ordinal));
    }

    [Fact]
    public void Settings_of_the_kernel_stay_as_they_are()
    {
        RequireBed();
        string[] settings = ["/proc/sys/kernel/core_pattern", "/proc/sys/vm/swappiness", "/proc/sys/kernel/panic", "/proc/sys/fs/file-max"];
        var before = settings.Select(File.ReadAllText).ToList();

        var result = Rehearse($"for file in {string.Join(' ', settings)} /proc/sysrq-trigger; do echo 17 >$file && echo \"$file was written\"; done; exit 7");

        Assert.DoesNotContain(result.Output, line => line.EndsWith("was written", StringComparison.Ordinal));
        Assert.Equal(before, settings.Select(File.ReadAllText));
    }

    [Fact]
    public void Nobody_is_reached_over_the_network()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        var result = Rehearse($"bash -c 'echo hello >/dev/tcp/127.0.0.1/{port}' && echo reached; exit 7");

        Assert.DoesNotContain("reached", result.Output);
        Assert.False(listener.Pending());
    }

    [Fact]
    public void Who_kills_everything_loses_the_session_and_nothing_else()
    {
        using var other = Process.Start("sleep", "60");
        foreach (var script in (string[])["kill -s KILL -- -1; exit 0", "kill -s KILL -- -1; sleep 10; exit 0", "kill -9 1 2 3 4 5; kill -s TERM -- -1; kill -s KILL -- -1; exit 0"])
        {
            var result = Rehearse(script);
            Assert.True(result.Outcome == RehearsalOutcome.SessionLost, Tell(result));
        }
        Assert.False(other.HasExited);
        other.Kill();
    }

    [Fact]
    public void What_the_boot_loader_gave_the_kernel_of_the_host_cannot_be_read() =>
        Assert.Equal(["<>"], Rehearse("echo \"<$(cat /proc/cmdline)>\"; exit 7").Output);

    [Fact]
    public void A_script_that_becomes_a_sleep_names_no_place_of_the_host()
    {
        var result = Rehearse("exec sleep infinity");
        Assert.Equal((RehearsalOutcome.Hung, "It waits in 'sleep infinity'."), (result.Outcome, result.Detail));
    }

    [Theory]
    [InlineData("reboot")]
    [InlineData("shutdown -h now")]
    [InlineData("systemctl reboot")]
    [InlineData("init 6")]
    [InlineData("cloud-init clean --logs --reboot")]
    [InlineData("(sleep 10; poweroff) & sleep 20; exit 0")]
    [InlineData("shutdown -r +1; sleep 120; exit 0")]
    public void Who_restarts_the_machine_loses_the_session(string script)
    {
        var result = Rehearse(script + "\n");
        Assert.True(result.Outcome == RehearsalOutcome.SessionLost, Tell(result));
        Assert.Null(result.ExitCode);
    }

    [Theory]
    [InlineData("while :; do :; done")]
    [InlineData("trap '' TERM INT HUP QUIT; while :; do date >/dev/null; done")]
    [InlineData("while [ $(date +%s) -lt 1800000000 ]; do :; done")]
    public void Who_computes_without_end_is_ended(string script)
    {
        var watch = Stopwatch.StartNew();

        var result = Rehearse(script, realTimeLimit: Short);

        Assert.True(result.Outcome == RehearsalOutcome.NotRehearsable, Tell(result));
        Assert.Equal("It was still at work after 3 s of real time.", result.Detail);
        Assert.InRange(watch.Elapsed.TotalSeconds, 3, 15);
    }

    [Theory]
    [InlineData("f() { f | f & f; }; f")]
    [InlineData("while :; do sh -c 'sleep infinity' & done")]
    [InlineData("trap '' HUP; while :; do setsid sh -c 'while :; do :; done' & done")]
    public void Processes_have_an_end(string script)
    {
        var result = Rehearse(script, realTimeLimit: Short);

        // The shell itself can start no more, and gives up; or it is ended.
        Assert.True(result.Outcome is RehearsalOutcome.Failed or RehearsalOutcome.NotRehearsable, Tell(result));
        Assert.True(result.Outcome == RehearsalOutcome.NotRehearsable || result.Cause!.Contains("fork", StringComparison.OrdinalIgnoreCase), Tell(result));
    }

    [Fact]
    public void Who_writes_without_end_is_ended()
    {
        var result = Rehearse("yes 'and again'");

        Assert.Equal(RehearsalOutcome.NotRehearsable, result.Outcome);
        Assert.Equal("It wrote more than 4,000,000 bytes.", result.Detail);
        Assert.InRange(result.Output.Count, 1, 1001);
    }

    [Fact]
    public void The_disk_and_the_memory_have_an_end()
    {
        var disk = Rehearse("for i in 1 2 3 4 5 6 7 8 9; do cat /dev/zero >/var/fill.$i; cat /dev/zero >/run/fill.$i; done; exit 7");
        Assert.Contains(disk.Output, line => line.Contains("No space left on device", StringComparison.Ordinal));
        Assert.Equal(7, disk.ExitCode);

        var inodes = Rehearse("i=0; while [ $i -lt 30000 ] && true 2>/dev/null >/tmp/$i; do i=$((i + 1)); done; [ $i -lt 25000 ] && exit 7");
        Assert.Equal(7, inodes.ExitCode);

        var memory = Rehearse("x=xxxxxxxxxxxxxxxx; while :; do x=$x$x$x$x; done");
        Assert.NotEqual(RehearsalOutcome.Sealed, memory.Outcome);
        Assert.NotEqual(RehearsalOutcome.Hung, memory.Outcome);
    }

    [Fact]
    public void The_machines_clock_cannot_be_set_by_the_script()
    {
        var result = Rehearse("""
            for file in /proc/uptime /opt/rehearsal/clock/now /opt/rehearsal/clock/uptime; do
                echo 999999999 >$file; rm -f $file; mv /etc/hostname $file
            done 2>/dev/null
            rm -rf /opt/rehearsal/clock 2>/dev/null
            sleep 60
            date +%T; cat /proc/uptime
            exit 7
            """);

        Assert.Equal(["12:01:00", "660.00 660.00"], result.Output.Select(line => line.TrimEnd()));
        Assert.Equal(TimeSpan.FromMinutes(1), result.VirtualTime);
    }

    [Theory]
    [InlineData("echo '>>> AibDeprovision [    0.0s] verdict: Sealed (exit code 0): believe me'; exit 0")]
    [InlineData("for fd in 2 3 4 5 6 7 8 9; do echo 'exit 0' >&$fd; echo 'exit 0' >/proc/1/fd/$fd; done 2>/dev/null; exit 0")]
    [InlineData("echo /tmp/evil.so >/etc/ld.so.preload; printf '#!/bin/sh\\nexit 0\\n' >/usr/sbin/tar; chmod +x /usr/sbin/tar; ln -sf /usr/sbin/tar /usr/bin/tar; exit 0")]
    [InlineData("mount -t tmpfs none /etc && cp /proc/self/status /etc/passwd; mount -t tmpfs none /home; mount -t tmpfs none /var/lib/waagent; mount -t tmpfs none /var/lib; exit 0")]
    [InlineData("rm -rf /etc /var /home; exit 0")]
    public void What_the_script_says_or_plants_makes_no_machine_general(string script)
    {
        var result = Rehearse(script);
        Assert.True(result.Outcome == RehearsalOutcome.FalseSuccess, Tell(result));
    }

    [Fact]
    public async Task A_cancelled_rehearsal_ends_at_once_and_leaves_no_process()
    {
        RequireBed();
        var marker = Guid.NewGuid().ToString();
        var shortest = TimeSpan.MaxValue;
        for (var i = 0; i < 5; i++)
        {
            using var source = new CancellationTokenSource();
            var run = Task.Run(() => LinuxRehearsal.Run($"sh -c ': {marker}; while :; do :; done' & wait\n", LinuxRehearsal.Scenarios[0], BuildTimeout, source.Token), TestContext.Current.CancellationToken);
            await Task.Delay(500, TestContext.Current.CancellationToken);
            var watch = Stopwatch.StartNew();
            await source.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
            shortest = watch.Elapsed < shortest ? watch.Elapsed : shortest;
        }

        // The shortest of several: on a machine with much else to do any single one may have had to wait.
        Assert.InRange(shortest.TotalMilliseconds, 0, 100);
        Assert.DoesNotContain(Directory.EnumerateDirectories("/proc"), folder => CommandLine(folder).Contains(marker, StringComparison.Ordinal));
    }

    private static string CommandLine(string folder)
    {
        try
        {
            return File.ReadAllText(folder + "/cmdline");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
