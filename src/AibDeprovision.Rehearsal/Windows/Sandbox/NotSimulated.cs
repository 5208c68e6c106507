namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>What a script called that was taken as done: it is said, so that whoever knows better can doubt.</summary>
internal sealed class NotSimulated
{
    private const int Most = 50;
    private const int Shown = 6;
    private readonly Dictionary<string, int> _lines = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>All of it, in words; null where there was none.</summary>
    public string? Text => _lines.Count == 0 ? null
        : $"not simulated: {string.Join(", ", _lines.Take(Shown).Select(call => call.Value > 0 ? $"{call.Key}, line {call.Value}" : call.Key))}{(_lines.Count > Shown ? $" and {_lines.Count - Shown} more" : "")}";

    /// <summary>Takes note of a call; of several of the same name, the first counts.</summary>
    public void Add(string name, int line)
    {
        if (_lines.Count < Most && !_lines.ContainsKey(name))
        {
            _lines.Add(name, line);
        }
    }
}
