using System.Diagnostics;
using Microsoft.Win32;

namespace AibDeprovision.WindowsTests.Measuring;

/// <summary>The moment at which something was made to happen, from the process that did it to the one that waits for it.</summary>
internal static class Stamp
{
    private const string Key = @"HKEY_LOCAL_MACHINE\SOFTWARE\AibBed";

    /// <summary>Makes it happen, and takes note of the moment before. The counter is the same for all processes of a machine.</summary>
    public static void On(Action happening)
    {
        var moment = Stopwatch.GetTimestamp();
        happening();
        Write(moment);
    }

    /// <summary>Takes note of this moment.</summary>
    public static void Now() => Write(Stopwatch.GetTimestamp());

    /// <summary>Forgets the last moment.</summary>
    public static void Clear() => Write(0);

    /// <summary>The time from the noted moment to another one. The note is written after the event, so it may still be on its way.</summary>
    public static TimeSpan Until(long moment)
    {
        long noted;
        while ((noted = (long)Registry.GetValue(Key, nameof(Stamp), 0L)!) == 0)
        {
            Thread.Sleep(10);
        }
        return Stopwatch.GetElapsedTime(noted, moment);
    }

    private static void Write(long moment) => Registry.SetValue(Key, nameof(Stamp), moment, RegistryValueKind.QWord);
}
