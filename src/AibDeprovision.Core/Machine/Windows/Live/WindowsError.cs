using System.ComponentModel;
using System.Runtime.InteropServices;
using AibDeprovision.Errors;

namespace AibDeprovision.Machine.Windows.Live;

/// <summary>What Windows says, as errors of ours.</summary>
internal static class WindowsError
{
    private const int AccessDenied = 5;

    /// <summary>The error of the call that was just made.</summary>
    public static AibException Last(string what, object? target) => Of(what, Marshal.GetLastWin32Error(), target);

    /// <summary>The error with a number.</summary>
    public static AibException Of(string what, int error, object? target)
    {
        var inner = new Win32Exception(error);
        return error == AccessDenied
            ? new AibException(ErrorId.AccessDenied, $"{what}: {inner.Message}", "Run as an elevated administrator.", target, inner)
            : new AibException(ErrorId.SystemCallFailed, $"{what}: {inner.Message} (error {error})", "Look the error's number up; the machine may be shutting down.", target, inner);
    }
}
