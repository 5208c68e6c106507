using System.Text;

namespace AibDeprovision.Rehearsal.Linux.Sandbox;

/// <summary>The mounts of a machine, as mount --all reads them.</summary>
internal static class MountTable
{
    private static readonly string[] Devices = ["/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"];

    /// <summary>The text of the table.</summary>
    /// <param name="machineFolder">Where the machine is laid out.</param>
    /// <param name="clockFolder">The files of its clock; null when it has the host's.</param>
    public static string Build(string machineFolder, string? clockFolder)
    {
        var table = new StringBuilder();
        foreach (var mount in HostPrograms.OfThisHost.Mounts)
        {
            // With the mounts below it: without them the system refuses, as they may hide something.
            Add(mount.Value, mount.Key, "none", "rbind,ro");
            var units = mount.Value + "/systemd";
            if (mount.Key == mount.Value && Directory.Exists(units))
            {
                // What the host has for services says nothing about the machine.
                Add("none", units, "tmpfs", "ro,size=4k");
            }
        }
        foreach (var device in Devices)
        {
            Add(device, device, "none", "bind");
        }
        Add("proc", "/proc", "proc", "nosuid,nodev,noexec");
        // What the host's boot loader gave its kernel.
        Add("/dev/null", "/proc/cmdline", "none", "bind");
        if (clockFolder is not null)
        {
            Add(clockFolder, "/opt/rehearsal/clock", "none", "bind,ro");
            Add(clockFolder + "/uptime", "/proc/uptime", "none", "bind,ro");
        }
        return table.ToString();

        void Add(string source, string path, string type, string options) =>
            table.Append(Escape(source)).Append(' ').Append(Escape(machineFolder + path)).Append(' ').Append(type).Append(' ').Append(options).Append(" 0 0\n");
    }

    private static string Escape(string path) =>
        path.Replace("\\", "\\134").Replace(" ", "\\040").Replace("\t", "\\011").Replace("\n", "\\012").Replace("#", "\\043");
}
