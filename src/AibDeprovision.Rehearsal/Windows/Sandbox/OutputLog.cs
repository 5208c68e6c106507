namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>What a script printed, as lines. Of a very long output the first and the last lines are kept.</summary>
internal sealed class OutputLog
{
    private const int Kept = 400;
    private const int LongestLine = 4096;
    private const int KeptCharacters = 128 * 1024;
    private const int KeptSaid = 200;
    private const int MostQuoted = 5_000;
    private const int ShortestQuote = 8;
    private readonly List<string> _head = [];
    private readonly Queue<string> _tail = new();
    private readonly Queue<string> _said = new();
    private readonly HashSet<string> _quoted = new(StringComparer.Ordinal);
    private long _leftOut;
    private int _inHead;
    private int _inTail;

    /// <summary>All of it that was kept.</summary>
    public IReadOnlyList<string> Lines =>
        _leftOut == 0 ? [.. _head, .. _tail] : [.. _head, $"... ({_leftOut} lines are left out here) ...", .. _tail];

    /// <summary>What the script said in its own words, the last first: messages and lines, without what it has from files.</summary>
    public IEnumerable<string> Said => _said.Reverse().Where(line => !_quoted.Any(quote => line.EndsWith(quote, StringComparison.Ordinal)));

    /// <summary>Adds a text of any number of lines.</summary>
    /// <param name="text">The text.</param>
    /// <param name="message">What it says, where the text says it with more around it: an error's message.</param>
    public void Add(string text, string? message = null)
    {
        foreach (var line in text.Replace("\r\n", "\n").Split('\n'))
        {
            var cut = line.Length > LongestLine ? line.Substring(0, LongestLine) + "..." : line;
            AddLine(cut);
            Say(message is null ? cut : "");
        }
        Say(message ?? "");
    }

    /// <summary>Takes note of a line that the script has from a file of the VM, a log for instance: to print it is not to say it.</summary>
    public void Quote(string line)
    {
        if (_quoted.Count < MostQuoted && line.Trim() is { Length: >= ShortestQuote } text)
        {
            _quoted.Add(text);
        }
    }

    private void Say(string line)
    {
        if (line.Trim() is { Length: > 0 } said)
        {
            _said.Enqueue(said);
            if (_said.Count > KeptSaid)
            {
                _said.Dequeue();
            }
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
