using System.Globalization;
using AibDeprovision.Machine;
using AibDeprovision.Machine.Linux.Native;
using AibDeprovision.Plans;
using AibDeprovision.Rehearsal.Linux.Sandbox;
using AibDeprovision.Rehearsal.Linux.Stubs;

namespace AibDeprovision.Rehearsal.Worker;

/// <summary>
/// The namespaces in which a worker runs on a Linux host that grants them: no network, no process but its own, and of the
/// host's files the libraries, the runtime, PowerShell and this module, read-only. Root runs it as a user without rights.
/// </summary>
internal static class WorkerSandbox
{
    /// <summary>A folder that every Linux has; the worker's root is made there, in a mount namespace that nobody else sees.</summary>
    private const string Stage = "/mnt";

    private static readonly string[] Programs = ["bash", "sh", "mount", "umount", "pivot_root", "prlimit", "setpriv", "unshare", "mkdir", "chown", "chmod"];

    private static readonly string[] Devices = ["/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"];

    /// <summary>Whether it can be tried at all: on Linux, where the programs are that set it up.</summary>
    public static bool IsPossible => Host.Platform == DeprovisionPlatform.Linux && Array.TrueForAll(Programs, program => HostPrograms.Find(program) is not null);

    /// <summary>The command line that runs a worker there.</summary>
    public static string[] Wrap(WorkerHost host, IReadOnlyList<string> worker)
    {
        var isRoot = Libc.Geteuid() == 0;
        var root = isRoot ? Stage + "/root" : Stage;
        var lent = Lent(host).ToList();
        var pairs = lent.SelectMany((path, n) => new[] { isRoot && !Devices.Contains(path) ? $"{Stage}/{n.ToString(CultureInfo.InvariantCulture)}" : path, path });
        string[] inside =
        [
            .. SandboxLaunch.WithoutRights(), "unshare", "--user", "--map-root-user", "--mount", "--pid", "--fork", "--kill-child", "--net", "--uts", "--ipc", "--",
            "sh", "-c", Stub.Load("worker"), "sh", root, lent.Count.ToString(CultureInfo.InvariantCulture), .. pairs, .. worker,
        ];
        return WorkerLaunch.WithLimits(WorkerLaunch.MostData, isRoot
            ? ["unshare", "--mount", "--propagation", "private", "--", "sh", "-c", Stub.Load("stage"), "sh", Stage, lent.Count.ToString(CultureInfo.InvariantCulture), .. lent, .. inside]
            : inside);
    }

    private static IEnumerable<string> Lent(WorkerHost host)
    {
        string[] folders =
        [
            "/usr/lib", "/usr/lib32", "/usr/lib64", "/lib", "/lib32", "/lib64",
            WorkerHost.DotNetRoot, Path.GetDirectoryName(host.Program)!, host.Folder, Path.GetDirectoryName(typeof(WorkerEntry).Assembly.Location)!,
        ];
        var lent = new List<string>();
        foreach (var folder in folders.Where(Directory.Exists))
        {
            if (!lent.Exists(known => (folder + "/").StartsWith(known + "/", StringComparison.Ordinal)))
            {
                lent.Add(folder);
            }
        }
        string[] programs = [HostPrograms.Find("umount")!, HostPrograms.Find("setpriv")!];
        return [.. lent, .. programs, .. Devices];
    }
}
