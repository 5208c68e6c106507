using System.Runtime.CompilerServices;

namespace AibDeprovision.Tests.Engine;

/// <summary>Before any test: no test generalizes the machine it runs on, whatever it calls.</summary>
internal static class Harmless
{
    [ModuleInitializer]
    internal static void Begin()
    {
        ThisMachine.LinuxSource = () => null;
        ThisMachine.DeprovisionLinux = (_, _, _) => throw new InvalidOperationException("A test was about to generalize the machine it runs on.");
    }
}
