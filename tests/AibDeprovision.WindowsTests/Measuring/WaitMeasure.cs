using System.Diagnostics;
using System.Globalization;
using AibDeprovision.Machine;
using AibDeprovision.WindowsTests.Bed;
using AibDeprovision.WindowsTests.Faces;

namespace AibDeprovision.WindowsTests.Measuring;

/// <summary>
/// How soon a wait returns after what it waits for has happened: the cmdlets beside the 5 s poll of the documented default,
/// in turn, in one run. And what a wait costs in processor time.
/// </summary>
internal static class WaitMeasure
{
    private const string Service = "RdAgent";

    private static readonly Waiting[] Pairs =
    [
        new("service runs", "Wait-AibGuestAgentService -Name RdAgent -Optional @()",
            "while ((Get-Service RdAgent).Status -ne 'Running') { Start-Sleep -s 5 }",
            bed => bed.StopService(Service), ["start", Service]),
        new("image state is there", "Wait-AibSysprepState",
            $@"while ($true) {{ $imageState = (Get-ItemProperty -LiteralPath HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Setup\State -Name ImageState).ImageState; if ($imageState -eq '{ImageStates.GeneralizedToOobe}') {{ break }}; Start-Sleep -s 5 }}",
            bed => bed.ImageState = ImageStates.Undeployable, ["image-state", ImageStates.GeneralizedToOobe]),
    ];

    /// <summary>Measures, and prints a line for each pair.</summary>
    public static int Run(int repetitions)
    {
        using var bed = new BedMachine();
        bed.Reset();
        Console.WriteLine("wait until                  cmdlet: median      max    5 s poll: median      max    ratio");
        foreach (var pair in Pairs)
        {
            Once(bed, pair, pair.Cmdlet, 1);
            var (cmdlet, poll) = (new List<double>(), new List<double>());
            for (var n = 0; n < repetitions; n++)
            {
                cmdlet.Add(Once(bed, pair, pair.Cmdlet, 1));
                poll.Add(Once(bed, pair, pair.Poll, 5));
            }
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{pair.Name,-24} {Median(cmdlet),12:F1} ms {cmdlet.Max(),6:F1} ms {Median(poll),12:F0} ms {poll.Max(),6:F0} ms {Median(poll) / Median(cmdlet),8:F0}"));
        }
        bed.StopService(Service);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Ctrl+C ends a wait after {Median(Stops(bed, Math.Min(repetitions, 20))):F1} ms"));
        return 0;
    }

    /// <summary>Measures what waits cost, beside an engine that has nothing to do, in turn, and prints a line for each of three rounds.</summary>
    public static int Costs()
    {
        using var bed = new BedMachine();
        bed.Reset();
        bed.StopService(Service);
        bed.Sysprep(new SysprepBehaviour { Ending = SysprepEnding.Hangs });
        bed.StartSysprep("/generalize", "/oobe", "/quiet", "/quit");
        string[] scripts = ["Start-Sleep -Seconds 70", "Wait-AibGuestAgentService -Timeout 70 -ErrorAction SilentlyContinue", "Wait-AibSysprepState -Timeout 70 -ErrorAction SilentlyContinue"];
        Console.WriteLine("processor time over 60 s:  idle engine   service wait   image state wait");
        for (var n = 0; n < 3; n++)
        {
            var costs = scripts.Select(script => Cost(bed, script)).ToArray();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{costs[0],36:F3} % {costs[1],12:F3} % {costs[2],16:F3} %"));
        }
        return 0;
    }

    // Milliseconds from the event to the end of the script. The event comes at any point of so many seconds: of a whole poll.
    private static double Once(BedMachine bed, Waiting pair, string script, int seconds)
    {
        pair.Prepare(bed);
        Stamp.Clear();
        _ = bed.Engine;
        bed.After(Random.Shared.NextDouble() * seconds, pair.Event);
        bed.Engine.Run(script).WithoutErrors();
        return Stamp.Until(Stopwatch.GetTimestamp()).TotalMilliseconds;
    }

    private static List<double> Stops(BedMachine bed, int repetitions)
    {
        var times = new List<double>();
        for (var n = 0; n < repetitions; n++)
        {
            using var run = bed.Engine.Start("Wait-AibGuestAgentService -Timeout 60");
            Thread.Sleep(500);
            times.Add(run.Stop().TotalMilliseconds);
            run.Wait();
        }
        return times;
    }

    // Per cent of one core over 60 s in the midst of a wait for what does not come.
    private static double Cost(BedMachine bed, string script)
    {
        using var run = bed.Engine.Start(script);
        Thread.Sleep(5000);
        using var self = Process.GetCurrentProcess();
        var (before, time) = (self.TotalProcessorTime, Stopwatch.StartNew());
        Thread.Sleep(60_000);
        self.Refresh();
        var cost = (self.TotalProcessorTime - before) / time.Elapsed * 100;
        run.Wait();
        return cost;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private sealed record Waiting(string Name, string Cmdlet, string Poll, Action<BedMachine> Prepare, string[] Event);
}
