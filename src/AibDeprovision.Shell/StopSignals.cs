using System.Runtime.InteropServices;

namespace AibDeprovision.Shell;

/// <summary>
/// Turns Ctrl+C and SIGTERM into a request to stop. The first one asks; the next one, when what runs does not heed the
/// request, ends the process as the system does by default.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Action _stop;
    private int _exitCode;

    /// <param name="stop">Asks what runs to stop; returns at once.</param>
    public StopSignals(Action stop)
    {
        _stop = stop;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Heed(signal, ExitCodes.Interrupted)),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Heed(signal, ExitCodes.Terminated)),
        ];
    }

    /// <summary>The exit code that the signal asks for, if there was one.</summary>
    public int? ExitCode => Volatile.Read(ref _exitCode) is not 0 and var code ? code : null;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private void Heed(PosixSignalContext signal, int exitCode)
    {
        if (Interlocked.CompareExchange(ref _exitCode, exitCode, comparand: 0) == 0)
        {
            signal.Cancel = true;
            _stop();
        }
    }
}
