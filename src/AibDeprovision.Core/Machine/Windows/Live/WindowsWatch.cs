using AibDeprovision.Machine.Windows.Native;

namespace AibDeprovision.Machine.Windows.Live;

/// <summary>Watches services, keys and processes of this machine, on the thread that waits.</summary>
internal sealed class WindowsWatch : IChangeWatch
{
    private const string ServicesKey = @"HKLM\SYSTEM\CurrentControlSet\Services";

    // MAXIMUM_WAIT_OBJECTS.
    private const int MostHandles = 64;

    private readonly List<ServiceNotification> _services;
    private readonly List<KeyNotification> _keys;
    private readonly IReadOnlyCollection<string> _programs;
    private readonly Dictionary<int, SafeKernelHandle> _processes = [];

    public WindowsWatch(Watched what)
    {
        _services = [.. what.Services.Select(name => new ServiceNotification(name))];
        _keys = [.. what.Keys.Select(key => new KeyNotification(key, Advapi32.ChangeLastSet | Advapi32.ChangeName))];
        if (_services.Count > 0)
        {
            // A service that is installed gets a key.
            _keys.Add(new KeyNotification(ServicesKey, Advapi32.ChangeName));
        }
        _programs = what.Programs;
        _services.ForEach(service => service.Arm());
        _keys.ForEach(key => key.Arm());
    }

    /// <inheritdoc/>
    public void Wait(TimeSpan atMost, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        // A service that has left the state of the last answer answers at once, so asking now loses nothing.
        _services.ForEach(service => service.Arm());
        FollowPrograms();
        var processes = _processes.Values.ToArray();
        var handles = new[] { cancel.WaitHandle.SafeWaitHandle.DangerousGetHandle() }
            .Concat(_keys.Select(key => key.Signal.SafeWaitHandle.DangerousGetHandle()))
            .Concat(processes.Select(process => process.DangerousGetHandle())).Take(MostHandles).ToArray();
        var milliseconds = (uint)Math.Max(0, Math.Min(Math.Ceiling(atMost.TotalMilliseconds), int.MaxValue));
        var woken = Kernel32.WaitForMultipleObjectsEx(handles.Length, handles, all: false, milliseconds, alertable: true);
        GC.KeepAlive(processes);
        GC.KeepAlive(cancel);
        if (woken == Kernel32.WaitFailed)
        {
            throw WindowsError.Last("The wait for a change has failed", null);
        }
        cancel.ThrowIfCancellationRequested();
        if (woken is > 0 && woken <= _keys.Count)
        {
            // A key only tells what comes after it was asked, so before anybody looks again.
            _keys[(int)woken - 1].Arm();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _services.ForEach(service => service.Dispose());
        _keys.ForEach(key => key.Dispose());
        foreach (var process in _processes.Values)
        {
            process.Dispose();
        }
    }

    // One that comes and goes between two waits is not noticed here; the slow look beside the notifications sees that it is gone.
    private void FollowPrograms()
    {
        if (_programs.Count == 0)
        {
            return;
        }
        var running = LiveProcesses.Named(_programs);
        foreach (var ended in _processes.Keys.Except(running.Select(p => p.Id)).ToList())
        {
            _processes[ended].Dispose();
            _processes.Remove(ended);
        }
        foreach (var (id, _) in running.Where(p => !_processes.ContainsKey(p.Id)))
        {
            var process = Kernel32.OpenProcess(Kernel32.Synchronize, inherit: false, id);
            if (process.IsInvalid)
            {
                process.Dispose();
                continue;
            }
            _processes[id] = process;
        }
    }
}
