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

    // Kept by the class for as long as the process lives, since Windows has its address.
    private static readonly Advapi32.ServiceNotifyCallback Called = MarkFired;
    private static readonly int ContextAt = (int)Marshal.OffsetOf<Advapi32.ServiceNotify>(nameof(Advapi32.ServiceNotify.Context));
    private static readonly IntPtr Fired = new(1);

    private SafeServiceHandle? _service;
    private IntPtr _notify;

    /// <summary>Asks anew where the last answer has come, or none was asked for yet.</summary>
    public void Arm()
    {
        if (_notify != IntPtr.Zero && Marshal.ReadIntPtr(_notify, ContextAt) != Fired)
        {
            return;
        }
        Release();
        _service = LiveServices.Open(name, Advapi32.ServiceQueryStatus);
        if (_service is null)
        {
            return;
        }
        var state = LiveServices.StatusOf(_service, name).CurrentState;
        _notify = Marshal.AllocHGlobal(Marshal.SizeOf<Advapi32.ServiceNotify>());
        Marshal.StructureToPtr(new Advapi32.ServiceNotify { Version = Advapi32.NotifyStatusChange, Callback = Marshal.GetFunctionPointerForDelegate(Called) }, _notify, fDeleteOld: false);
        if (Advapi32.NotifyServiceStatusChangeW(_service, AllStates & ~(1u << (state - 1)), _notify) != 0)
        {
            // Marked for deletion, or the manager is behind: the slow look beside the notifications sees it.
            Marshal.WriteIntPtr(_notify, ContextAt, Fired);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Release();

    private static void MarkFired(IntPtr notify) => Marshal.WriteIntPtr(notify, ContextAt, Fired);

    private void Release()
    {
        _service?.Dispose();
        _service = null;
        if (_notify != IntPtr.Zero && Marshal.ReadIntPtr(_notify, ContextAt) == Fired)
        {
            Marshal.FreeHGlobal(_notify);
        }
        // One that has not fired is left where it is: a call may be queued already, and it writes there. 80 bytes.
        _notify = IntPtr.Zero;
    }
}
