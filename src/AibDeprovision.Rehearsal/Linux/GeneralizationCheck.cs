using AibDeprovision.Rehearsal.Linux.Sandbox;
using AibDeprovision.Rules;
using AibDeprovision.Rules.Linux;

namespace AibDeprovision.Rehearsal.Linux;

/// <summary>
/// Looks at what is left of a machine, whatever the script has said of it.
/// <para>
/// There are two levels. What waagent -deprovision+user promises decides whether a machine counts as sealed: the user is
/// gone with home and rules, the agent's state is cleared, root's password is locked, the SSH host keys are gone. What
/// that promise leaves out (machine-id, cloud-init's state, logs, histories and so on) is named, and decides nothing:
/// the documented default clears none of it.
/// </para>
/// </summary>
internal sealed class GeneralizationCheck
{
    private const string User = ProvisionedMachine.User;

    /// <summary>waagent's promise of the user; where the user is meant to stay it is none.</summary>
    private static readonly (string What, string[] Rules)[] UserPromise =
    [
        ($"the account {User}", ["UserAccount"]),
        ($"the home of {User}", ["UserHome"]),
        ($"waagent's sudo rule for {User}", ["AgentSudoRules"]),
    ];

    /// <summary>The rest of its promise.</summary>
    private static readonly (string What, string[] Rules)[] Promise =
    [
        ("the agent's state", ["AgentProvisioned", "AgentEnvironment", "AgentState"]),
        ("SSH host keys", ["SshHostKeys"]),
        ("root's password", ["RootPassword"]),
    ];

    /// <summary>What it does not promise.</summary>
    private static readonly (string What, string[] Rules)[] Rest =
    [
        ("machine-id", ["MachineId"]),
        ("dbus's copy of machine-id", ["MachineIdCopy"]),
        ("cloud-init's state", ["CloudInitState"]),
        ("cloud-init's sudo rules", ["CloudInitSudoRules"]),
        ("cloud-init's network file", ["CloudInitNetworkFiles"]),
        ("DHCP leases", ["DhcpLeases"]),
        ("the random seed", ["RandomSeed"]),
        ("backups of the account files", ["AccountBackups"]),
        ("root's SSH keys", ["RootSshKeys"]),
        ("histories", ["Histories"]),
        ("the host name in /etc/hosts", ["HostsLine"]),
        ("logs", ["AgentLogs", "CloudInitLogs", "Journal", "Logs"]),
        ("temporary files", ["TempFiles"]),
    ];

    /// <summary>Looks.</summary>
    /// <param name="machine">What is left.</param>
    /// <param name="agentCalls">With what arguments the agent was run.</param>
    /// <param name="keepsUser">Whether the user is meant to stay.</param>
    public GeneralizationCheck(ScratchMachine machine, IReadOnlyList<string> agentCalls, bool keepsUser)
    {
        var files = new ScratchFiles(machine);
        HashSet<string> found = [.. LinuxResidue.Check(files, new GeneralizationPolicy { Users = [User] }).Select(finding => finding.RuleId)];
        var asked = agentCalls.Where(call => call.Contains("deprovision")).ToList();
        AskedWithoutUser = asked.Count > 0 && !asked.Exists(call => call.Contains("+user"));
        // Without its own accounts it is no machine any more.
        var lost = machine.ReadFile("/etc/passwd")?.Split('\n').Any(line => line.StartsWith("root:", StringComparison.Ordinal)) == true ? [] : (string[])["the machine's own accounts"];
        Broken = [.. lost, .. LeftOf(keepsUser ? Promise : [.. UserPromise, .. Promise])];
        Left = LeftOf(keepsUser ? [.. UserPromise, .. Rest] : Rest);

        List<string> LeftOf((string What, string[] Rules)[] items) => [.. items.Where(item => item.Rules.Any(found.Contains)).Select(item => item.What)];
    }

    /// <summary>Whether the agent was only asked for -deprovision, which leaves the user.</summary>
    public bool AskedWithoutUser { get; }

    /// <summary>What breaks waagent's promise; empty for a sealed machine.</summary>
    public IReadOnlyList<string> Broken { get; }

    /// <summary>What else of the machine is left.</summary>
    public IReadOnlyList<string> Left { get; }
}
