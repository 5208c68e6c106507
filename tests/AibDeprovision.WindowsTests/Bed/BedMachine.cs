using System.Diagnostics;
using System.Globalization;
using System.ServiceProcess;
using AibDeprovision.WindowsTests.Faces;

#pragma warning disable CA1822 // There is one machine, and a scenario gets it as an object all the same: it reads better.

namespace AibDeprovision.WindowsTests.Bed;

/// <summary>
/// The machine of a scenario: what happens to it happens in the real registry, the real service control manager and the
/// real file system of the Wine prefix. A scenario finds it healthy, with the guest agent running.
/// </summary>
public sealed class BedMachine : IDisposable
{
    private Engine? _engine;

    /// <summary>The services of the guest agent.</summary>
    public static IReadOnlyList<string> AgentServices { get; } = ["RdAgent", "WindowsAzureGuestAgent"];

    /// <summary>PowerShell on this machine, with the module imported; started when it is first used.</summary>
    public Engine Engine => _engine ??= new Engine();

    /// <summary>Sysprep's image state.</summary>
    public string ImageState
    {
        get => SetupRegistry.ImageState;
        set => SetupRegistry.ImageState = value;
    }

    /// <summary>The arguments that Sysprep.exe was started with; null when it was not.</summary>
    public string? SysprepArguments => SysprepBehaviour.LastArguments;

    /// <summary>Makes the machine a healthy one, whatever an earlier scenario has left.</summary>
    public void Reset()
    {
        foreach (var process in (string[])["Sysprep", "SetupHost", "pwsh", "cmd", Path.GetFileNameWithoutExtension(BedFiles.Program)])
        {
            Kill(process);
        }
        SetupRegistry.Reset();
        BedFiles.Reset();
        Sysprep(new SysprepBehaviour());
        FakeWhoami.IsElevated = true;
        // What runs as it should is left running: most scenarios do not touch it.
        foreach (var name in BedService.Installed.Where(name => !AgentServices.Contains(name) || !BedService.Runs(name, ServiceBehaviour.RunsAtOnce)))
        {
            BedService.Delete(name);
        }
        var missing = AgentServices.Except(BedService.Installed).ToArray();
        foreach (var name in missing)
        {
            BedService.Install(name, ServiceBehaviour.RunsAtOnce);
            BedService.Start(name);
        }
        foreach (var name in missing)
        {
            BedService.WaitFor(name, ServiceControllerStatus.Running);
        }
    }

    /// <summary>Says what the next run of Sysprep.exe does.</summary>
    public void Sysprep(SysprepBehaviour behaviour)
    {
        ArgumentNullException.ThrowIfNull(behaviour);
        behaviour.Save();
    }

    /// <summary>Starts Sysprep.exe, as a customizer or another session would, and does not wait for it.</summary>
    public void StartSysprep(params string[] arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        using var process = Process.Start(BedFiles.Sysprep, arguments);
    }

    /// <summary>Installs a service; one that is there already is replaced. It is not started.</summary>
    public void InstallService(string name, ServiceBehaviour? behaviour = null)
    {
        if (BedService.Installed.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            BedService.Delete(name);
        }
        BedService.Install(name, behaviour ?? ServiceBehaviour.RunsAtOnce);
    }

    /// <summary>Asks a service to start; does not wait until it runs.</summary>
    public void StartService(string name) => BedService.Start(name);

    /// <summary>Stops a service and waits until it has stopped.</summary>
    public void StopService(string name) => BedService.Stop(name);

    /// <summary>Stops a service and deletes it.</summary>
    public void DeleteService(string name) => BedService.Delete(name);

    /// <summary>Stops a service and disables it.</summary>
    public void DisableService(string name) => BedService.Disable(name);

    /// <summary>Waits until a service is in a state; fails after 20 seconds.</summary>
    public void WaitForService(string name, ServiceControllerStatus status) => BedService.WaitFor(name, status);

    /// <summary>The exit code and the service's own exit code, as the service control manager has them.</summary>
    public (int ExitCode, int OwnCode) ServiceExit(string name)
    {
        var status = BedService.StatusOf(name);
        return (status.ExitCode, status.SpecificExitCode);
    }

    /// <summary>How often a service that starts has reported progress.</summary>
    public int ServiceCheckPoint(string name) => BedService.StatusOf(name).CheckPoint;

    /// <summary>
    /// Has something happen after some seconds, while the engine is at work: "start" or "stop" and a service; "install"
    /// (it is started too), a service and its behaviour; "image-state" and a state.
    /// </summary>
    public void After(double seconds, params string[] action)
    {
        ArgumentNullException.ThrowIfNull(action);
        using var process = Process.Start(BedFiles.Program, ["after", seconds.ToString(CultureInfo.InvariantCulture), .. action]);
    }

    /// <inheritdoc/>
    public void Dispose() => _engine?.Dispose();

    private static void Kill(string name)
    {
        foreach (var process in Process.GetProcessesByName(name))
        {
            using (process)
            {
                if (process.Id != Environment.ProcessId)
                {
                    process.Kill();
                    process.WaitForExit(5000);
                }
            }
        }
    }
}
