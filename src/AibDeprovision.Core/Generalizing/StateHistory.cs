using AibDeprovision.Machine;

namespace AibDeprovision.Generalizing;

/// <summary>The states that something has gone through; of very many the first ones and the last.</summary>
internal sealed class StateHistory(IClock clock)
{
    private const int Kept = 50;
    private readonly TimeSpan _since = clock.Elapsed;
    private readonly List<StateChange> _changes = [];

    public IReadOnlyList<StateChange> Changes => _changes;

    public string Last => _changes.Count == 0 ? "" : _changes[_changes.Count - 1].State;

    public TimeSpan Waited => clock.Elapsed - _since;

    /// <summary>Takes note of a state; true when it is another one than before.</summary>
    public bool Note(string state)
    {
        if (_changes.Count > 0 && Last == state)
        {
            return false;
        }
        if (_changes.Count >= 2 * Kept)
        {
            _changes.RemoveAt(Kept);
        }
        _changes.Add(new StateChange(Waited, state));
        return true;
    }

    /// <summary>The last few changes in words.</summary>
    public string Recent() => string.Join(", ", _changes.Skip(Math.Max(0, _changes.Count - 5)));
}
