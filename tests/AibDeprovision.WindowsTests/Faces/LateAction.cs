using System.Globalization;
using AibDeprovision.WindowsTests.Bed;
using AibDeprovision.WindowsTests.Measuring;

namespace AibDeprovision.WindowsTests.Faces;

/// <summary>
/// Something that happens to the machine while the engine is at work. It is done by a process of its own: several threads
/// that call the service control manager at once hang in Wine.
/// </summary>
internal static class LateAction
{
    public static int Run(string seconds, string[] action)
    {
        Thread.Sleep(TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture)));
        switch (action)
        {
            case ["install", var name, var behaviour]:
                BedService.Install(name, ServiceBehaviour.Parse(behaviour));
                BedService.Start(name);
                return 0;
            case ["start", var name]:
                BedService.Start(name);
                return 0;
            case ["stop", var name]:
                BedService.Stop(name);
                return 0;
            case ["image-state", var state]:
                // Once before, on what nobody watches: what is measured from the writing on is not to hold its compiling.
                SetupRegistry.GeneralizationState = SetupRegistry.GeneralizationState;
                Stamp.On(() => SetupRegistry.ImageState = state);
                return 0;
            default:
                Console.Error.WriteLine($"Not an action: {string.Join(' ', action)}");
                return 2;
        }
    }
}
