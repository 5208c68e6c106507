using System.Collections;
using System.Globalization;
using AibDeprovision.Machine;
using AibDeprovision.Machine.Windows;

namespace AibDeprovision.Rules.Windows;

/// <summary>What a probe asks.</summary>
internal enum ProbeKind
{
    /// <summary>Whether a key of the registry is there.</summary>
    KeyExists,

    /// <summary>Whether a value is there and has this text, in any case.</summary>
    ValueIs,

    /// <summary>Whether a value is there and has another text.</summary>
    ValueIsNot,

    /// <summary>Whether a value is there and this text is in it, in any case.</summary>
    ValueContains,

    /// <summary>Whether one of Sysprep's processes runs.</summary>
    SysprepRuns,

    /// <summary>Whether a key of the registry is missing.</summary>
    KeyMissing,

    /// <summary>Whether a process with this name runs.</summary>
    ProcessRuns,

    /// <summary>Whether a service runs.</summary>
    ServiceRuns,

    /// <summary>Whether a service is disabled and does not run.</summary>
    ServiceDisabled,

    /// <summary>Whether a file is there, by its path below the folder of Windows.</summary>
    FileExists,

    /// <summary>Whether less than so many MB are free on the drive of Windows.</summary>
    FreeBelow,
}

/// <summary>
/// One question to a Windows machine, as data: this assembly asks it through <see cref="IWindowsMachine"/>, and the generated
/// script, which is given the same data, through its own commands.
/// </summary>
/// <param name="Kind">What it asks.</param>
/// <param name="Key">The key of the registry; empty where it asks for none.</param>
/// <param name="Name">The name of the value, of the process without .exe, of the service, or of what a key that is missing stands for; empty where it asks for none.</param>
/// <param name="Text">What the value is held against: strings as they are, numbers in decimal digits; or the path of a file.</param>
internal sealed record Probe(ProbeKind Kind, string Key = "", string Name = "", string Text = "")
{
    private const long MB = 1024 * 1024;

    /// <summary>Whether only a machine that runs can answer, and no mounted image.</summary>
    public bool NeedsMachine => Kind is ProbeKind.SysprepRuns or ProbeKind.ProcessRuns or ProbeKind.ServiceRuns or ProbeKind.ServiceDisabled or ProbeKind.FreeBelow;

    /// <summary>What was found, in words; null where the answer is no.</summary>
    /// <param name="image">What is asked: a machine that runs where <see cref="NeedsMachine"/> says so.</param>
    /// <exception cref="Errors.AibException">Something is there and cannot be read.</exception>
    public string? Ask(IWindowsImage image) => Kind switch
    {
        ProbeKind.KeyExists => image.Registry.Exists(Key) ? Key : null,
        ProbeKind.KeyMissing => image.Registry.Exists(Key) ? null : Name,
        ProbeKind.FileExists => image.WindowsFolder + Text is var path && image.Files.Exists(path) ? path : null,
        _ when NeedsMachine => Ask((IWindowsMachine)image),
        _ => image.Registry.Value(Key, Name) is { } data && TextOf(data) is var text && Holds(text) ? text : null,
    };

    private string? Ask(IWindowsMachine machine) => Kind switch
    {
        ProbeKind.SysprepRuns => SysprepFiles.RunningOn(machine) is { Count: > 0 } running ? string.Join(", ", running) : null,
        ProbeKind.ProcessRuns => machine.RunningOf([Name]).Count > 0 ? Name : null,
        ProbeKind.ServiceRuns => machine.FindService(Name) is { Status: ServiceStatus.Running } ? Name : null,
        ProbeKind.ServiceDisabled => machine.FindService(Name) is { IsDisabled: true } ? Name : null,
        _ => machine.FreeSpace / MB is var free && free < long.Parse(Text, CultureInfo.InvariantCulture) ? free.ToString(CultureInfo.InvariantCulture) : null,
    };

    private bool Holds(string text) => Kind switch
    {
        ProbeKind.ValueIs => text.Equals(Text, StringComparison.OrdinalIgnoreCase),
        ProbeKind.ValueIsNot => !text.Equals(Text, StringComparison.OrdinalIgnoreCase),
        _ => text.IndexOf(Text, StringComparison.OrdinalIgnoreCase) >= 0,
    };

    // As PowerShell's [string] writes it.
    private static string TextOf(object data) => data is not string && data is IEnumerable list
        ? string.Join(" ", list.Cast<object>().Select(TextOf))
        : Convert.ToString(data, CultureInfo.InvariantCulture) ?? "";
}
