using System.Text;

namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>Changes of a text, by place. Its lines keep their numbers.</summary>
internal sealed class TextEdits(string text)
{
    private readonly List<(int Start, int End, string With)> _edits = [];

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => _edits.Count == 0;

    /// <summary>Puts something in the place of a part; the part's line ends go before the last character of it.</summary>
    public void Replace(int start, int end, string with)
    {
        var lines = text.Substring(start, end - start).Count(c => c == '\n');
        // After a bracket a line may always end.
        var bracket = with.IndexOf("( ", StringComparison.Ordinal) is >= 0 and var at ? at + 1 : with.Length - 1;
        _edits.Add((start, end, lines == 0 ? with : with.Insert(bracket, new string('\n', lines))));
    }

    /// <summary>Puts something in the place of a part, whatever was to be changed in it.</summary>
    public void ReplaceWhole(int start, int end, string with)
    {
        _edits.RemoveAll(edit => start <= edit.Start && edit.End <= end);
        if (!_edits.Any(edit => edit.Start <= start && end <= edit.End))
        {
            Replace(start, end, with);
        }
    }

    /// <summary>The changed text.</summary>
    public string Apply()
    {
        var result = new StringBuilder();
        var at = 0;
        // Where one ends, another may begin: an end goes before a beginning at the same place.
        foreach (var edit in _edits.OrderBy(edit => edit.Start).ThenBy(edit => edit.End))
        {
            if (edit.Start < at)
            {
                return text;
            }
            result.Append(text, at, edit.Start - at).Append(edit.With);
            at = edit.End;
        }
        return result.Append(text, at, text.Length - at).ToString();
    }
}
