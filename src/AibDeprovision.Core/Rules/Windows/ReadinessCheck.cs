using AibDeprovision.Errors;
using AibDeprovision.Machine.Windows;

namespace AibDeprovision.Rules.Windows;

/// <summary>A check that is made of probes: it holds where every probe does.</summary>
/// <param name="Rule">What it is then; {found} in its sentences is what the first probe has found.</param>
/// <param name="Probes">What is asked; at least one.</param>
internal sealed record ReadinessCheck(Rule Rule, params Probe[] Probes)
{
    /// <summary>Rules that explain it: where one of them holds, it is not looked at.</summary>
    public IReadOnlyList<Rule> Unless { get; init; } = [];

    /// <summary>Whether it stops a deprovision where that was asked for, although it is not certain.</summary>
    public bool RefusesWhenStrict { get; init; }

    /// <summary>Whether a deprovision leaves it out: it mends or waits for that itself, or it does not mind.</summary>
    public bool OnlyForReadiness { get; init; }

    /// <summary>Whether Sysprep does not mind it, and only the first start of a VM does: no suspicion where Sysprep fails.</summary>
    public bool ForFirstStart { get; init; }

    /// <summary>Whether a mounted image can be asked.</summary>
    public bool ForImages => !Probes.Any(probe => probe.NeedsMachine);

    /// <summary>Whether it stops a deprovision. Without being asked to, only an error does, and that is certain.</summary>
    public bool Refuses(bool strict) => !OnlyForReadiness && (Rule.Severity == Severity.Error || (strict && RefusesWhenStrict));

    /// <summary>The finding; null where the check does not hold.</summary>
    /// <exception cref="AibException">Something of the machine cannot be read.</exception>
    public Finding? Ask(IWindowsImage machine)
    {
        string? first = null;
        foreach (var probe in Probes)
        {
            if (probe.Ask(machine) is not { } found)
            {
                return null;
            }
            first ??= found;
        }
        var text = SecretText.Mask(PrintableText.Short(first!));
        return Rule.Finding(("found", text)) with { File = Probes[0].Kind == ProbeKind.FileExists ? text : Probes[0].Key.Length > 0 ? Probes[0].Key : null, Evidence = text };
    }
}
