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
    private readonly List<SafeKernelHandle> _processes = [];

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
        try
        {
            _services.ForEach(service => service.Arm());
            _keys.ForEach(key => key.Arm());
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Wait(TimeSpan atMost, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (!_services.Exists(service => service.HasFired))
        {
            Sleep(atMost, cancel);
        }
        // What has told something has to be asked anew before anybody looks again.
        _services.ForEach(service => service.Arm());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _services.ForEach(service => service.Dispose());
        _keys.ForEach(key => key.Dispose());
        _processes.ForEach(process => process.Dispose());
    }

    private void Sleep(TimeSpan atMost, CancellationToken cancel)
    {
        FollowPrograms();
        var handles = new[] { cancel.WaitHandle.SafeWaitHandle.DangerousGetHandle() }
            .Concat(_keys.Select(key => key.Signal.SafeWaitHandle.DangerousGetHandle()))
            .Concat(_processes.Select(process => process.DangerousGetHandle())).Take(MostHandles).ToArray();
        var milliseconds = (uint)Math.Max(0, Math.Min(Math.Ceiling(atMost.TotalMilliseconds), int.MaxValue));
        var woken = Kernel32.WaitForMultipleObjectsEx(handles.Length, handles, all: false, milliseconds, alertable: true);
        GC.KeepAlive(_processes);
        GC.KeepAlive(cancel);
        if (woken == Kernel32.WaitFailed)
        {
            throw WindowsError.Last("The wait for a change has failed", null);
        }
        cancel.ThrowIfCancellationRequested();
        if (woken is > 0 && woken <= _keys.Count)
        {
            _keys[(int)woken - 1].Arm();
        }
        else if (woken > _keys.Count && woken < handles.Length)
        {
            var ended = _processes[(int)woken - 1 - _keys.Count];
            _processes.Remove(ended);
            ended.Dispose();
        }
    }

    // As long as one is followed the others cannot matter, and a list of all processes is the dearest part of a look. One that
    // comes and goes between two waits is not noticed here; the 10-second poll beside the notifications sees that it is gone.
    private void FollowPrograms()
    {
        if (_programs.Count == 0 || _processes.Count > 0)
        {
            return;
        }
        foreach (var program in LiveProcesses.Named(_programs).Where(program => !SysprepFiles.IsOfUpdate(program.Path)))
        {
            var process = Kernel32.OpenProcess(Kernel32.Synchronize, inherit: false, program.Id);
            if (process.IsInvalid)
            {
                process.Dispose();
                continue;
            }
            _processes.Add(process);
        }
    }
}
