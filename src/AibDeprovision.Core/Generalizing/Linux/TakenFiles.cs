using AibDeprovision.Machine.Linux;
using AibDeprovision.Plans;

namespace AibDeprovision.Generalizing.Linux;

/// <summary>
/// Gives back what waagent takes and is not its own, also where it was stopped: it drops every sudo rule that holds the name
/// of its user, so also that of 'packeradmin'; and on Arch and Flatcar it removes a machine-id that is meant to stay.
/// </summary>
internal sealed class TakenFiles : IDisposable
{
    private const string MachineIdPath = "/etc/machine-id";

    private readonly LinuxWork _work;
    private readonly BuildUser? _user;
    private readonly List<string> _rules;
    private readonly string? _machineId;

    /// <summary>To be made before waagent runs.</summary>
    /// <param name="work">The machine and the plan.</param>
    /// <param name="user">The user whose rules may go; null where that is not known.</param>
    public TakenFiles(LinuxWork work, BuildUser? user)
    {
        _work = work;
        _user = user;
        _rules = RulesNow();
        _machineId = work.Keeps(ResidueKinds.MachineId) ? work.Look().ReadText(MachineIdPath) : null;
    }

    /// <summary>Gives it back. What fails is told.</summary>
    public void Dispose()
    {
        List<string> restored = [.. RestoreRules().Select(line => $"restored in {LinuxAgent.RulesFile} the rule of {line.Split(' ', '\t')[0]}")];
        if (RestoreMachineId())
        {
            restored.Add("restored " + MachineIdPath);
        }
        // Where it was cancelled nobody listens any more.
        foreach (var text in restored.Where(_ => !_work.Cancel.IsCancellationRequested))
        {
            _work.Log.Phase("waagent", text);
        }
    }

    private List<string> RulesNow() => [.. _work.Look().LinesOf(LinuxAgent.RulesFile).Select(line => line.Text).Where(line => line.Length > 0)];

    private bool RestoreMachineId() =>
        _machineId is { Length: > 0 } && !_work.Look().Find(MachineIdPath).Any() && _work.Try("waagent", changes => changes.Create(MachineIdPath, _machineId));

    private List<string> RestoreRules()
    {
        var lost = _rules.Where(line => _user?.Owns(line) != true).Except(RulesNow(), StringComparer.Ordinal).ToList();
        if (lost.Count == 0)
        {
            return lost;
        }
        var isThere = _work.Look().Look(LinuxAgent.RulesFile) is not null;
        var text = string.Concat(lost.Select(line => line + "\n"));
        return _work.Try("waagent", changes => Write(changes, isThere, text)) ? lost : [];
    }

    private static void Write(ILinuxChanges changes, bool isThere, string text)
    {
        if (isThere)
        {
            changes.EditLines(LinuxAgent.RulesFile, lines => [.. lines.Reverse().SkipWhile(line => line.Length == 0).Reverse(), .. text.Split('\n')]);
        }
        else
        {
            changes.Create(LinuxAgent.RulesFile, text);
        }
    }
}
