using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using AibDeprovision.Errors;
using AibDeprovision.Machine.Linux.Native;

namespace AibDeprovision.Machine.Linux.Live;

/// <summary>Tells when files come or go. Of a folder that is missing, the nearest one above it is watched.</summary>
internal sealed class InotifyWatch : IChangeWatch
{
    private readonly IReadOnlyList<string> _folders;
    private readonly int _inotify;

    // A byte in it ends a wait: poll takes descriptors, and a cancelled token is none.
    private readonly int[] _wake = new int[2];

    /// <summary>Begins to watch.</summary>
    /// <param name="folders">Folders in which something may come or go, by full path.</param>
    /// <exception cref="AibException">The system gives no more watches.</exception>
    public InotifyWatch(IReadOnlyList<string> folders)
    {
        _folders = folders;
        _inotify = Libc.InotifyInit1(Libc.InotifyFlags);
        if (_inotify < 0)
        {
            throw Failed("No watch for files can be made");
        }
        if (Libc.Pipe2(_wake, Libc.PipeFlags) != 0)
        {
            var error = Failed("No pipe can be made");
            _ = Libc.Close(_inotify);
            throw error;
        }
        Arm();
    }

    /// <inheritdoc/>
    public void Wait(TimeSpan atMost, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        using (cancel.Register(() => Libc.Write(_wake[1], [1], new UIntPtr(1))))
        {
            var descriptors = new[]
            {
                new Libc.PollDescriptor { Descriptor = _inotify, Events = Libc.PollIn },
                new Libc.PollDescriptor { Descriptor = _wake[0], Events = Libc.PollIn },
            };
            var milliseconds = (int)Math.Max(0, Math.Min(Math.Ceiling(atMost.TotalMilliseconds), int.MaxValue));
            if (Libc.Poll(descriptors, new UIntPtr(2), milliseconds) < 0 && Marshal.GetLastWin32Error() != Libc.Interrupted)
            {
                throw Failed("The wait for a change has failed");
            }
        }
        cancel.ThrowIfCancellationRequested();
        Empty();
        // A folder may have come meanwhile; before anybody looks again, so that nothing is lost in between.
        Arm();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ = Libc.Close(_inotify);
        _ = Libc.Close(_wake[0]);
        _ = Libc.Close(_wake[1]);
    }

    private void Arm()
    {
        foreach (var folder in _folders)
        {
            for (var at = folder; at is not null && Libc.InotifyAddWatch(_inotify, Encoding.UTF8.GetBytes(at + "\0"), Libc.InotifyComesOrGoes) < 0;)
            {
                at = Path.GetDirectoryName(at);
            }
        }
    }

    // What has happened does not matter; whoever waits looks for himself.
    private void Empty()
    {
        var buffer = new byte[4096];
        while (Libc.Read(_inotify, buffer, new UIntPtr((uint)buffer.Length)).ToInt64() > 0)
        {
        }
    }

    private static AibException Failed(string what)
    {
        var inner = new Win32Exception(Marshal.GetLastWin32Error());
        return new AibException(ErrorId.SystemCallFailed, $"{what}: {inner.Message}", "Raise fs.inotify.max_user_watches or max_user_instances if they are used up.", null, inner);
    }
}
