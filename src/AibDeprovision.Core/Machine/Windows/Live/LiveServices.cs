using System.Runtime.InteropServices;
using AibDeprovision.Machine.Windows.Native;

namespace AibDeprovision.Machine.Windows.Live;

/// <summary>The service manager of this machine. One thread at a time, beside those that wait for a start to be answered.</summary>
internal static class LiveServices
{
    private const int LargestConfig = 8192;
    private const int StartTypeAt = sizeof(int);

    // Every call of the service manager goes to another process and back, so its handle is kept.
    private static SafeServiceHandle? s_manager;

    // Nor is a service opened once more that this thread has open to watch it.
    [ThreadStatic]
    private static Dictionary<string, (SafeServiceHandle Service, ServiceStartType StartType)>? s_watched;

    /// <summary>The services that this thread watches, by name, with how they came to run when the watch began.</summary>
    public static Dictionary<string, (SafeServiceHandle Service, ServiceStartType StartType)> Watched => s_watched ??= new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A service; null where it is not installed.</summary>
    public static ServiceState? Find(string name)
    {
        // One that runs or comes up has nothing new to tell; any other may be on its way out, and is looked up anew.
        if (Watched.TryGetValue(name, out var watched) && (ServiceStatus)StatusOf(watched.Service, name).CurrentState is var now and (ServiceStatus.Running or ServiceStatus.StartPending))
        {
            return new ServiceState(name, now, watched.StartType);
        }
        using var service = Open(name, Advapi32.ServiceQueryStatus | Advapi32.ServiceQueryConfig);
        if (service is null)
        {
            return null;
        }
        var status = StatusOf(service, name);
        var runs = (ServiceStatus)status.CurrentState == ServiceStatus.Running;
        return new ServiceState(name, (ServiceStatus)status.CurrentState, runs ? null : StartTypeOf(service, name), status.Win32ExitCode, status.ServiceSpecificExitCode);
    }

    /// <summary>Asks a service to start, on a thread of its own: Windows answers when the service's process has reported, and waits half a minute for that.</summary>
    /// <returns>0, or the Win32 error, once the answer is there.</returns>
    public static Task<int> Start(string name)
    {
        var service = Open(name, Advapi32.ServiceStart);
        return service is null ? Task.FromResult(Advapi32.NoSuchService) : Task.Factory.StartNew(Ask, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        int Ask()
        {
            using (service)
            {
                return Advapi32.StartServiceW(service, 0, IntPtr.Zero) ? 0 : Marshal.GetLastWin32Error();
            }
        }
    }

    /// <summary>Says how a service comes to run.</summary>
    public static void SetStartType(string name, ServiceStartType type)
    {
        using var service = Open(name, Advapi32.ServiceChangeConfig)
            ?? throw WindowsError.Of($"The service {name} cannot be changed", Advapi32.NoSuchService, name);
        if (!Advapi32.ChangeServiceConfigW(service, Advapi32.NoChange, (uint)type, Advapi32.NoChange, null, null, IntPtr.Zero, null, null, null, null))
        {
            throw WindowsError.Last($"The start type of the service {name} cannot be changed", name);
        }
    }

    /// <summary>Opens a service; null where it is not installed.</summary>
    public static SafeServiceHandle? Open(string name, uint access)
    {
        s_manager ??= Connect(name);
        var service = Advapi32.OpenServiceW(s_manager, name, access);
        if (!service.IsInvalid)
        {
            return service;
        }
        var error = Marshal.GetLastWin32Error();
        service.Dispose();
        return error == Advapi32.NoSuchService ? null : throw WindowsError.Of($"The service {name} cannot be opened", error, name);
    }

    /// <summary>What a service does now.</summary>
    public static Advapi32.ServiceStatusProcess StatusOf(SafeServiceHandle service, string name) =>
        Advapi32.QueryServiceStatusEx(service, Advapi32.StatusProcessInfo, out var status, Marshal.SizeOf<Advapi32.ServiceStatusProcess>(), out _)
            ? status
            : throw WindowsError.Last($"The state of the service {name} cannot be read", name);

    private static SafeServiceHandle Connect(string name)
    {
        var manager = Advapi32.OpenSCManagerW(null, null, Advapi32.ScManagerConnect);
        return manager.IsInvalid ? throw WindowsError.Last("The service manager cannot be asked", name) : manager;
    }

    /// <summary>How a service comes to run.</summary>
    public static ServiceStartType StartTypeOf(SafeServiceHandle service, string name)
    {
        // 8 KB is the largest that there is, says the documentation of QueryServiceConfigW.
        var config = Marshal.AllocHGlobal(LargestConfig);
        try
        {
            return Advapi32.QueryServiceConfigW(service, config, LargestConfig, out _)
                ? (ServiceStartType)Marshal.ReadInt32(config, StartTypeAt)
                : throw WindowsError.Last($"The start type of the service {name} cannot be read", name);
        }
        finally
        {
            Marshal.FreeHGlobal(config);
        }
    }
}
