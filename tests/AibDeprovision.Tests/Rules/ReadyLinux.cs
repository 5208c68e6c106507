using AibDeprovision.Machine.Linux;
using AibDeprovision.Machine.Linux.Live;

namespace AibDeprovision.Tests.Rules;

/// <summary>A Linux build VM in a folder that is ready to be deprovisioned, to be changed by a test.</summary>
internal sealed class ReadyLinux : ILinuxSystem, IDisposable
{
    public ReadyLinux()
    {
        Root.Write("/usr/sbin/waagent", "#!/usr/bin/python3\n");
        Root.Write("/usr/bin/python3", "");
        Root.Write("/usr/lib/python3/dist-packages/azurelinuxagent/common/version.py", "AGENT_NAME = 'WALinuxAgent'\nAGENT_VERSION = '2.7.3.0'\n");
        Root.Write("/etc/waagent.conf", "# Which one sets VMs up\nProvisioning.Agent=auto\nResourceDisk.Format=n\n");
        Root.Write("/var/lib/waagent/provisioned", "");
        Root.Write("/var/lib/waagent/ovf-env.xml", "<?xml version=\"1.0\"?><wa:Environment xmlns:wa=\"x\"><wa:UserName>packer</wa:UserName></wa:Environment>");
        Root.Write("/etc/default/grub", "GRUB_CMDLINE_LINUX=\"console=ttyS0\"\n");
        Root.Write("/etc/ssh/sshd_config", "PermitRootLogin no\n");
        Root.Write("/usr/lib/systemd/system/ssh.service", "[Unit]\n");
        Root.Write("/etc/systemd/system/multi-user.target.wants/ssh.service", "[Unit]\n");
        Root.Write("/run/cloud-init/status.json", "{}");
        Root.Write("/run/cloud-init/result.json", "{\n \"v1\": {\n  \"errors\": []\n }\n}\n");
        Root.Write("/proc/self/net/tcp", "  sl  local_address rem_address   st\n   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 12345 1\n");
        Root.Write("/proc/self/mounts", "/dev/sda1 / ext4 rw 0 0\n");
        Root.Write("/proc/1/status", "Name:\tsystemd\nState:\tS (sleeping)\n");
        Root.Write("/proc/1/cmdline", "/sbin/init\0");
    }

    public LinuxRoot Root { get; } = new();

    public bool IsRoot { get; set; } = true;

    public long Free { get; set; } = 20L * 1024 * 1024 * 1024;

    /// <summary>What programs come to; at first none of them is there.</summary>
    public Dictionary<string, ProgramRun> Programs { get; } = [];

    public ILinuxFiles Files => Root.Files;

    public long FreeSpace(string path) => Free;

    public ProgramRun RunProgram(IReadOnlyList<string> words) => Programs.TryGetValue(words[0], out var run) ? run : new ProgramRun(ProgramRun.NotFound, []);

    public void EditLines(string path, Func<string, string?> edit) => LinuxTextFile.EditLines(Root[path], edit);

    public void Dispose() => Root.Dispose();
}
