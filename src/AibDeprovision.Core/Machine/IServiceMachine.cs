using AibDeprovision.Errors;

namespace AibDeprovision.Machine;

/// <summary>A machine with services, Windows' or systemd's, as a wait for them sees it.</summary>
internal interface IServiceMachine
{
    /// <summary>Its time.</summary>
    IClock Clock { get; }

    /// <summary>A service by its short name; null where it is not installed.</summary>
    /// <exception cref="AibException">The service manager cannot be asked.</exception>
    ServiceState? FindService(string name);

    /// <summary>Asks a service to start, and does not wait for it, nor for the answer.</summary>
    /// <returns>The answer, once it is there: 0, or the error of the system: on Windows 1056 says that it runs already, on Linux it is the exit code of systemctl.</returns>
    Task<int> StartService(string name);

    /// <summary>Begins to watch. What changes from here on ends the next <see cref="IChangeWatch.Wait"/>.</summary>
    IChangeWatch Watch(Watched what);
}
