using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using AibDeprovision.Errors;
using AibDeprovision.Generalizing;
using AibDeprovision.Generalizing.Linux;
using AibDeprovision.Machine;
using AibDeprovision.Machine.Linux;
using AibDeprovision.Machine.Linux.Live;
using AibDeprovision.Machine.Windows;
using AibDeprovision.Machine.Windows.Live;
using AibDeprovision.Plans;

namespace AibDeprovision;

/// <summary>The machine that the on-VM cmdlets work on.</summary>
internal class ThisMachine
{
    // By the runspace, which the session cannot forge: a session that a test has opened may be on a machine of the test's own.
    private static readonly ConditionalWeakTable<Runspace, ThisMachine> s_others = new();
    private static readonly ThisMachine s_real = new();

    /// <summary>The machine of the session that asks.</summary>
    public static ThisMachine Here => Runspace.DefaultRunspace is { } session && s_others.TryGetValue(session, out var other) ? other : s_real;

    /// <summary>Puts a session on another machine. For tests.</summary>
    public static void Put(Runspace session, ThisMachine machine) => s_others.Add(session, machine);

    /// <summary>The Windows machine; null where this is none.</summary>
    public virtual IWindowsMachine? Windows() => Host.Platform == DeprovisionPlatform.Windows ? new WindowsMachine() : null;

    /// <summary>The Linux machine; null where this is none.</summary>
    public virtual LinuxMachine? Linux() => Host.Platform == DeprovisionPlatform.Linux ? new LinuxMachine() : null;

    /// <summary>The files of the Linux machine; null where this is none.</summary>
    public virtual ILinuxFiles? LinuxFiles() => Host.Platform == DeprovisionPlatform.Linux ? new RootedFiles("/") : null;

    /// <summary>The Linux machine, as checks and repairs see it; null where this is none.</summary>
    public virtual ILinuxSystem? LinuxVm() => Linux();

    /// <summary>Generalizes the Linux machine.</summary>
    public virtual DeprovisionResult DeprovisionLinux(DeprovisionPlan plan, Action<string, string> write, CancellationToken cancel) =>
        LinuxDeprovision.Run(new LinuxMachine(), plan, write, cancel);

    /// <summary>The machine with its services, whichever system it is.</summary>
    /// <exception cref="AibException">It is neither Windows nor Linux, or the process is a 32-bit one on a 64-bit Windows.</exception>
    public IServiceMachine WithServices(string command) => (IServiceMachine?)Linux() ?? Windows(command, "Run it on the build VM.");

    /// <summary>The Windows machine.</summary>
    /// <param name="command">The name of the cmdlet that wants it.</param>
    /// <param name="instead">What to do on another system, as a sentence.</param>
    /// <exception cref="AibException">This is no Windows, or the process is a 32-bit one on a 64-bit Windows.</exception>
    public IWindowsMachine Windows(string command, string instead)
    {
        var machine = Windows() ?? throw new AibException(ErrorId.PlatformNotSupported, $"{command} works on the Windows VM itself, and this is not Windows.", instead, command);
        return machine.IsRedirected
            ? throw new AibException(ErrorId.PlatformNotSupported, $"{command} needs a 64-bit process: this 32-bit one is shown other files and keys than Sysprep is.",
                @"Use the PowerShell of C:\Windows\System32, or of C:\Windows\sysnative from a 32-bit program.", command)
            : machine;
    }
}
