using AibDeprovision.Machine.Windows.Native;

namespace AibDeprovision.Machine.Windows.Live;

/// <summary>Watches services, keys and processes of this machine, on the thread that waits.</summary>
internal sealed class WindowsWatch : IChangeWatch
{
    private const string ServicesKey = @"HKLM\SYSTEM\CurrentControlSet\Services";

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
        Arm(_keys);
    }

    /// <inheritdoc/>
    public void Wait(TimeSpan atMost, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var cancelHandle = cancel.WaitHandle.SafeWaitHandle;
        var processes = _processes.Values.ToArray();
        var handles = new[] { cancelHandle.DangerousGetHandle() }
            .Concat(_keys.Select(key => key.Signal.SafeWaitHandle.DangerousGetHandle()))
            .Concat(processes.Select(process => process.DangerousGetHandle())).Take(64).ToArray();
        var milliseconds = (uint)Math.Max(0, Math.Min(Math.Ceiling(atMost.TotalMilliseconds), int.MaxValue));
        var woken = Kernel32.WaitForMultipleObjectsEx(handles.Length, handles, all: false, milliseconds, alertable: true);
        GC.KeepAlive(processes);
        GC.KeepAlive(cancel);
        if (woken == Kernel32.WaitFailed)
        {
            throw WindowsError.Last("The wait for a change has failed", null);
        }
        cancel.ThrowIfCancellationRequested();
        // Before anybody looks again, so that nothing is lost in between.
        Arm(woken is > 0 && woken <= _keys.Count ? [_keys[(int)woken - 1]] : []);
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

    private void Arm(List<KeyNotification> keys)
    {
        keys.ForEach(key => key.Arm());
        _services.ForEach(service => service.Arm());
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
