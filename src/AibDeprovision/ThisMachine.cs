using AibDeprovision.Deprovisioning;
using AibDeprovision.Machine;
using AibDeprovision.Machine.Linux;
using AibDeprovision.Machine.Linux.Live;
using AibDeprovision.Machine.Windows;
using AibDeprovision.Machine.Windows.Live;

namespace AibDeprovision;

/// <summary>The machine that the on-VM cmdlets work on.</summary>
internal static class ThisMachine
{
    /// <summary>Gives the Windows machine; null where this is none. The tests put a simulated one here.</summary>
    public static Func<IWindowsMachine?> Source { get; set; } = () => Host.Platform == DeprovisionPlatform.Windows ? new WindowsMachine() : null;

    /// <summary>Gives the Linux machine; null where this is none. The tests put one with a systemctl of their own here.</summary>
    public static Func<LinuxMachine?> LinuxSource { get; set; } = () => Host.Platform == DeprovisionPlatform.Linux ? new LinuxMachine() : null;

    /// <summary>Generalizes the Linux machine. The tests put something harmless here: nothing must ever generalize the machine they run on.</summary>
    public static Func<DeprovisionPlan, Action<string, string>, CancellationToken, DeprovisionResult> DeprovisionLinux { get; set; } =
        (plan, write, cancel) => LinuxDeprovision.Run(new LinuxMachine(), plan, write, cancel);

    /// <summary>The machine with its services, whichever system it is.</summary>
    /// <exception cref="AibException">It is neither Windows nor Linux, or the process is a 32-bit one on a 64-bit Windows.</exception>
    public static IServiceMachine WithServices(string command) => (IServiceMachine?)LinuxSource() ?? Windows(command, "Run it on the build VM.");

    /// <summary>Gives the files of the Linux machine; null where this is none. The tests put a simulated one here.</summary>
    public static Func<ILinuxFiles?> LinuxFiles { get; set; } = () => Host.Platform == DeprovisionPlatform.Linux ? new RootedFiles("/") : null;

    /// <summary>The Windows machine.</summary>
    /// <param name="command">The name of the cmdlet that wants it.</param>
    /// <param name="instead">What to do on another system, as a sentence.</param>
    /// <exception cref="AibException">This is no Windows, or the process is a 32-bit one on a 64-bit Windows.</exception>
    public static IWindowsMachine Windows(string command, string instead)
    {
        var machine = Source() ?? throw new AibException(ErrorId.PlatformNotSupported, $"{command} works on the Windows VM itself, and this is not Windows.", instead, command);
        return machine.IsRedirected
            ? throw new AibException(ErrorId.PlatformNotSupported, $"{command} needs a 64-bit process: this 32-bit one is shown other files and keys than Sysprep is.",
                @"Use the PowerShell of C:\Windows\System32, or of C:\Windows\sysnative from a 32-bit program.", command)
            : machine;
    }
}
