using AibDeprovision.Machine;

namespace AibDeprovision.Generalizing.Windows;

/// <summary>What a Sysprep command line asks for. Letter case does not matter, and - does for /.</summary>
internal sealed record SysprepSwitches
{
    public bool Generalize { get; private init; }

    public bool Oobe { get; private init; }

    public bool Audit { get; private init; }

    public bool Quiet { get; private init; }

    public bool Quit { get; private init; }

    public bool Shutdown { get; private init; }

    public bool Reboot { get; private init; }

    /// <summary>The answer file that is named on the command line; null for none.</summary>
    public string? AnswerFile { get; private init; }

    /// <summary>The switch that makes no sense; null when all do.</summary>
    public string? Wrong { get; private init; }

    /// <summary>No switch at all: Sysprep shows its window and waits for somebody to click.</summary>
    public bool ShowsWindow => this == new SysprepSwitches();

    /// <summary>The image state that a run with them ends in.</summary>
    public string Goal => (Generalize, Audit) switch
    {
        (true, false) => ImageStates.GeneralizedToOobe,
        (true, true) => ImageStates.GeneralizedToAudit,
        (false, false) => ImageStates.SpecializedToOobe,
        (false, true) => ImageStates.SpecializedToAudit,
    };

    public static SysprepSwitches Parse(IEnumerable<string> arguments)
    {
        var switches = arguments.Aggregate(new SysprepSwitches(), With);
        var endings = (switches.Quit ? 1 : 0) + (switches.Shutdown ? 1 : 0) + (switches.Reboot ? 1 : 0);
        return switches.Wrong is not null ? switches
            : switches.Oobe && switches.Audit ? switches with { Wrong = "/audit" }
            : endings > 1 ? switches with { Wrong = "/quit" }
            : switches;
    }

    private static SysprepSwitches With(SysprepSwitches switches, string argument) => argument.TrimStart('/', '-').ToUpperInvariant() switch
    {
        "GENERALIZE" => switches with { Generalize = true },
        "OOBE" => switches with { Oobe = true },
        "AUDIT" => switches with { Audit = true },
        "QUIET" => switches with { Quiet = true },
        "QUIT" => switches with { Quit = true },
        "SHUTDOWN" => switches with { Shutdown = true },
        "REBOOT" => switches with { Reboot = true },
        "MODE:VM" => switches,
        var other when other.StartsWith("UNATTEND:", StringComparison.Ordinal) => switches with { AnswerFile = argument.Substring(argument.IndexOf(':') + 1).Trim('"') },
        _ => switches with { Wrong = argument },
    };
}
