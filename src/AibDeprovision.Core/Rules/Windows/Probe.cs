using System.Collections;
using System.Globalization;
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
}

/// <summary>
/// One question to a Windows machine, as data: this assembly asks it through <see cref="IWindowsMachine"/>, and the generated
/// script, which is given the same data, through its own commands.
/// </summary>
/// <param name="Kind">What it asks.</param>
/// <param name="Key">The key of the registry; empty where it asks for none.</param>
/// <param name="Name">The name of the value; empty where it asks for none.</param>
/// <param name="Text">What the value is held against: strings as they are, numbers in decimal digits.</param>
internal sealed record Probe(ProbeKind Kind, string Key = "", string Name = "", string Text = "")
{
    /// <summary>What was found, in words; null where the answer is no.</summary>
    /// <exception cref="Errors.AibException">The key is there and cannot be read.</exception>
    public string? Ask(IWindowsMachine machine)
    {
        switch (Kind)
        {
            case ProbeKind.SysprepRuns:
                var running = SysprepFiles.RunningOn(machine);
                return running.Count > 0 ? string.Join(", ", running) : null;
            case ProbeKind.KeyExists:
                return machine.Registry.Exists(Key) ? Key : null;
            default:
                return machine.Registry.Value(Key, Name) is { } data && TextOf(data) is var text && Holds(text) ? text : null;
        }
    }

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
