using System.ComponentModel;
using System.Diagnostics;
using System.Security;
using System.Text;
using AibDeprovision.Errors;
using AibDeprovision.Machine.Windows.Native;

namespace AibDeprovision.Machine.Windows.Live;

/// <summary>The Windows machine that this process runs on.</summary>
internal sealed class WindowsMachine : IWindowsMachine
{
    /// <inheritdoc/>
    public IClock Clock { get; } = new MonotonicClock();

    /// <inheritdoc/>
    public IRegistry Registry { get; } = new LiveRegistry();

    /// <inheritdoc/>
    public IFiles Files { get; } = new HostFiles();

    /// <inheritdoc/>
    public string WindowsFolder { get; } = Environment.GetFolderPath(Environment.SpecialFolder.Windows).TrimEnd('\\');

    /// <inheritdoc/>
    public string ProgramDataFolder { get; } = Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData).TrimEnd('\\');

    /// <inheritdoc/>
    public DateTimeOffset Now => DateTimeOffset.UtcNow;

    /// <inheritdoc/>
    public string Sid => MachineSid.Read();

    /// <inheritdoc/>
    public bool IsElevated => ProcessToken.IsElevated;

    /// <inheritdoc/>
    public bool IsSystem => ProcessToken.IsSystem;

    /// <inheritdoc/>
    public bool IsRedirected => Environment.Is64BitOperatingSystem && !Environment.Is64BitProcess;

    /// <inheritdoc/>
    public ServiceState? FindService(string name) => LiveServices.Find(name);

    /// <inheritdoc/>
    public Task<int> StartService(string name) => LiveServices.Start(name);

    /// <inheritdoc/>
    public IReadOnlyList<RunningProcess> RunningOf(IReadOnlyCollection<string> names) => LiveProcesses.Named(names);

    /// <inheritdoc/>
    public long FreeSpace
    {
        get
        {
            try
            {
                return new DriveInfo(WindowsFolder).AvailableFreeSpace;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new AibException(ErrorId.ReadFailed, $"The free space of the drive of {WindowsFolder} cannot be read: {e.Message}", "Look at the disk.", WindowsFolder, e);
            }
        }
    }

    /// <inheritdoc/>
    public PowerShellRun RunPowerShell(string script, TimeSpan limit, CancellationToken cancel) => LivePowerShell.Run(WindowsFolder, script, limit, cancel);

    /// <inheritdoc/>
    public IRunningProgram Start(string path, string arguments)
    {
        try
        {
            // By the shell, which passes no handles on: whoever reads this process's output must not have to wait for the program's end.
            return new Program(Process.Start(new ProcessStartInfo(path, arguments) { UseShellExecute = true })!);
        }
        catch (Exception e) when (e is Win32Exception or FileNotFoundException)
        {
            throw new AibException(ErrorId.SysprepNotStarted, $"{path} could not be started: {e.Message}", "Remove what keeps it from being started, or repair the image.", path, e);
        }
    }

    /// <inheritdoc/>
    public void DeleteValue(string key, string name) => LiveRegistry.Delete(key, name);

    /// <inheritdoc/>
    public void SetValue(string key, string name, int data) => LiveRegistry.Set(key, name, data);

    /// <inheritdoc/>
    public void SetStartType(string service, ServiceStartType type) => LiveServices.SetStartType(service, type);

    /// <inheritdoc/>
    public void Unhide(string path) => OnFile(path, "changed", () => File.SetAttributes(path, File.GetAttributes(path) & ~FileAttributes.Hidden));

    /// <inheritdoc/>
    public void DeleteFile(string path) => OnFile(path, "removed", () =>
    {
        // Windows deletes no file that is read-only.
        if (File.Exists(path))
        {
            File.SetAttributes(path, FileAttributes.Normal);
        }
        File.Delete(path);
    });

    /// <inheritdoc/>
    public void MoveFile(string path, string destination) => OnFile(path, "removed", () =>
    {
        if (!Kernel32.MoveFileExW(path, destination, Kernel32.MoveFileReplaceExisting))
        {
            throw WindowsError.Last($"'{path}' could not be moved", path);
        }
    });

    /// <inheritdoc/>
    public void DeleteFolder(string path) => OnFile(path, "removed", () =>
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    });

    /// <inheritdoc/>
    public void CreateProtectedFolder(string path) => ProtectedFolder.Create(path);

    /// <inheritdoc/>
    public void WriteFile(string path, string text)
    {
        try
        {
            File.WriteAllText(path, text, Encoding.ASCII);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SecurityException)
        {
            throw new AibException(ErrorId.WriteFailed, $"'{path}' could not be written: {e.Message}", "Look for space, and run as an elevated administrator.", path, e);
        }
    }

    /// <inheritdoc/>
    public IChangeWatch Watch(Watched what) => new WindowsWatch(what);

    private static void OnFile(string path, string what, Action work)
    {
        try
        {
            work();
        }
        catch (DirectoryNotFoundException)
        {
            // Then the file is not there either.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SecurityException)
        {
            throw new AibException(ErrorId.WriteFailed, $"'{path}' could not be {what}: {e.Message}", "Close what has it open, and run as an elevated administrator.", path, e);
        }
    }

    private sealed class Program(Process process) : IRunningProgram
    {
        public int? ExitCode => process.HasExited ? process.ExitCode : null;

        public void Dispose() => process.Dispose();
    }
}
