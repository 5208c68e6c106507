using AibDeprovision.Plans;
using static AibDeprovision.Tests.LinuxBed.BedDeprovision;
using static AibDeprovision.Tests.LinuxBed.BedScripts;

namespace AibDeprovision.Tests.LinuxBed;

/// <summary>Invoke-AibDeprovision with the real waagent and cloud-init, beside the hardened script.</summary>
public sealed class BedDeprovisionTests
{
    /// <summary>Path, kind, mode, owner and content of every file that differs from the root's.</summary>
    [Fact]
    public void It_leaves_the_machine_as_the_script_does()
    {
        using var scripted = BedModule.Start();
        AssertVerdict(Deprovision(scripted, BedWay.Script, new()), DeprovisionExitCode.Sealed);
        using var machine = BedModule.Start();

        AssertVerdict(Deprovision(machine, BedWay.Cmdlet, new()), DeprovisionExitCode.Sealed);

        Assert.Equal(Changed(scripted), Changed(machine));
        const string Passwords = "sed 's/^appsvc:[^:]*/appsvc/' /etc/shadow";
        Assert.Equal(scripted.Sh(Passwords), machine.Sh(Passwords));
    }

    [Fact]
    public void Both_say_the_same_of_each_phase()
    {
        using var scripted = BedModule.Start();
        using var machine = BedModule.Start();

        var (byScript, byCmdlet) = (Deprovision(scripted, BedWay.Script, new()), Deprovision(machine, BedWay.Cmdlet, new()));

        Assert.Equal(Said(byScript), Said(byCmdlet));
    }

    [Fact]
    public void Its_result_says_what_the_last_line_says()
    {
        using var machine = BedModule.Start();

        var run = BedModule.Run(machine, "$r = Invoke-AibDeprovision; \"result $($r.Verdict) $($r.ExitCode) $LASTEXITCODE $($r.Elapsed.TotalSeconds -gt 0): $($r.Cause)\"");

        Assert.Equal("result Sealed 0 0 True: the machine is generalized, and that was verified", run.Output[^1]);
        Assert.EndsWith("verdict: Sealed (exit code 0): the machine is generalized, and that was verified", run.Output[^2], StringComparison.Ordinal);
    }

    [Fact]
    public void Ctrl_C_ends_the_agent_too_and_takes_back_what_it_was_lent()
    {
        using var machine = BedModule.Start("""
            rm /etc/os-release
            printf 'ID=rhel\nVERSION_ID=9.4\n' >/etc/os-release
            printf '#!/bin/sh\n[ "$1" != -version ] || exit 0\nls /etc/sysconfig/network-scripts >/root/lent\nsleep 4711\nsleep 4711\n' >/usr/sbin/waagent
            """);

        var status = machine.Sh($"""
            # What runs in the background ignores SIGINT, and so does all that it starts, unless told.
            env --default-signal=INT {string.Join(' ', BedModule.Words("Invoke-AibDeprovision"))} >/root/out 2>&1 &
            for i in $(seq 300); do
                if [ -s /root/lent ]; then break; fi
                sleep 0.1
            done
            kill -INT $!
            wait $! || echo $?
            """);

        Assert.Equal("1", status);
        Assert.Contains("ifcfg-eth0", machine.Read("/root/lent"), StringComparison.Ordinal);
        Assert.False(machine.Exists("/etc/sysconfig"));
        Assert.Equal("", machine.Sh("pgrep -x sleep; pgrep -f '^/bin/sh /usr/sbin/waagent' || :"));
        Assert.DoesNotContain("verdict", machine.Read("/root/out"), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIf_changes_nothing()
    {
        using var machine = BedModule.Start();
        var before = BedModule.Snapshot(machine);

        var run = BedModule.Run(machine, "Invoke-AibDeprovision -WhatIf");

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal(before, BedModule.Snapshot(machine));
    }

    // The seed's password has another salt each time.
    private static IEnumerable<string> Changed(BedMachine machine) => BedModule.Snapshot(machine).Where(entry => !entry.EndsWith("./etc/shadow", StringComparison.Ordinal));

    // Without the time; what is cleared comes in another order, and by the script for each user apart.
    private static IEnumerable<string> Said(BedRun run) => run.Output
        .Where(line => line.StartsWith(">>> ", StringComparison.Ordinal) && !line.Contains("] clean: removed ", StringComparison.Ordinal))
        .Select(line => line[(line.IndexOf(']', StringComparison.Ordinal) + 2)..]);
}
