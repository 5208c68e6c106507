using System.Diagnostics;
using Microsoft.Win32;

namespace AibDeprovision.WindowsTests.Measuring;

/// <summary>The moment at which something was made to happen, from the process that did it to the one that waits for it.</summary>
internal static class Stamp
{
    private const string Key = @"HKEY_LOCAL_MACHINE\SOFTWARE\AibBed";

    /// <summary>Takes note that it happens now. The counter is the same for all processes of a machine.</summary>
    public static void Set() => Registry.SetValue(Key, nameof(Stamp), Stopwatch.GetTimestamp(), RegistryValueKind.QWord);

    /// <summary>The time since then.</summary>
    public static TimeSpan Age => Stopwatch.GetElapsedTime((long)Registry.GetValue(Key, nameof(Stamp), 0L)!);
}
