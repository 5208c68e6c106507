using System.Diagnostics;
using System.Globalization;
using System.Text;
using AibDeprovision.Machine;
using AibDeprovision.Rehearsal.Linux.Sandbox;
using AibDeprovision.Rehearsal.Linux.Stubs;
using AibDeprovision.Rehearsal.Scenarios;
using AibDeprovision.Scripts.Quoting;

namespace AibDeprovision.Rehearsal.Worker;

/// <summary>The command line and the surroundings of a worker.</summary>
internal static class WorkerLaunch
{
    /// <summary>Of the caller's environment only what a runtime needs to come up.</summary>
    private static readonly string[] Inherited =
        ["PATH", "HOME", "LANG", "SystemRoot", "SystemDrive", "windir", "TEMP", "TMP", "TMPDIR", "USERPROFILE", "LOCALAPPDATA", "APPDATA", "ProgramFiles", "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "DOTNET_EnableWriteXorExecute", "DOTNET_ROOT", "DOTNET_ROOT_X64", "DOTNET_ROOT_ARM64"];

    /// <summary>RLIMIT_DATA of a worker, in kilobytes.</summary>
    public static string MostData { get; } = (WorkerLimits.Data >> 10).ToString(CultureInfo.InvariantCulture);

    /// <summary>Starts one.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public static Process Start(WorkerHost host, RehearsalIsolation isolation)
    {
        string[] worker = [host.Program, .. host.Words, .. Settings(host), "-NoLogo", "-NoProfile", "-NonInteractive", "-InputFormat", "None", "-EncodedCommand", Convert.ToBase64String(Encoding.Unicode.GetBytes(Command))];
        string[] words = Host.IsWindows ? worker
            : isolation == RehearsalIsolation.Sandbox ? WorkerSandbox.Wrap(host, worker)
            : WithLimits(MostData, [.. DyingWithThis, .. worker]);
        var start = new ProcessStartInfo(words[0], ProcessArguments.Join(words.Skip(1)))
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetPathRoot(Environment.SystemDirectory) is { Length: > 0 } root ? root : "/",
        };
        SetEnvironment(start, isolation);
        return LastingThread.Run(() => Process.Start(start)) ?? throw new System.ComponentModel.Win32Exception("no process was started");
    }

    /// <summary>A command line for Linux or another Unix: it closes what the caller has open, and bounds the memory.</summary>
    public static string[] WithLimits(string kilobytes, IReadOnlyList<string> words) =>
    [
        HostPrograms.Find("bash") ?? HostPrograms.Find("sh") ?? "/bin/sh", "-c", Stub.Load("limits"), "sh", kilobytes, .. words,
    ];

    /// <summary>What makes a command end when this process ends, however it ends; nothing where the host has no such program.</summary>
    public static string[] DyingWithThis => Host.Platform == Plans.DeprovisionPlatform.Linux && HostPrograms.Find("setpriv") is { } setpriv ? [setpriv, "--pdeathsig", "KILL", "--"] : [];

    // By reflection: what runs in the worker is no command of the module's.
    private static string Command => $"[Reflection.Assembly]::LoadFrom({PowerShellText.Quote(typeof(WorkerEntry).Assembly.Location)}).GetType('{typeof(WorkerEntry).FullName}')"
        + $".GetMethod('{nameof(WorkerEntry.Run)}').Invoke($null, $null)";

    // Not where PowerShell has settings of its machine, which may be somebody's policy, nor in Windows PowerShell, which has no such option.
    private static string[] Settings(WorkerHost host) =>
        File.Exists(Path.Combine(host.Folder, "powershell.config.json")) || Path.GetFileName(host.Program).Equals("powershell.exe", StringComparison.OrdinalIgnoreCase)
            ? []
            : ["-SettingsFile", Path.ChangeExtension(typeof(WorkerEntry).Assembly.Location, ".json")];

    private static void SetEnvironment(ProcessStartInfo start, RehearsalIsolation isolation)
    {
        start.EnvironmentVariables.Clear();
        foreach (var name in Inherited)
        {
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value)
            {
                start.EnvironmentVariables[name] = value;
            }
        }
        if (isolation == RehearsalIsolation.Sandbox)
        {
            start.EnvironmentVariables["HOME"] = "/tmp";
            start.EnvironmentVariables["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin";
            start.EnvironmentVariables.Remove("TMPDIR");
        }
        // The VM's, which nothing of the caller's shows through.
        start.EnvironmentVariables["TZ"] = "UTC";
        start.EnvironmentVariables["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        start.EnvironmentVariables["POWERSHELL_UPDATECHECK"] = "Off";
        start.EnvironmentVariables["DOTNET_GCHeapHardLimit"] = "0x" + WorkerLimits.Heap.ToString("X", CultureInfo.InvariantCulture);
        // Server or not: two heaps would have half each.
        start.EnvironmentVariables["DOTNET_gcServer"] = "0";
        // What the engine allocates for a command is garbage right after it: the rarer the heap is looked through, the less is copied.
        start.EnvironmentVariables["DOTNET_GCgen0size"] = "0x4000000";
        start.EnvironmentVariables["DOTNET_gcConcurrent"] = "0";
        // It lives for seconds: code is better compiled once than measured first.
        start.EnvironmentVariables["DOTNET_TieredPGO"] = "0";
        // Nobody outside may attach to it, and nothing is written when it dies.
        start.EnvironmentVariables["DOTNET_EnableDiagnostics"] = "0";
    }
}
