using System.Runtime.InteropServices;
using AibDeprovision.Plans;

namespace AibDeprovision.Machine;

/// <summary>The system this process runs on.</summary>
internal static class Host
{
    /// <summary>Windows or Linux; null on any other system.</summary>
    public static DeprovisionPlatform? Platform =>
        IsWindows ? DeprovisionPlatform.Windows
        : RuntimeInformation.IsOSPlatform(OSPlatform.Linux) ? DeprovisionPlatform.Linux
        : null;

    internal static bool IsWindows { get; } = RuntimeInformation.IsOSPlatform(OSPlatform.Windows);
}
