using AibDeprovision.Machine.Windows.Native;

namespace AibDeprovision.Machine.Windows.Live;

/// <summary>Tells when a value right in a key changes; where the key is missing, when something is made on the way to it.</summary>
internal sealed class KeyNotification(string key, int filter) : IDisposable
{
    private SafeKeyHandle? _key;
    private bool _isItself;

    /// <summary>Signalled at a change.</summary>
    public AutoResetEvent Signal { get; } = new(initialState: false);

    /// <summary>Asks anew. To be called when the signal has been seen, and before the value is looked at.</summary>
    public void Arm()
    {
        if (_isItself && Ask(filter))
        {
            return;
        }
        _key?.Dispose();
        _key = LiveRegistry.Open(key, Advapi32.KeyRead);
        _isItself = _key is not null;
        var wanted = filter;
        for (var above = key; _key is null && above.LastIndexOf('\\') is > 0 and var at;)
        {
            above = above.Substring(0, at);
            _key = LiveRegistry.Open(above, Advapi32.KeyRead);
            wanted = Advapi32.ChangeName;
        }
        if (_key is not null)
        {
            // A refusal costs time only: the 10-second poll beside the notifications goes on.
            Ask(wanted);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _key?.Dispose();
        Signal.Dispose();
    }

    private bool Ask(int what) => Advapi32.RegNotifyChangeKeyValue(_key!, subtree: false, what, Signal.SafeWaitHandle, asynchronous: true) == 0;
}
