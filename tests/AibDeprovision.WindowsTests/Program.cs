using System.Globalization;
using System.Runtime.Versioning;
using AibDeprovision.WindowsTests.Bed;
using AibDeprovision.WindowsTests.Faces;
using AibDeprovision.WindowsTests.Measuring;
using AibDeprovision.WindowsTests.Scenarios;

[assembly: SupportedOSPlatform("windows")]

namespace AibDeprovision.WindowsTests;

/// <summary>
/// One program with several faces: it runs scenarios, and under other names or arguments it is what the scenarios need
/// on the machine. So there is one language, one publish and one set of names.
/// </summary>
internal static class Program
{
    private const string Usage = "scenario <name> | list | reset | measure <repetitions> | measure cost | measure readiness | service <name> <behaviour> | after <seconds> <action> <argument>...";

    private static int Main(string[] arguments) =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath)!.ToUpperInvariant() switch
        {
            "SYSPREP" => FakeSysprep.Start(arguments),
            "SETUPHOST" => FakeSysprep.GoOn(arguments),
            "WHOAMI" => FakeWhoami.Answer(arguments),
            "POWERSHELL" => FakePowerShell.Run(arguments),
            _ => Run(arguments),
        };

    private static int Run(string[] arguments)
    {
        switch (arguments)
        {
            case ["scenario", var name]:
                return ScenarioRun.Run(name);
            case ["list"]:
                foreach (var scenario in ScenarioCatalogue.All)
                {
                    Console.WriteLine(scenario.Name);
                }
                return 0;
            case ["reset"]:
                using (var bed = new BedMachine())
                {
                    bed.Reset();
                }
                return 0;
            case ["measure", "cost"]:
                return WaitMeasure.Costs();
            case ["measure", "readiness"]:
                return ReadinessMeasure.Run();
            case ["measure", var repetitions]:
                return WaitMeasure.Run(int.Parse(repetitions, CultureInfo.InvariantCulture));
            case ["service", var name, var behaviour]:
                FakeService.Run(name, ServiceBehaviour.Parse(behaviour));
                return 0;
            case ["after", var seconds, .. var action]:
                return LateAction.Run(seconds, action);
            default:
                Console.Error.WriteLine(Usage);
                return 2;
        }
    }
}
