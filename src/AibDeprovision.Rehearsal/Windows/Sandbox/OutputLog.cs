namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>What a script printed, as lines. Of a very long output the first and the last lines are kept.</summary>
internal sealed class OutputLog
{
    private const int Kept = 400;
    private const int LongestLine = 4096;
    private const int KeptCharacters = 128 * 1024;
    private readonly List<string> _head = [];
    private readonly Queue<string> _tail = new();
    private long _leftOut;
    private int _inHead;
    private int _inTail;

    /// <summary>All of it that was kept.</summary>
    public IReadOnlyList<string> Lines =>
        _leftOut == 0 ? [.. _head, .. _tail] : [.. _head, $"... ({_leftOut} lines are left out here) ...", .. _tail];

    /// <summary>The last line that holds anything; null when there is none.</summary>
    public string? LastLine => _tail.Reverse().Concat(Enumerable.Reverse(_head)).FirstOrDefault(line => line.Trim().Length > 0);

    public void Add(string text)
    {
        foreach (var line in text.Replace("\r\n", "\n").Split('\n'))
        {
            AddLine(line.Length > LongestLine ? line.Substring(0, LongestLine) + "..." : line);
        }
    }

    private void AddLine(string line)
    {
        if (_tail.Count == 0 && _head.Count < Kept && _inHead + line.Length <= KeptCharacters)
        {
            _head.Add(line);
            _inHead += line.Length;
            return;
        }
        _tail.Enqueue(line);
        _inTail += line.Length;
        while (_tail.Count > Kept || _inTail > KeptCharacters)
        {
            _inTail -= _tail.Dequeue().Length;
            _leftOut++;
        }
    }
}
