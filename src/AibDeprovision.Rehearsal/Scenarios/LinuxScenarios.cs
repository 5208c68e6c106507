using AibDeprovision.Rehearsal.Linux;
using AibDeprovision.Rehearsal.Linux.Sandbox;

namespace AibDeprovision.Rehearsal.Scenarios;

/// <summary>The scenarios of a Linux rehearsal. What a stub is to do differently stands in a file below /opt/rehearsal.</summary>
internal static class LinuxScenarios
{
    private const string Agent = "/usr/sbin/waagent";
    private const string Boot = "/opt/rehearsal/boot";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<LinuxScenario> All { get; } =
    [
        new("agent-present", "Everything is in order: waagent is where it is expected and does its work.", _ => { }),
        new("sh-is-bash", "A machine of the Red Hat family or Azure Linux: sh is bash, and there is no apt-get.", OfRedHat),
        new("agent-slow", "waagent needs twenty minutes and then does its work.", AgentThat("slow")),
        new("agent-elsewhere", "waagent is in PATH, but not in /usr/sbin.", MoveAgent("/usr/local/sbin/waagent")),
        new("agent-outside-path", "waagent is only in /usr/share/oem/bin, which is not in PATH.", MoveAgent("/usr/share/oem/bin/waagent")),
        new("agent-missing", "There is no waagent; a customizer has removed it.", machine => machine.Delete(Agent)),
        new("agent-without-python", "waagent is there, but the Python that its first line names is not.", WithoutPython),
        new("agent-does-nothing", "waagent exits with 0 and has done nothing.", AgentThat("does-nothing")),
        new("agent-leaves-user", "waagent does its work, except that it leaves the user without a word.", AgentThat("leaves-user")),
        new("agent-fails", "waagent exits with 1 and has done nothing.", AgentThat("fails")),
        new("agent-swallows-exception", "Half way waagent meets an exception, logs it and exits with 0.", AgentThat("raises")),
        new("agent-hangs", "waagent never ends.", AgentThat("hangs")),
        new("no-ovf-env", "ovf-env.xml is gone, so waagent does not know which user to delete, says so and exits with 0.", machine => machine.Delete(ProvisionedMachine.OvfPath)),
        new("malformed-ovf-env", "ovf-env.xml is cut off, so waagent does nothing at all, logs it and exits with 0.", machine => machine.WriteFile(ProvisionedMachine.OvfPath, "<?xml version=\"1.0\"?>\n<ns0:Environment>\n")),
        new("accounts-locked", "Another program holds the lock of the account files, so that no account can be deleted.", Switch("accounts-locked")),
        new("resolv-conf-busy", "/etc/resolv.conf is a mount point: waagent cannot delete it, and comes no further.", AtBoot("mount --bind /etc/resolv.conf /etc/resolv.conf")),
        new("disk-full", "Nothing can be written to the disk when the script starts.", AtBoot("cat /dev/zero >/var/lib/ballast 2>/dev/null")) { DiskSize = "1m" },
        new("disk-read-only", "After an error of the disk the root file system is mounted read-only.", AtBoot("mount -o remount,bind,ro /")),
        new("systemctl-hangs", "systemd does not answer, so systemctl never ends, and neither does waagent, which calls it.", Switch("systemd-hangs")),
        new("cloud-init-absent", "There is no cloud-init; waagent itself has provisioned the machine.", WithoutCloudInit),
        new("cloud-init-clean-fails", "cloud-init clean ends with an exception.", Switch("clean-fails")),
        new("cloud-init-running", "cloud-init is at work for two more minutes.", CloudInitThatNeeds("120")),
        new("cloud-init-never-done", "cloud-init is at work and never gets done.", CloudInitThatNeeds("infinity")),
        new("package-manager-busy", "apt-get is at work for five more minutes.", PackageManagerThatNeeds("300")),
        new("package-manager-never-done", "apt-get is at work and never ends.", PackageManagerThatNeeds("infinity")),
        new("not-root", "The script is run by a user who is not root.", _ => { }) { AsRoot = false },
    ];

    private static Action<ScratchMachine> AgentThat(string way) => machine => machine.WriteFile("/opt/rehearsal/agent", way + "\n");

    private static Action<ScratchMachine> Switch(string name) => machine => machine.WriteFile("/opt/rehearsal/" + name, "");

    private static Action<ScratchMachine> MoveAgent(string path) => machine =>
    {
        var agent = machine.ReadFile(Agent)!;
        machine.Delete(Agent);
        machine.WriteProgram(path, agent);
    };

    private static void WithoutPython(ScratchMachine machine) =>
        machine.WriteProgram(Agent, machine.ReadFile(Agent)!.Replace("#!/bin/sh", "#!/usr/bin/python3.6"));

    private static void WithoutCloudInit(ScratchMachine machine)
    {
        foreach (var path in (string[])["/usr/bin/cloud-init", "/etc/cloud", "/etc/sudoers.d/90-cloud-init-users", "/etc/netplan/50-cloud-init.yaml", "/var/lib/cloud", "/var/log/cloud-init.log", "/run/cloud-init"])
        {
            machine.Delete(path);
        }
    }

    private static Action<ScratchMachine> CloudInitThatNeeds(string duration) => machine =>
    {
        machine.Delete(ProvisionedMachine.CloudInitResult);
        machine.WriteProgram("/opt/rehearsal/cloud-final", $"#!/bin/sh\nsleep {duration}\necho '{{}}' >{ProvisionedMachine.CloudInitResult}\n");
        AtBoot("(/opt/rehearsal/cloud-final </dev/null >/dev/null 2>&1 &)")(machine);
    };

    private static Action<ScratchMachine> PackageManagerThatNeeds(string duration) => machine =>
    {
        AtBoot($"(REHEARSAL_HOLDS={duration} apt-get -y upgrade </dev/null >/dev/null 2>&1 &)")(machine);
    };

    private static void OfRedHat(ScratchMachine machine)
    {
        machine.WriteLink("/usr/bin/sh", (HostPrograms.Find("bash") ?? "/bin/bash").Insert(0, HostPrograms.Folder));
        machine.WriteFile("/etc/os-release", "NAME=\"Red Hat Enterprise Linux\"\nPRETTY_NAME=\"Red Hat Enterprise Linux 9.4 (Plow)\"\nID=\"rhel\"\nID_LIKE=\"fedora\"\nVERSION_ID=\"9.4\"\n");
        machine.Delete("/usr/bin/apt");
        machine.Delete("/usr/bin/apt-get");
    }

    /// <summary>Time passes only when all wait: after sleep 0 whatever the line has started has come to its first wait.</summary>
    private static Action<ScratchMachine> AtBoot(string line) => machine =>
        machine.WriteProgram(Boot, $"#!/bin/sh\n{line}\nsleep 0\n");
}
