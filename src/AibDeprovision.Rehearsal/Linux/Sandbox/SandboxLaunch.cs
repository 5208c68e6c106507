using System.Diagnostics;
using System.Globalization;
using AibDeprovision.Machine;
using AibDeprovision.Machine.Linux.Native;
using AibDeprovision.Rehearsal.Worker;

namespace AibDeprovision.Rehearsal.Linux.Sandbox;

/// <summary>Starts a <see cref="LinuxSandbox"/>.</summary>
internal static class SandboxLaunch
{
    /// <summary>CAP_SYS_ADMIN.</summary>
    private const int SysAdmin = 21;

    /// <summary>Starts setup.sh as the first process of new namespaces.</summary>
    public static Process Start(SandboxFolder folder, IReadOnlyList<string> command, SandboxOptions options)
    {
        var words = WorkerLaunch.WithLimits("unlimited",
        [
            .. WithoutRights(), "unshare", "--user", "--map-root-user", "--mount", "--pid", "--fork",
            "--kill-child", "--net", "--uts", "--ipc", "--", "sh", Path.Combine(folder.FolderPath, "setup.sh"),
            folder.FolderPath, options.DiskSize, options.AsRoot ? "yes" : "no", .. command,
        ]);
        var start = new ProcessStartInfo(words[0], ProcessArguments.Join(words.Skip(1)))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        start.EnvironmentVariables.Clear();
        foreach (var variable in options.Environment)
        {
            start.EnvironmentVariables[variable.Key] = variable.Value;
        }
        return LastingThread.Run(() => Process.Start(start)) ?? throw new InvalidOperationException("unshare could not be started.");
    }

    /// <summary>
    /// What turns root into a user without rights, who may still make namespaces: systems that let nobody but root make
    /// them ask for this one capability. It is void inside. Whoever it is, what is run ends with the thread that starts it.
    /// </summary>
    public static IEnumerable<string> WithoutRights()
    {
        if (Libc.Geteuid() != 0)
        {
            return ["setpriv", "--pdeathsig", "KILL", "--"];
        }
        var nobody = SandboxFolder.Nobody.ToString(CultureInfo.InvariantCulture);
        string[] keep = HasCapability(SysAdmin) ? ["--inh-caps=+sys_admin", "--ambient-caps=+sys_admin"] : [];
        return ["setpriv", "--pdeathsig", "KILL", "--reuid", nobody, "--regid", nobody, "--clear-groups", .. keep, "--"];
    }

    private static bool HasCapability(int number)
    {
        const string Key = "CapEff:";
        var line = File.ReadLines("/proc/self/status").FirstOrDefault(text => text.StartsWith(Key, StringComparison.Ordinal));
        return line is not null
            && ulong.TryParse(line.Substring(Key.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var set)
            && (set >> number & 1) == 1;
    }
}
