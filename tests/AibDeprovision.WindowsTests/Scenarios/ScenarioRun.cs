using AibDeprovision.WindowsTests.Bed;

namespace AibDeprovision.WindowsTests.Scenarios;

/// <summary>Plays one scenario and prints its verdict on the last line: PASS, or FAIL and the reason.</summary>
internal static class ScenarioRun
{
    public static int Run(string name)
    {
        var scenario = ScenarioCatalogue.All.FirstOrDefault(item => item.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (scenario is null)
        {
            Console.WriteLine($"FAIL there is no scenario {name}");
            return 2;
        }
        using var bed = new BedMachine();
        try
        {
            bed.Reset();
            scenario.Play(bed);
            Console.WriteLine("PASS");
            return 0;
        }
#pragma warning disable CA1031 // Whatever it is, it is the verdict.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Console.WriteLine(e is ScenarioFailedException ? "" : e);
            Console.WriteLine($"FAIL {e.Message.ReplaceLineEndings(" ")}");
            return 1;
        }
    }
}
