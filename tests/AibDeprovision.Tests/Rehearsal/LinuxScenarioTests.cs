using System.Text.RegularExpressions;
using AibDeprovision.Plans;
using AibDeprovision.Rehearsal.Linux;
using AibDeprovision.Rehearsal.Scenarios;
using AibDeprovision.Scripts;
using static AibDeprovision.Tests.Rehearsal.LinuxRehearsalRun;

namespace AibDeprovision.Tests.Rehearsal;

/// <summary>What each of the project's Linux scripts does under every scenario. The outcomes are derived by hand, from what waagent is known to do.</summary>
public sealed class LinuxScenarioTests
{
    private const string Sealed = "Sealed 0";
    private const string False = "FalseSuccess 0";
    private const string NotFound = "Failed 127";

    /// <summary>Scenario; outcome and exit code of hardened, linux-1 and linux-2; minutes that hardened takes, and that the other two take.</summary>
    private static readonly (string Scenario, string Hardened, string Linux1, string Linux2, double Minutes, double GenericMinutes)[] Expected =
    [
        ("agent-present", Sealed, Sealed, Sealed, 0, 0),
        ("sh-is-bash", Sealed, Sealed, Sealed, 0, 0),
        ("agent-slow", Sealed, Sealed, Sealed, 20, 20),
        // linux-1 knows one place, linux-2 asks PATH as well, the hardened script knows the places of the distributions.
        ("agent-elsewhere", Sealed, NotFound, Sealed, 0, 0),
        ("agent-outside-path", Sealed, NotFound, NotFound, 0, 0),
        ("agent-missing", "Failed 16", NotFound, NotFound, 0, 0),
        ("agent-without-python", "Failed 16", NotFound, NotFound, 0, 0),
        // All that waagent has not done the hardened script does itself.
        ("agent-does-nothing", Sealed, False, False, 0, 0),
        ("agent-leaves-user", Sealed, False, False, 0, 0),
        ("agent-fails", "Failed 17", "Failed 1", "Failed 1", 0, 0),
        ("agent-swallows-exception", "Failed 17", False, False, 0, 0),
        ("agent-hangs", "Failed 15", "Hung ", "Hung ", 60, 240),
        // The user is known from cloud-init's sudo rules as well.
        ("no-ovf-env", Sealed, False, False, 0, 0),
        ("malformed-ovf-env", "Failed 17", False, False, 0, 0),
        ("accounts-locked", "Failed 18", False, False, 0, 0),
        ("resolv-conf-busy", "Failed 17", False, False, 0, 0),
        // What waagent deletes makes room for what it has to write.
        ("disk-full", Sealed, Sealed, Sealed, 0, 0),
        ("disk-read-only", "Failed 17", False, False, 0, 0),
        // Twice 90 s for the agent's service, and then waagent itself hangs until the deadline.
        ("systemctl-hangs", "Failed 15", "Hung ", "Hung ", 60, 240),
        ("cloud-init-absent", Sealed, Sealed, Sealed, 0, 0),
        ("cloud-init-clean-fails", Sealed, Sealed, Sealed, 0, 0),
        // The documented defaults wait for nobody.
        ("cloud-init-running", Sealed, Sealed, Sealed, 2, 0),
        ("cloud-init-never-done", "Failed 12", Sealed, Sealed, 15, 0),
        ("package-manager-busy", Sealed, Sealed, Sealed, 5, 0),
        ("package-manager-never-done", "Failed 12", Sealed, Sealed, 15, 0),
        ("not-root", "Failed 19", "Failed 1", "Failed 1", 0, 0),
    ];

    public static TheoryData<string, string, string, double> Cases
    {
        get
        {
            var data = new TheoryData<string, string, string, double>();
            foreach (var row in Expected)
            {
                data.Add(row.Scenario, "hardened", row.Hardened, row.Minutes);
                data.Add(row.Scenario, "linux-1", row.Linux1, row.GenericMinutes);
                data.Add(row.Scenario, "linux-2", row.Linux2, row.GenericMinutes);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_script_ends_as_derived(string scenario, string script, string expected, double minutes)
    {
        var result = Rehearse(ScriptOf(script), scenario);

        Assert.Equal(scenario, result.Scenario);
        Assert.True(expected == $"{result.Outcome} {result.ExitCode}", Tell(result));
        // A wait is noticed to be over at the next look, which is later the longer it has lasted.
        Assert.InRange(result.VirtualTime.TotalMinutes, minutes, minutes * 1.1);
        Assert.Equal(result.Outcome == RehearsalOutcome.Failed, result.Cause is not null);
        Assert.Equal(script == "hardened", result.Output.LastOrDefault("").Contains($"(exit code {result.ExitCode}): ", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_scenario_has_a_name_a_sentence_and_an_expectation()
    {
        Assert.Equal(Expected.Select(row => row.Scenario), LinuxRehearsal.Scenarios.Select(scenario => scenario.Name));
        Assert.Distinct(LinuxRehearsal.Scenarios.Select(scenario => scenario.Name));
        Assert.All(LinuxRehearsal.Scenarios, scenario =>
        {
            Assert.Matches(new Regex("^[a-z]+(-[a-z]+)*$", RegexOptions.CultureInvariant), scenario.Name);
            Assert.Matches(new Regex(@"^[A-Za-z/][^\n]*[A-Za-z0-9]\.$", RegexOptions.CultureInvariant), scenario.Description);
        });
    }

    [Fact]
    public void A_documented_default_counts_as_sealed_by_what_waagent_promises_and_the_rest_is_named()
    {
        var result = Rehearse(ScriptOf("linux-2"));

        Assert.Equal(
            "Sealed, but left: machine-id, dbus's copy of machine-id, cloud-init's state, cloud-init's sudo rules, cloud-init's network file, "
            + "the random seed, backups of the account files, root's SSH keys, the host name in /etc/hosts, logs, temporary files.",
            result.Detail);
        Assert.Contains("WARNING! packer account and entire home directory will be deleted.", result.Output);
    }

    [Fact]
    public void The_hardened_script_leaves_nothing() => Assert.Null(Rehearse(ScriptOf("hardened")).Detail);

    [Theory]
    [InlineData("agent-does-nothing", "the account packer, the home of packer, waagent's sudo rule for packer, the agent's state, SSH host keys, root's password")]
    [InlineData("no-ovf-env", "the account packer, the home of packer, waagent's sudo rule for packer")]
    [InlineData("accounts-locked", "the account packer, the home of packer")]
    [InlineData("agent-swallows-exception", "the account packer, the home of packer, waagent's sudo rule for packer, the agent's state, root's password")]
    public void A_false_success_names_what_is_left(string scenario, string left) =>
        Assert.Equal($"It exited with 0 and left {left}.", Rehearse(ScriptOf("linux-2"), scenario).Detail);

    [Theory]
    [InlineData("hardened", "agent-fails", "waagent ended with status 1: RuntimeError: the agent's configuration cannot be read")]
    [InlineData("hardened", "agent-hangs", "waagent had not ended when the deadline of 3600 s passed")]
    [InlineData("hardened", "cloud-init-never-done", "cloud-init was still at work after 900 s")]
    [InlineData("linux-2", "agent-fails", "RuntimeError: the agent's configuration cannot be read")]
    public void A_failure_has_the_cause_that_the_script_has_named(string script, string scenario, string cause) =>
        Assert.Equal(cause, Rehearse(ScriptOf(script), scenario).Cause);

    [Fact]
    public void Where_the_script_names_none_the_cause_is_the_last_line_that_tells_of_a_failure()
    {
        // Each shell has its own words for it.
        var cause = Rehearse(ScriptOf("linux-1"), "agent-missing").Cause;
        Assert.Contains("/usr/sbin/waagent", cause, StringComparison.Ordinal);
        Assert.Contains("not found", cause, StringComparison.Ordinal);
    }

    [Fact]
    public void A_user_that_is_to_stay_does_not_make_a_success_a_false_one()
    {
        var keeping = ScriptGenerator.Generate(new() { Platform = DeprovisionPlatform.Linux, KeepUser = true }).Content;

        var result = Rehearse(keeping, options: new() { KeepUser = true });

        Assert.True(result.Outcome == RehearsalOutcome.Sealed, Tell(result));
        Assert.StartsWith("Sealed, but left: the account packer, the home of packer", result.Detail, StringComparison.Ordinal);
    }
}
