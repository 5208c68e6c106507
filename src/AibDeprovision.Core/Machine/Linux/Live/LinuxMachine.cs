using System.Globalization;
using AibDeprovision.Errors;
using AibDeprovision.Machine.Linux.Native;

namespace AibDeprovision.Machine.Linux.Live;

/// <summary>The Linux machine that this process runs on: its units by systemctl, its files by inotify, its processes by /proc.</summary>
internal sealed class LinuxMachine : IServiceMachine, ILinuxMachine, ILinuxSystem
{
    private const string Service = ".service";
    private const string MarkerOfAgent = "/var/lib/waagent/provisioned";

    // systemd keeps a link there for every unit that runs, so a unit's start and end can be seen without asking for it.
    private const string RunningUnits = "/run/systemd/units";
    private const string InstalledUnits = "/etc/systemd/system";

    // One agent under two names: walinuxagent on Debian and Ubuntu, waagent elsewhere.
    private static readonly string[] AgentUnits = ["walinuxagent", "waagent"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _systemctl;
    private readonly IReadOnlyList<string> _unitFolders;

    /// <param name="systemctl">The program that is asked; the tests have one of their own.</param>
    /// <param name="unitFolders">Folders in which something comes or goes with a unit's state.</param>
    /// <param name="provisionedMarker">The file that says that the VM is provisioned.</param>
    public LinuxMachine(string systemctl = "systemctl", IReadOnlyList<string>? unitFolders = null, string provisionedMarker = MarkerOfAgent)
    {
        ProvisionedMarker = provisionedMarker;
        _systemctl = systemctl;
        _unitFolders = unitFolders ?? [RunningUnits, InstalledUnits];
    }

    /// <summary>The agent's unit, by the name it has on Debian and Ubuntu; <see cref="FindService"/> finds it under the other one too.</summary>
    public static string AgentUnit => AgentUnits[0];

    /// <summary>Written when the agent, or cloud-init in its place, has provisioned the VM.</summary>
    public string ProvisionedMarker { get; }

    /// <summary>Whether <see cref="ProvisionedMarker"/> is there.</summary>
    /// <exception cref="AibException">It cannot be seen: the agent keeps its folder to root (<see cref="ErrorId.AccessDenied"/>).</exception>
    public bool IsProvisioned
    {
        get
        {
            try
            {
                return Files.Find(ProvisionedMarker) is not null;
            }
            catch (AibException e)
            {
                throw new AibException(e.Id, $"Whether the VM is provisioned cannot be seen from {ProvisionedMarker}: {e.Message}.", "Run it as root, in an inline Shell step with sudo.", ProvisionedMarker, e);
            }
        }
    }

    /// <inheritdoc/>
    public IClock Clock { get; } = new MonotonicClock();

    /// <inheritdoc/>
    public ILinuxFiles Files { get; } = new RootedFiles("/");

    /// <inheritdoc/>
    public bool IsRoot => Libc.Geteuid() == 0;

    /// <inheritdoc/>
    public int? RunScript(string script, Action<string> line, TimeSpan limit, CancellationToken cancel) => LinuxScript.Run(script, line, limit, cancel);

    /// <inheritdoc/>
    public long FreeSpace(string path)
    {
        try
        {
            return new DriveInfo(path).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AibException(ErrorId.ReadFailed, $"The free space of {path} cannot be read: {e.Message}", "Look at the disk.", path, e);
        }
    }

    /// <inheritdoc/>
    public ProgramRun RunProgram(IReadOnlyList<string> words) => LinuxPrograms.Run(words, Patience, CancellationToken.None);

    /// <inheritdoc/>
    public void EditLines(string path, Func<string, string?> edit) => LinuxTextFile.EditLines(path, edit);

    /// <inheritdoc/>
    public void RemoveFile(string path)
    {
        if (Files.Find(path) is { Kind: MachineFileKind.File })
        {
            try
            {
                File.Delete(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Whoever looks finds it.
            }
        }
    }

    /// <inheritdoc/>
    public ServiceState? FindService(string name) => NamesOf(name).Select(Find).FirstOrDefault(state => state is not null);

    /// <inheritdoc/>
    public Task<int> StartService(string name) => Task.FromResult(Systemctl("start", "--no-block", "--", FindService(name)?.Name ?? name).Status);

    /// <inheritdoc/>
    public IChangeWatch Watch(Watched what) =>
        new InotifyWatch([.. what.Services.Count > 0 ? _unitFolders : [], .. what.Files.Select(file => Path.GetDirectoryName(file)!)]);

    private static IEnumerable<string> NamesOf(string unit)
    {
        var name = unit.EndsWith(Service, StringComparison.Ordinal) ? unit.Substring(0, unit.Length - Service.Length) : unit;
        return AgentUnits.Contains(name, StringComparer.Ordinal) ? AgentUnits.Prepend(name).Distinct(StringComparer.Ordinal) : [name];
    }

    private ServiceState? Find(string name)
    {
        var run = Systemctl("show", "--property=LoadState,ActiveState,UnitFileState,ExecMainStatus", "--", name + Service);
        var values = run.Lines.Select(line => line.Split(['='], 2)).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1].Trim(), StringComparer.Ordinal);
        if (run.Status != 0 || !values.TryGetValue("ActiveState", out var active))
        {
            throw new AibException(ErrorId.SystemCallFailed, $"systemctl cannot say what the unit {name} does: {string.Join(" ", run.Lines)}", "This works where systemd is the system's first process.", name);
        }
        values.TryGetValue("LoadState", out var load);
        values.TryGetValue("UnitFileState", out var file);
        var exit = values.TryGetValue("ExecMainStatus", out var code) && int.TryParse(code, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : 0;
        var start = load == "masked" ? ServiceStartType.Disabled : file == "enabled" ? ServiceStartType.Automatic : ServiceStartType.Manual;
        return load == "not-found" ? null : new ServiceState(name, StatusOf(active), start, exit);
    }

    private static ServiceStatus StatusOf(string active) => active switch
    {
        "active" or "reloading" => ServiceStatus.Running,
        "activating" => ServiceStatus.StartPending,
        "deactivating" => ServiceStatus.StopPending,
        _ => ServiceStatus.Stopped,
    };

    private ProgramRun Systemctl(params string[] arguments)
    {
        var run = LinuxPrograms.Run([_systemctl, .. arguments], Patience, CancellationToken.None);
        return run.TimedOut ? throw new AibException(ErrorId.SystemCallFailed, FormattableString.Invariant($"systemctl did not answer within {Patience.TotalSeconds:0} s."), "Look what systemd is busy with: systemctl list-jobs.", _systemctl)
            : !run.HasRun ? throw new AibException(ErrorId.SystemCallFailed, $"systemctl cannot be run: {run.Lines[0]}", "This works where systemd is the system's first process.", _systemctl)
            : run;
    }
}
