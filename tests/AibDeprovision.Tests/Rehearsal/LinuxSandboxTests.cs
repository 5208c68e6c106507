using AibDeprovision.Tests.Scripts;
using static AibDeprovision.Tests.Scripts.HardenedLinuxRun;

namespace AibDeprovision.Tests.Rehearsal;

/// <summary>The throw-away Linux machine: what it gives, what it keeps from a script, and that it ends.</summary>
public sealed class LinuxSandboxTests
{
    [Fact]
    public void It_gives_nothing_of_the_host_away()
    {
        RequireShell("dash");
        var machine = new LinuxTestMachine();

        var run = machine.Run("""
            cd / || exit 1
            ls -a
            touch /usr/lib/written /opt/host/usr/bin/written 2>/dev/null && echo 'the host can be written to'
            mount -o remount,rw,bind /opt/host/usr/bin 2>/dev/null && echo 'the mounts can be opened'
            umount /opt/host/usr/bin 2>/dev/null && echo 'the mounts can be taken away'
            tr '\0' '\n' </proc/1/cmdline | head -n 1
            sleep 40 &
            exit 4
            """, "dash", new() { TimeLimit = TimeSpan.FromSeconds(20) });

        Assert.Equal(4, run.ExitCode);
        Assert.DoesNotContain(run.Output, line => line.StartsWith("the ", StringComparison.Ordinal));
        Assert.Equal([".", "..", "bin", "dev", "lib", "lib64", "opt", "proc", "run", "sbin", "standard-error", "tmp", "usr", "var"], run.Output.Where(name => name is not ("sh" or "lib32")));
        Assert.InRange(run.Duration.TotalSeconds, 0, 10);
    }

    [Fact]
    public void It_ends_what_does_not_end()
    {
        RequireShell("dash");
        var run = new LinuxTestMachine().Run("trap '' TERM INT HUP\nwhile :; do sleep 5; done\n", "dash", new() { TimeLimit = TimeSpan.FromSeconds(1) });
        Assert.True(run.TimedOut);
        Assert.InRange(run.Duration.TotalSeconds, 0.9, 10);
    }

    [Fact]
    public void The_log_of_a_script_that_writes_without_end_is_cut()
    {
        RequireShell("dash");
        var run = new LinuxTestMachine().Run("while :; do echo again; done\n", "dash", new() { OutputLimit = 10_000, TimeLimit = TimeSpan.FromSeconds(20) });
        Assert.True(run.OutputLimitReached);
        Assert.False(run.TimedOut);
    }

    [Fact]
    public void Everything_comes_back_as_the_script_has_left_it()
    {
        RequireShell("dash");
        var machine = new LinuxTestMachine();
        var deep = "/srv/" + string.Join('/', Enumerable.Repeat("a-folder-with-a-long-name", 8)) + "/f\u00fcnf $(x) \n 'y'";
        machine.Files.WriteFile(deep, "before");
        machine.Files.WriteFile("/srv/gone/file", "");
        machine.Files.WriteLink("/srv/link", deep);

        var run = machine.Run("""
            cat /srv/link
            rm -r /srv/gone
            set -- /srv/a*/*/*/*/*/*/*/*/f*
            printf after >"$1"
            mkfifo /srv/pipe
            ln "$1" /srv/twin
            ln -s /etc/shadow /srv/out
            chmod 0 /srv/twin
            truncate -s 30M /srv/holes
            printf x | dd of=/srv/holes bs=1 seek=1000000 conv=notrunc 2>/dev/null
            """, "dash");

        Assert.Equal(["before"], run.Output);
        Assert.Equal("", run.Error);
        Assert.Equal("after", machine.Files.ReadFile(deep));
        Assert.Equal("after", machine.Files.ReadFile("/srv/twin"));
        Assert.Equal("/etc/shadow", machine.Files.ReadLink("/srv/out"));
        Assert.Null(machine.Files.ReadFile("/srv/out"));
        Assert.False(machine.Files.Exists("/srv/gone"));
        Assert.True(machine.Files.Exists("/srv/pipe"));
        Assert.Equal(30 << 20, machine.Files.Files["/srv/holes"].Size);
    }
}
