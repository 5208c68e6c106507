using AibDeprovision.Machine;
using AibDeprovision.Plans;

namespace AibDeprovision.Generalizing.Linux;

/// <summary>Waits until no package manager is at work any more and cloud-init is done: waagent and they would get into each other's way.</summary>
internal sealed class LinuxQuiet(LinuxWork work)
{
    private const string CloudInitResult = "/run/cloud-init/result.json";

    private static readonly TimeSpan StatusLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>Programs that hold the locks of package managers, by the 15 bytes that the kernel keeps of a name.</summary>
    private static readonly HashSet<string> PackageManagers = new(StringComparer.Ordinal)
    {
        "apt", "apt-get", "aptitude", "apt.systemd.dai", "dpkg", "dpkg-deb", "unattended-upgr",
        "dnf", "dnf5", "dnf-automatic", "microdnf", "tdnf", "yum", "rpm", "zypper", "Zypp-main",
    };

    private string _cloudInit = "";

    /// <summary>Waits.</summary>
    /// <exception cref="DeprovisionEndException">Somebody was still at work at the limit.</exception>
    public void Wait()
    {
        if (FindBusy() is not null)
        {
            WaitForAll();
        }
        work.Log.Phase("wait-agent", $"no package manager is at work; cloud-init: {_cloudInit}");
    }

    private void WaitForAll()
    {
        var since = work.Log.Elapsed;
        var told = new HashSet<string>(StringComparer.Ordinal);
        using var watch = work.Machine.Watch(new Watched { Files = [CloudInitResult] });
        while (FindBusy() is { } busy)
        {
            if (told.Add(busy.Kind))
            {
                work.Log.Phase("wait-agent", $"waiting for {busy.Who}");
            }
            var waited = work.Log.Elapsed - since;
            if (work.Left == TimeSpan.Zero)
            {
                throw new DeprovisionEndException(DeprovisionExitCode.DeadlinePassed, $"{busy.Who} was still at work when {work.Deadline} passed");
            }
            if (waited >= work.Plan.ServiceTimeout)
            {
                throw new DeprovisionEndException(DeprovisionExitCode.NotReady, FormattableString.Invariant($"{busy.Who} was still at work after {work.Plan.ServiceTimeout.TotalSeconds} s"));
            }
            // The longer it lasts, the less often it is looked at; nothing tells that a package manager has ended.
            var pause = TimeSpan.FromSeconds(1 + (waited.TotalSeconds / 10));
            watch.Wait(new[] { pause, LongestPause, work.Plan.ServiceTimeout - waited, work.Left }.Min(), work.Cancel);
        }
    }

    private (string Kind, string Who)? FindBusy()
    {
        // Ubuntu always has an unattended-upgrade-shutdown, which only waits for the shutdown.
        var manager = work.Machine.Processes(PackageManagers).FirstOrDefault(p => !p.CommandLine.Contains("--wait-for-signal"));
        if (manager is not null)
        {
            return ("packages", FormattableString.Invariant($"{manager.Name} (process {manager.Id})"));
        }
        _cloudInit = FindCloudInit();
        return _cloudInit == "running" ? ("cloud-init", "cloud-init") : null;
    }

    // Without 'status --wait', which may never come back.
    private string FindCloudInit()
    {
        var tree = work.Look();
        if (work.Machine.FindProgram("cloud-init") is not { } program)
        {
            return "absent";
        }
        var hasEnded = tree.Exists(CloudInitResult);
        if (tree.Exists("/etc/cloud/cloud-init.disabled") || tree.ReadText("/proc/cmdline")?.Contains("cloud-init=disabled") == true || (tree.Exists("/run/cloud-init/disabled") && !hasEnded))
        {
            return "disabled";
        }
        if (hasEnded)
        {
            return "done";
        }
        var run = work.Run(StatusLimit, program, "status");
        // Installed during the build: there is no run to wait for.
        if (!tree.Exists("/run/cloud-init/status.json") && run is { Status: not 0, TimedOut: false })
        {
            return "not started";
        }
        var status = run.Lines.Where(line => line.StartsWith("status:", StringComparison.Ordinal)).Select(line => line.Substring(7).Trim()).FirstOrDefault() ?? "";
        string[] ended = ["done", "error", "degraded", "disabled", "not"];
        return ended.Any(word => status.StartsWith(word, StringComparison.Ordinal)) ? status : "running";
    }
}
