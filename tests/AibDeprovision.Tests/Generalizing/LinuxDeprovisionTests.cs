using AibDeprovision.Errors;
using AibDeprovision.Generalizing;
using AibDeprovision.Generalizing.Linux;
using AibDeprovision.Machine;
using AibDeprovision.Machine.Linux;
using AibDeprovision.Plans;
using AibDeprovision.Scripts;
using AibDeprovision.Tests.Rules;

namespace AibDeprovision.Tests.Generalizing;

/// <summary>How a run of the hardened script becomes the result of Invoke-AibDeprovision, on a machine whose script is the test's.</summary>
public sealed class LinuxDeprovisionTests : IDisposable
{
    private const string Line = ">>> AibDeprovision [    1.2s] ";

    private readonly LinuxRoot _root = new();
    private readonly List<(string Phase, string Line)> _written = [];
    private readonly ScriptedMachine _machine;

    public LinuxDeprovisionTests() => _machine = new ScriptedMachine(_root.Files);

    public void Dispose() => _root.Dispose();

    [Fact]
    public void A_seal_is_a_seal_and_the_script_is_that_of_the_plan()
    {
        _machine.Says(0, Line + "start: Debian", Line + "verdict: Sealed (exit code 0): the machine is generalized, and that was verified");
        var plan = new DeprovisionPlan { Platform = DeprovisionPlatform.Linux, Keep = ResidueKinds.Logs, Deadline = TimeSpan.FromMinutes(20) };

        var result = Run(plan);

        Assert.Equal((DeprovisionExitCode.Sealed, "the machine is generalized, and that was verified"), (result.Verdict, result.Cause));
        Assert.Empty(result.Findings);
        Assert.Equal(ScriptGenerator.Generate(plan).Content, _machine.Script);
        Assert.Equal(TimeSpan.FromMinutes(22), _machine.Limit);
        Assert.Equal(["/tmp/DeprovisioningScript.sh"], _machine.Removed);
        Assert.Equal([("start", Line + "start: Debian")], _written.SkipLast(1));
        Assert.EndsWith("verdict: Sealed (exit code 0): the machine is generalized, and that was verified", _written[^1].Line, StringComparison.Ordinal);
    }

    [Fact]
    public void What_has_to_go_by_the_rules_and_is_there_after_a_seal_fails_it()
    {
        _root.Write("/home/packer/notes", "x");
        _root.Write("/var/lib/systemd/random-seed", "x");
        _root.Write("/etc/mailname", "x");
        _machine.Says(0, Line + "waagent: the provisioned user is packer, by ovf-env.xml", Line + "verdict: Sealed (exit code 0): done");

        var result = Run();

        Assert.Equal((DeprovisionExitCode.ResidueLeft, "2 left by the rules of Test-AibGeneralization, first /home/packer (the home of packer)"), (result.Verdict, result.Cause));
        Assert.Equal(["UserHome", "RandomSeed"], result.Findings.Select(f => f.RuleId));
        Assert.Contains("verdict: ResidueLeft (exit code 18): 2 left by the rules", _written[^1].Line, StringComparison.Ordinal);
        Assert.Single(_written, line => line.Phase == "verdict");
        // The script has left it, and it would say something else than the verdict.
        Assert.Contains("/var/lib/aibdeprovision/sealed", _machine.Removed);
    }

    [Fact]
    public void What_is_kept_or_only_told_fails_nothing()
    {
        _root.Write("/home/packer/notes", "x");
        _root.Write("/etc/machine-id", "0123456789abcdef0123456789abcdef\n");
        _root.Write("/root/.npmrc", "x");
        _root.Write("/etc/fstab", "/dev/sdc1 /srv ext4 defaults 0 0\n");
        _machine.Says(0, Line + "waagent: the provisioned user is packer, by ovf-env.xml", Line + "verdict: Sealed (exit code 0): done");
        Assert.Equal(DeprovisionExitCode.Sealed, Run(new() { Platform = DeprovisionPlatform.Linux, KeepUser = true, Keep = ResidueKinds.MachineId }).Verdict);
    }

    [Fact]
    public void Residue_that_the_script_names_comes_with_its_findings()
    {
        _root.Write("/var/lib/systemd/random-seed", "x");
        _machine.Says(18, Line + "verify: left: x", Line + "verdict: ResidueLeft (exit code 18): 1 left, first x");
        var result = Run();
        Assert.Equal((DeprovisionExitCode.ResidueLeft, "1 left, first x"), (result.Verdict, result.Cause));
        Assert.Equal("RandomSeed", Assert.Single(result.Findings).RuleId);
        Assert.Empty(_machine.Removed);
    }

    [Theory]
    [InlineData(17, Line + "verdict: WaagentFailed (exit code 17): waagent logged: x", DeprovisionExitCode.WaagentFailed, "waagent logged: x")]
    [InlineData(0, Line + "waagent: running", DeprovisionExitCode.Unexpected, "the script ended with status 0 and not with a verdict; its last line: >>> AibDeprovision [ 1.2s] waagent: running")]
    [InlineData(0, Line + "verdict: ResidueLeft (exit code 18): x", DeprovisionExitCode.Unexpected, "the script ended with status 0 and not with a verdict")]
    [InlineData(99, Line + "verdict: Sealed (exit code 0): x", DeprovisionExitCode.Unexpected, "the script ended with status 99")]
    [InlineData(0, "    | verdict: Sealed (exit code 0): x", DeprovisionExitCode.Unexpected, "the script ended with status 0")]
    [InlineData(null, Line + "verdict: Sealed (exit code 0): x", DeprovisionExitCode.DeadlinePassed, "the script had not ended long after the deadline of 3600 s, and was ended")]
    public void Only_a_verdict_that_the_exit_status_confirms_is_one(int? status, string line, DeprovisionExitCode verdict, string cause)
    {
        _machine.Says(status, line);
        var result = Run();
        Assert.Equal(verdict, result.Verdict);
        Assert.StartsWith(cause, result.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_of_others_belong_to_the_phase_and_cannot_command_a_terminal()
    {
        _machine.Says(1, Line + "waagent: running", "    | WARNING! \u001b[31mred\u0007", "bare", Line + "verdict: Unexpected (exit code 1): x");
        Run();
        Assert.Equal(["waagent", "waagent", "waagent", "verdict"], _written.Select(line => line.Phase));
        Assert.All(_written, line => Assert.DoesNotContain(line.Line, char.IsControl));
    }

    [Fact]
    public void Without_root_nothing_is_run()
    {
        _machine.IsRoot = false;
        Assert.Equal(DeprovisionExitCode.NotElevated, Run().Verdict);
        Assert.Null(_machine.Script);
        Assert.Contains("verdict: NotElevated (exit code 19): it has to run as root", Assert.Single(_written).Line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_script_that_cannot_be_started_is_a_verdict_and_a_stop_is_none()
    {
        _machine.Throws(new AibException(ErrorId.WriteFailed, "No space.", "Look.", "/run"));
        Assert.Equal((DeprovisionExitCode.Unexpected, "No space. Look."), (Run() is var result ? result.Verdict : default, result.Cause));
        _machine.Throws(new OperationCanceledException());
        Assert.Throws<OperationCanceledException>(() => Run());
    }

    private DeprovisionResult Run(DeprovisionPlan? plan = null) => LinuxDeprovision.Run(
        _machine, plan ?? new DeprovisionPlan { Platform = DeprovisionPlatform.Linux }, (phase, line) => _written.Add((phase, line)), TestContext.Current.CancellationToken);

    private sealed class ScriptedMachine(ILinuxFiles files) : ILinuxMachine
    {
        private Func<Action<string>, int?> _run = _ => 0;

        public string? Script { get; private set; }

        public TimeSpan Limit { get; private set; }

        public List<string> Removed { get; } = [];

        public IClock Clock { get; } = new MonotonicClock();

        public ILinuxFiles Files => files;

        public bool IsRoot { get; set; } = true;

        public void Says(int? status, params string[] lines) => _run = write =>
        {
            Array.ForEach(lines, write);
            return status;
        };

        public void Throws(Exception exception) => _run = _ => throw exception;

        public int? RunScript(string script, Action<string> line, TimeSpan limit, CancellationToken cancel)
        {
            (Script, Limit) = (script, limit);
            return _run(line);
        }

        public void RemoveFile(string path) => Removed.Add(path);
    }
}
