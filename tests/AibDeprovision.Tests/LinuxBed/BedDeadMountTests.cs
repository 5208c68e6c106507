using AibDeprovision.Plans;
using static AibDeprovision.Tests.LinuxBed.BedScripts;

namespace AibDeprovision.Tests.LinuxBed;

/// <summary>A file system whose far end is gone: whoever asks it waits for ever. It must not outlast the deadline.</summary>
public sealed class BedDeadMountTests
{
    [Fact]
    public void Script_and_check_skip_it_and_say_so()
    {
        using var machine = BedModule.Start();
        Bed.Require("bindfs");
        var place = machine.Root + "/home/appsvc";
        var start = machine.RunBeside(["sh", "-c", $"bindfs -f '{place}' '{place}' </dev/null >/dev/null 2>&1 & echo $!; until mountpoint -q '{place}'; do sleep 0.1; done"], TimeSpan.FromSeconds(20));
        Bed.SkipUnless(start.ExitCode == 0, "bindfs cannot mount here: " + start);
        Assert.Equal(0, machine.RunBeside(["sh", "-c", "kill -STOP " + start.Output[0]]).ExitCode);

        var run = machine.RunScript(Hardened(new() { Deadline = TimeSpan.FromMinutes(2) }), TimeSpan.FromMinutes(3));

        AssertVerdict(run, DeprovisionExitCode.Sealed);
        AssertSaid(run, "the file system at /home/appsvc does not answer: what is on it is not looked at");
        var check = BedModule.Run(machine, "Test-AibGeneralization | Where-Object RuleId -EQ NotLookedAt | ForEach-Object { \"$($_.File) $($_.Message)\" }", TimeSpan.FromMinutes(2));
        Assert.True(check.ExitCode == 0, check.ToString());
        Assert.Contains(check.Output, line => line.Contains("the file system that it is on does not answer", StringComparison.Ordinal));
    }
}
