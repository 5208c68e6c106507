using AibDeprovision.Errors;
using AibDeprovision.Machine;
using AibDeprovision.Machine.Windows;
using AibDeprovision.Rules.Windows;

namespace AibDeprovision.Rehearsal.Windows.Vm;

/// <summary>A simulated VM, as the work on a Windows machine sees it.</summary>
internal sealed class SimulatedMachine(SimulatedVm vm) : IWindowsMachine, IRegistry, IFiles
{
    /// <summary>The VM itself.</summary>
    public SimulatedVm Vm => vm;

    /// <summary>Files that this process may not read.</summary>
    public ISet<string> Unreadable { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Files and folders that this process may not write.</summary>
    public ISet<string> Unwritable { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public IClock Clock => vm.Clock;

    /// <inheritdoc/>
    public IRegistry Registry => this;

    /// <inheritdoc/>
    public IFiles Files => this;

    /// <inheritdoc/>
    public string WindowsFolder => SimulatedVm.Windows;

    /// <inheritdoc/>
    public string ProgramDataFolder => vm.Environment["ProgramData"];

    /// <inheritdoc/>
    public DateTimeOffset Now => new(vm.Clock.UtcNow, TimeSpan.Zero);

    /// <inheritdoc/>
    public string Sid => SimulatedUser.MachineSid;

    /// <inheritdoc/>
    public bool IsElevated => vm.User.IsElevated;

    /// <inheritdoc/>
    public bool IsSystem => vm.User == SimulatedUser.System;

    /// <inheritdoc/>
    public bool IsRedirected => vm.Environment.ContainsKey("PROCESSOR_ARCHITEW6432");

    /// <inheritdoc/>
    public ServiceState? FindService(string name) => vm.Services.Find(name) is { } service
        ? new ServiceState(service.Name, service.Status, service.StartType, service.Status == ServiceStatus.Stopped ? service.ExitCode : 0, service.ServiceExitCode)
        : null;

    /// <inheritdoc/>
    public Task<int> StartService(string name) => Task.FromResult(vm.Services.Start(name));

    /// <inheritdoc/>
    public IReadOnlyList<RunningProcess> RunningOf(IReadOnlyCollection<string> names) =>
        [.. vm.Processes.Running.Where(p => names.Contains(p.Name, StringComparer.OrdinalIgnoreCase)).Select(p => new RunningProcess(p.Id, p.Name, p.Path))];

    /// <summary>Files that have the hidden attribute.</summary>
    public ISet<string> Hidden { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public long FreeSpace { get; set; } = 20L * 1024 * 1024 * 1024;

    /// <summary>What Windows PowerShell answers to a script; at first that nothing is in the way.</summary>
    public Func<string, PowerShellRun> PowerShell { get; set; } = _ => new PowerShellRun([.. SlowAnswers.Questions.Select(question => question.Name + "|done")]);

    /// <inheritdoc/>
    public PowerShellRun RunPowerShell(string script, TimeSpan limit, CancellationToken cancel) => PowerShell(script);

    /// <inheritdoc/>
    public IRunningProgram Start(string path, string arguments)
    {
        if (!path.Equals(SimulatedSysprep.Path, StringComparison.OrdinalIgnoreCase) || !vm.Files.IsFile(path))
        {
            throw new AibException(ErrorId.SysprepNotStarted, $"{path} could not be started: there is no such file.", "Repair the image.", path);
        }
        try
        {
            return new Program(vm.Sysprep.Start(arguments.Split(' ')));
        }
        catch (InvalidOperationException e)
        {
            throw new AibException(ErrorId.SysprepNotStarted, $"{path} could not be started: {e.Message}", "Remove what keeps it from being started.", path, e);
        }
    }

    /// <inheritdoc/>
    public void DeleteValue(string key, string name) => vm.Registry.Unset(key, name);

    /// <inheritdoc/>
    public void SetValue(string key, string name, int data) => vm.Registry.Set(key, name, data);

    /// <inheritdoc/>
    public void SetStartType(string service, ServiceStartType type) => vm.Services.SetStartType(service, type);

    /// <inheritdoc/>
    public void Unhide(string path) => Hidden.Remove(path);

    /// <inheritdoc/>
    public void DeleteFile(string path) => vm.Files.Delete(path);

    /// <inheritdoc/>
    public void MoveFile(string path, string destination) => vm.Files.Move(path, destination);

    /// <inheritdoc/>
    public void DeleteFolder(string path) => vm.Files.Delete(path);

    /// <inheritdoc/>
    public void CreateProtectedFolder(string path) => Writing(path, () => vm.Files.CreateFolder(path));

    /// <inheritdoc/>
    public void WriteFile(string path, string text) => Writing(path, () => vm.Files.Write(path, text));

    /// <inheritdoc/>
    public IChangeWatch Watch(Watched what) => new ChangeWatch(vm, what);

    bool IRegistry.Exists(string key) => vm.Registry.Exists(key);

    object? IRegistry.Value(string key, string name) => ValueNames(key).Contains(name, StringComparer.OrdinalIgnoreCase) ? vm.Registry.Find(key, name)?.Data : null;

    /// <inheritdoc/>
    public IReadOnlyList<string> ValueNames(string key)
    {
        try
        {
            return [.. vm.Registry.ValuesOf(key).Select(value => value.Name)];
        }
        catch (UnauthorizedAccessException e)
        {
            throw new AibException(ErrorId.AccessDenied, $"The key {key} cannot be read: {e.Message}", "Run as an administrator who may.", key, e);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> SubkeyNames(string key) => vm.Registry.SubkeysOf(key);

    bool IFiles.Exists(string path) => vm.Files.Exists(path);

    bool IFiles.IsHidden(string path) => Hidden.Contains(path);

    IEnumerable<string> IFiles.NamesIn(string folder) => vm.Files.ChildrenOf(folder.TrimEnd('\\')).Select(path => path.Substring(path.LastIndexOf('\\') + 1));

    /// <inheritdoc/>
    public string? ReadText(string path) => !Unreadable.Contains(path) ? vm.Files.Read(path)
        : throw new AibException(ErrorId.AccessDenied, $"'{path}' cannot be read: access is denied.", "Run as an administrator who may.", path);

    private void Writing(string path, Action work)
    {
        try
        {
            if (Unwritable.Contains(path))
            {
                throw new IOException("Access is denied.");
            }
            work();
        }
        catch (IOException e)
        {
            throw new AibException(ErrorId.WriteFailed, $"'{path}' could not be written: {e.Message}", "Look for space.", path, e);
        }
    }

    private sealed class Program(SimulatedProcess process) : IRunningProgram
    {
        public int? ExitCode => process.ExitCode;

        public void Dispose()
        {
            // Nothing is held.
        }
    }

    // Time passes only here, up to the next event that changes what is watched; of anything else it knows no more than a real one.
    private sealed class ChangeWatch(SimulatedVm vm, Watched what) : IChangeWatch
    {
        private string _seen = StateOf(vm, what);

        public void Wait(TimeSpan atMost, CancellationToken cancel)
        {
            cancel.ThrowIfCancellationRequested();
            var until = vm.Clock.Elapsed + atMost;
            // The end of a program is noticed, and not that one comes up.
            var followed = vm.Processes.Running.Where(p => what.Programs.Contains(p.Name, StringComparer.OrdinalIgnoreCase)).ToList();
            var isQuiet = StateOf(vm, what) == _seen;
            while (isQuiet && vm.Clock.UntilNext is { } next && vm.Clock.Elapsed + next <= until)
            {
                vm.Clock.Advance(next);
                cancel.ThrowIfCancellationRequested();
                isQuiet = StateOf(vm, what) == _seen && !followed.Exists(p => p.HasExited);
            }
            _seen = StateOf(vm, what);
            if (isQuiet && until > vm.Clock.Elapsed)
            {
                vm.Clock.Advance(until - vm.Clock.Elapsed);
            }
        }

        public void Dispose()
        {
            // Nothing is held.
        }

        private static string StateOf(SimulatedVm vm, Watched what) => string.Join("\n",
        [
            .. what.Services.Select(name => $"{vm.Services.Find(name)?.Status}"),
            .. what.Keys.SelectMany(key => vm.Registry.ValuesOf(key).Select(value => $"{value.Name}={value.Data}")),
        ]);
    }
}
