using System.Runtime.InteropServices;
using AibDeprovision.Machine.Windows.Native;

namespace AibDeprovision.Machine.Windows.Live;

/// <summary>Who this process works as.</summary>
internal static class ProcessToken
{
    /// <summary>With an administrator's full token.</summary>
    public static bool IsElevated => Ask(Advapi32.TokenElevation, information => Marshal.ReadInt32(information) != 0);

    /// <summary>As the machine's own account.</summary>
    public static bool IsSystem => Ask(Advapi32.TokenUser, information => Advapi32.IsWellKnownSid(Marshal.ReadIntPtr(information), Advapi32.LocalSystem));

    private static bool Ask(int kind, Func<IntPtr, bool> read)
    {
        const int room = 1024;
        var information = Marshal.AllocHGlobal(room);
        try
        {
            if (!Advapi32.OpenProcessToken(Kernel32.GetCurrentProcess(), Advapi32.TokenQuery, out var token))
            {
                throw WindowsError.Last("The token of this process cannot be opened", null);
            }
            using (token)
            {
                return Advapi32.GetTokenInformation(token, kind, information, room, out _)
                    ? read(information)
                    : throw WindowsError.Last("The token of this process cannot be read", null);
            }
        }
        finally
        {
            Marshal.FreeHGlobal(information);
        }
    }
}
