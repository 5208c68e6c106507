using AibDeprovision.Errors;
using AibDeprovision.Machine.Windows.Native;

namespace AibDeprovision.Machine.Windows.Live;

/// <summary>The security identifier of a Windows machine.</summary>
internal static class MachineSid
{
    private const int Longest = 68;
    private const int Header = 8;

    // 21 and three numbers; a fourth would be an account's.
    private const int Parts = 4;

    /// <summary>That of this machine.</summary>
    /// <exception cref="AibException">The system does not say.</exception>
    public static string Read()
    {
        var sid = new byte[Longest];
        var domain = new char[256];
        var (sidSize, domainSize) = (sid.Length, domain.Length);
        return !Advapi32.LookupAccountNameW(null, Environment.MachineName, sid, ref sidSize, domain, ref domainSize, out _)
            ? throw WindowsError.Last("The SID of this machine cannot be read", null)
            : TextOf(sid) ?? throw new AibException(ErrorId.SystemCallFailed, "The SID of this machine is none of a machine.", "This machine may be a domain controller.", null);
    }

    /// <summary>The machine's part of a SID in its binary form, as text; null for one that is none of a machine or of an account of one.</summary>
    internal static string? TextOf(byte[] sid)
    {
        // Revision, the number of parts, the authority (5: NT), then the parts.
        if (sid[0] != 1 || sid[1] < Parts || sid[Header - 1] != 5 || BitConverter.ToUInt32(sid, Header) != 21)
        {
            return null;
        }
        return string.Join("-", Enumerable.Range(0, Parts).Select(i => FormattableString.Invariant($"{BitConverter.ToUInt32(sid, Header + (i * sizeof(uint)))}")).Prepend("S-1-5"));
    }
}
