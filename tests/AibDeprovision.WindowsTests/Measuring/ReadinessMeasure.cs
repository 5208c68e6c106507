using System.Globalization;
using AibDeprovision.WindowsTests.Bed;

namespace AibDeprovision.WindowsTests.Measuring;

/// <summary>How long the checks take that need no Windows PowerShell.</summary>
internal static class ReadinessMeasure
{
    private const int Rounds = 21;

    public static int Run()
    {
        using var bed = new BedMachine();
        bed.Reset();
        var times = bed.Engine.Run($"1..{Rounds} | ForEach-Object {{ (Measure-Command {{ Test-AibDeprovisionReadiness -Exclude AppxNotProvisioned, BitLockerOn, RearmsUsedUp, Administrator* }}).TotalMilliseconds }}")
            .WithoutErrors().Output.Select(item => Convert.ToDouble(item.Value.BaseObject, CultureInfo.InvariantCulture)).ToList();
        var sorted = times.Order().ToList();
        Console.WriteLine(FormattableString.Invariant($"readiness without questions to Windows PowerShell: first {times[0]:0.0} ms, median {sorted[Rounds / 2]:0.0} ms, largest of the others {times.Skip(1).Max():0.0} ms"));
        return 0;
    }
}
