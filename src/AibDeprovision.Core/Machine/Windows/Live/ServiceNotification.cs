using System.Runtime.InteropServices;
using AibDeprovision.Machine.Windows.Native;

namespace AibDeprovision.Machine.Windows.Live;

/// <summary>
/// Tells when a service leaves the state it is in. Windows calls back on the thread that asked, in one of its alertable
/// waits, so one thread makes, arms and disposes it. A service that is not installed has nothing to tell.
/// </summary>
internal sealed class ServiceNotification(string name) : IDisposable
{
    // SERVICE_NOTIFY_STOPPED to SERVICE_NOTIFY_PAUSED: the bit of a state is 1 << (state - 1).
    private const uint AllStates = 0x7F;

    // SERVICE_NOTIFY_DELETE_PENDING: to let go of the service, which cannot be installed anew as long as somebody holds it.
    private const uint DeletePending = 0x200;

    // Kept by the class for as long as the process lives, since Windows has its address.
    private static readonly Advapi32.ServiceNotifyCallback Called = MarkFired;
    private static readonly int ContextAt = (int)Marshal.OffsetOf<Advapi32.ServiceNotify>(nameof(Advapi32.ServiceNotify.Context));
    private static readonly IntPtr Fired = new(1);

    private SafeServiceHandle? _service;
    private IntPtr _notify;

    /// <summary>
    /// The service has left the state it was in when it was last asked for. Any alertable wait of the thread may bring that
    /// about, and .NET's own waits are alertable too.
    /// </summary>
    public bool HasFired => _notify != IntPtr.Zero && Marshal.ReadIntPtr(_notify, ContextAt) == Fired;

    /// <summary>
    /// Asks anew where the last answer has come, or none was asked for yet. To be called before the service is looked at:
    /// what is asked for is any state but that of the answer, and not any but the one that was seen since.
    /// </summary>
    public void Arm()
    {
        if (_notify == IntPtr.Zero)
        {
            Open();
        }
        else if (HasFired)
        {
            var answer = Marshal.PtrToStructure<Advapi32.ServiceNotify>(_notify);
            if (answer.NotificationStatus != 0 || (answer.NotificationTriggered & DeletePending) != 0 || !Ask(answer.Status.CurrentState))
            {
                Release();
                Open();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Release();

    private static void MarkFired(IntPtr notify) => Marshal.WriteIntPtr(notify, ContextAt, Fired);

    private void Open()
    {
        _service = LiveServices.Open(name, Advapi32.ServiceQueryStatus | Advapi32.ServiceQueryConfig);
        if (_service is null)
        {
            return;
        }
        _notify = Marshal.AllocHGlobal(Marshal.SizeOf<Advapi32.ServiceNotify>());
        if (Ask(LiveServices.StatusOf(_service, name).CurrentState))
        {
            LiveServices.Watched[name] = (_service, LiveServices.StartTypeOf(_service, name));
        }
        else
        {
            // Marked for deletion, or the manager is behind: the 10-second poll beside the notifications sees it.
            Release();
        }
    }

    // In any state but the one it is in. One that it has come into meanwhile is told at once.
    private bool Ask(int state)
    {
        Marshal.StructureToPtr(new Advapi32.ServiceNotify { Version = Advapi32.NotifyStatusChange, Callback = Marshal.GetFunctionPointerForDelegate(Called) }, _notify, fDeleteOld: false);
        var mask = (AllStates & ~(1u << (state - 1))) | DeletePending;
        var isAsked = Advapi32.NotifyServiceStatusChangeW(_service!, mask, _notify) == 0;
        if (!isAsked)
        {
            // Then no answer comes, and the memory can be given back.
            Marshal.WriteIntPtr(_notify, ContextAt, Fired);
        }
        return isAsked;
    }

    private void Release()
    {
        LiveServices.Watched.Remove(name);
        _service?.Dispose();
        _service = null;
        if (HasFired)
        {
            Marshal.FreeHGlobal(_notify);
        }
        // One that has not fired is left where it is: a call may be queued already, and it writes there. 80 bytes.
        _notify = IntPtr.Zero;
    }
}
