using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.ServiceProcess;
using AibDeprovision.WindowsTests.Faces;
using AibDeprovision.WindowsTests.Native;
using Microsoft.Win32;

namespace AibDeprovision.WindowsTests.Bed;

/// <summary>Fake services in the real service control manager.</summary>
internal static class BedService
{
    private const int ErrorServiceMarkedForDelete = 1072;
    private const int ErrorServiceExists = 1073;
    private const string ServicesKey = @"SYSTEM\CurrentControlSet\Services\";
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    /// <summary>The names of all that were installed from here, also by an earlier process.</summary>
    public static IReadOnlyList<string> Installed
    {
        get
        {
            using var services = Registry.LocalMachine.OpenSubKey(ServicesKey)!;
            return [.. services.GetSubKeyNames().Where(name => IsOurs(services, name))];
        }
    }

    /// <summary>Installs a service that is started by request.</summary>
    public static void Install(string name, ServiceBehaviour behaviour)
    {
        using var manager = OpenManager();
        for (var wait = Stopwatch.StartNew(); ; Thread.Sleep(50))
        {
            using var service = Advapi32.CreateServiceW(
                manager, name, name, Advapi32.AllAccess, Advapi32.OwnProcess, (int)ServiceStartMode.Manual, errorControl: 1, CommandOf(name, behaviour), group: null, tag: 0, dependencies: null, account: null, password: null);
            if (!service.IsInvalid)
            {
                return;
            }
            var error = Marshal.GetLastPInvokeError();
            // One that was deleted is there until everybody has let go of it, the service manager too.
            if (error != ErrorServiceMarkedForDelete || wait.Elapsed > s_limit)
            {
                throw error == ErrorServiceExists
                    ? new ScenarioFailedException($"The service {name} is there already; give the scenario another name or delete it first.")
                    : new Win32Exception(error);
            }
        }
    }

    /// <summary>Whether a service runs, is not disabled, and was installed with this behaviour.</summary>
    public static bool Runs(string name, ServiceBehaviour behaviour)
    {
        using var key = Registry.LocalMachine.OpenSubKey(ServicesKey + name);
        using var controller = new ServiceController(name);
        return Equals(key?.GetValue("ImagePath"), CommandOf(name, behaviour)) && controller is { StartType: ServiceStartMode.Manual, Status: ServiceControllerStatus.Running };
    }

    /// <summary>Asks a service to start; does not wait until it runs.</summary>
    public static void Start(string name)
    {
        using var controller = new ServiceController(name);
        controller.Start();
    }

    /// <summary>Waits until a service is in a state.</summary>
    public static void WaitFor(string name, ServiceControllerStatus status)
    {
        using var controller = new ServiceController(name);
        controller.WaitForStatus(status, s_limit);
    }

    /// <summary>Stops a service, if it runs, and waits until it has stopped.</summary>
    public static void Stop(string name)
    {
        using var controller = new ServiceController(name);
        if (controller.Status == ServiceControllerStatus.StartPending)
        {
            controller.WaitForStatus(ServiceControllerStatus.Running, s_limit);
        }
        // A moment after it has said that it runs.
        for (var wait = Stopwatch.StartNew(); controller is { Status: ServiceControllerStatus.Running, CanStop: false } && wait.Elapsed < s_limit; controller.Refresh())
        {
            Thread.Sleep(10);
        }
        if (controller.Status != ServiceControllerStatus.Stopped)
        {
            controller.Stop();
            controller.WaitForStatus(ServiceControllerStatus.Stopped, s_limit);
        }
    }

    /// <summary>Stops a service and takes it out of the service control manager.</summary>
    public static void Delete(string name)
    {
        Stop(name);
        WithService(name, service => Check(Advapi32.DeleteService(service)));
    }

    /// <summary>Stops a service and forbids its start.</summary>
    public static void Disable(string name)
    {
        Stop(name);
        WithService(name, service => Check(Advapi32.ChangeServiceConfigW(
            service, Advapi32.NoChange, (int)ServiceStartMode.Disabled, Advapi32.NoChange, commandLine: null, group: null, tag: 0, dependencies: null, account: null, password: null, displayName: null)));
    }

    /// <summary>All that the service control manager says about the state of a service.</summary>
    public static ServiceStatus StatusOf(string name)
    {
        ServiceStatus status = default;
        WithService(name, service => Check(Advapi32.QueryServiceStatus(service, out status)));
        return status;
    }

    private static string CommandOf(string name, ServiceBehaviour behaviour) => $"\"{BedFiles.FakeService}\" service {name} {behaviour}";

    private static bool IsOurs(RegistryKey services, string name)
    {
        using var service = services.OpenSubKey(name);
        return service?.GetValue("ImagePath") is string command && command.Contains(BedFiles.FakeService, StringComparison.OrdinalIgnoreCase);
    }

    private static void WithService(string name, Action<ServiceHandle> work)
    {
        using var manager = OpenManager();
        using var service = Advapi32.OpenServiceW(manager, name, Advapi32.AllAccess);
        Check(!service.IsInvalid);
        work(service);
    }

    private static ServiceHandle OpenManager()
    {
        var manager = Advapi32.OpenSCManagerW(machine: null, database: null, Advapi32.ManagerAllAccess);
        Check(!manager.IsInvalid);
        return manager;
    }

    private static void Check(bool succeeded)
    {
        if (!succeeded)
        {
            throw new Win32Exception();
        }
    }
}
