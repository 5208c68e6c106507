using AibDeprovision.Machine.Linux;
using AibDeprovision.Rehearsal.Linux.Sandbox;

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
    private readonly ScratchMachine machine;
    private readonly List<string> broken = [];
    private readonly List<string> left = [];

    /// <summary>Looks.</summary>
    public GeneralizationCheck(ScratchMachine machine)
    {
        this.machine = machine;
        Promise("the machine's own accounts", !HasLine("/etc/passwd", "root:"));
        CheckUser();
        Promise("the agent's state", machine.Below("/var/lib/waagent").Any());
        Promise("SSH host keys", machine.Below("/etc/ssh").Any(path => path.StartsWith("/etc/ssh/ssh_host_", StringComparison.Ordinal)));
        Promise("root's password", !HasLine("/etc/shadow", "root:*") && !HasLine("/etc/shadow", "root:!"));
        CheckRest();
    }

    /// <summary>What breaks waagent's promise; empty for a sealed machine.</summary>
    public IReadOnlyList<string> Broken => broken;

    /// <summary>What else of the machine is left.</summary>
    public IReadOnlyList<string> Left => left;

    private void CheckUser()
    {
        const string User = ProvisionedMachine.User;
        (string What, bool IsLeft)[] items =
        [
            ($"the account {User}", HasLine("/etc/passwd", User + ":")),
            ($"the home of {User}", machine.Exists("/home/" + User)),
            ($"waagent's sudo rule for {User}", HasLine("/etc/sudoers.d/waagent", User + " ")),
        ];
        foreach (var (what, isLeft) in items)
        {
            // A script that asks for -deprovision without +user means to keep the user.
            if (machine.ReadFile("/opt/rehearsal/asked") is { } asked && !asked.Contains("+user"))
            {
                Note(what, isLeft);
            }
            else
            {
                Promise(what, isLeft);
            }
        }
    }

    private void CheckRest()
    {
        Note("machine-id", machine.ReadFile("/etc/machine-id") is { Length: > 0 } and not "uninitialized\n");
        Note("dbus's copy of machine-id", machine.Exists("/var/lib/dbus/machine-id"));
        Note("cloud-init's state", machine.Exists("/var/lib/cloud/instance") || machine.Exists("/var/lib/cloud/data/set-hostname"));
        Note("cloud-init's sudo rules", machine.Exists("/etc/sudoers.d/90-cloud-init-users"));
        Note("cloud-init's network file", machine.Exists("/etc/netplan/50-cloud-init.yaml"));
        Note("DHCP leases", machine.Below("/var/lib/dhcp").Any());
        Note("the random seed", machine.Exists("/var/lib/systemd/random-seed"));
        Note("backups of the account files", machine.Exists("/etc/passwd-") || machine.Exists("/etc/shadow-"));
        Note("root's SSH keys", machine.Exists("/root/.ssh/authorized_keys"));
        Note("histories", machine.Exists("/root/.bash_history"));
        Note("the host name in /etc/hosts", HasLine("/etc/hosts", "127.0.1.1"));
        Note("logs", machine.Below("/var/log").Any(path => machine.Files[path] is { Kind: MachineFileKind.File, Size: > 0 }));
        Note("temporary files", machine.Below("/var/tmp").Any());
    }

    private void Promise(string what, bool isLeft) => Add(broken, what, isLeft);

    private void Note(string what, bool isLeft) => Add(left, what, isLeft);

    private static void Add(List<string> list, string what, bool isLeft)
    {
        if (isLeft)
        {
            list.Add(what);
        }
    }

    private bool HasLine(string path, string start) =>
        machine.ReadFile(path)?.Split('\n').Any(line => line.StartsWith(start, StringComparison.Ordinal)) == true;
}
