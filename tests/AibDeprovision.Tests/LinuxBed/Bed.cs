using AibDeprovision.Rehearsal.Linux.Sandbox;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.LinuxBed;

/// <summary>The Linux bed of tests/beds: whether this machine can have it, and where its scripts are.</summary>
internal static class Bed
{
    /// <summary>The first use builds the root, which takes about a minute on a machine that has none in its cache.</summary>
    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(8);

    private static readonly Lazy<string?> Reason = new(FindReason);

    /// <summary>A script of the bed.</summary>
    public static string Script(string name) => Repository.PathOf("tests", "beds", name);

    /// <summary>Skips the test where there can be no bed, or where another program that it needs is missing.</summary>
    public static void Require(params string[] programs)
    {
        var reason = Reason.Value ?? programs.Where(p => HostPrograms.Find(p) is null).Select(Toolbox.Missing).FirstOrDefault();
        SkipUnless(reason is null, reason ?? "");
    }

    /// <summary>Skips the test with the reason, or fails it where nothing may be missing.</summary>
    public static void SkipUnless(bool condition, string reason)
    {
        Assert.True(condition || !Toolbox.Required, reason);
        Assert.SkipUnless(condition, reason);
    }

    private static string? FindReason()
    {
        if (!OperatingSystem.IsLinux() || !string.Equals(Environment.UserName, "root", StringComparison.Ordinal))
        {
            return "The Linux bed needs Linux, and root.";
        }
        foreach (var program in (string[])["bash", "unshare", "nsenter", "flock", "ip", "mmdebstrap"])
        {
            if (HostPrograms.Find(program) is null)
            {
                return Toolbox.Missing(program);
            }
        }
        var root = BedProcess.Run([Script("linux-root.sh")], BuildLimit);
        if (root.ExitCode != 0)
        {
            return "The root of the Linux bed could not be built: " + root;
        }
        // No overlay, no namespaces, no network devices: a container for example may lack any of them.
        var trial = BedProcess.Run([Script("linux-case.sh"), "true"], TimeSpan.FromMinutes(1));
        return trial.ExitCode == 0 ? null : "A machine of the Linux bed cannot be made here: " + trial;
    }
}
