using System.Globalization;
using System.Text;
using DiffPlex;
using DiffPlex.Chunkers;
using DiffPlex.Model;

namespace AibDeprovision.Reports;

/// <summary>What an edit changes, as patch and git read it: lines taken out and put in, with three lines around them.</summary>
internal static class UnifiedDiff
{
    private const int Context = 3;

    // Beyond this a comparison line by line takes too long: what differs is then one block out and one block in.
    private const int MostCompared = 4_000;

    /// <summary>The difference of two texts; empty where they are the same.</summary>
    /// <param name="oldName">What the first is called.</param>
    /// <param name="newName">What the second is called.</param>
    /// <param name="before">The first text. Line ends belong to its lines.</param>
    /// <param name="after">The second.</param>
    public static string Of(string oldName, string newName, string before, string after)
    {
        if (before == after)
        {
            return "";
        }
        string[] from = Lines(before), to = Lines(after);
        var text = new StringBuilder($"--- {oldName}\n+++ {newName}\n");
        List<DiffBlock> hunk = [];
        foreach (var block in Blocks(from, to))
        {
            if (hunk.Count > 0 && block.DeleteStartA - End(hunk) > 2 * Context)
            {
                Write(text, hunk, from, to);
                hunk.Clear();
            }
            hunk.Add(block);
        }
        Write(text, hunk, from, to);
        return text.ToString();
    }

    // With their ends; a lone CR ends none.
    private static string[] Lines(string text)
    {
        List<string> lines = [];
        for (var at = 0; at < text.Length;)
        {
            var end = text.IndexOf('\n', at) is >= 0 and var found ? found + 1 : text.Length;
            lines.Add(text.Substring(at, end - at));
            at = end;
        }
        return [.. lines];
    }

    private static IEnumerable<DiffBlock> Blocks(string[] from, string[] to)
    {
        var begin = 0;
        while (begin < from.Length && begin < to.Length && from[begin] == to[begin])
        {
            begin++;
        }
        int fromEnd = from.Length, toEnd = to.Length;
        while (fromEnd > begin && toEnd > begin && from[fromEnd - 1] == to[toEnd - 1])
        {
            fromEnd--;
            toEnd--;
        }
        if (fromEnd - begin + toEnd - begin > MostCompared)
        {
            return [new DiffBlock(begin, fromEnd - begin, begin, toEnd - begin)];
        }
        var (one, other) = (string.Concat(from.Skip(begin).Take(fromEnd - begin)), string.Concat(to.Skip(begin).Take(toEnd - begin)));
        return Differ.Instance.CreateDiffs(one, other, ignoreWhiteSpace: false, ignoreCase: false, new CustomFunctionChunker(Lines)).DiffBlocks
            .Select(b => new DiffBlock(b.DeleteStartA + begin, b.DeleteCountA, b.InsertStartB + begin, b.InsertCountB));
    }

    private static int End(List<DiffBlock> hunk) => hunk[hunk.Count - 1].DeleteStartA + hunk[hunk.Count - 1].DeleteCountA;

    private static void Write(StringBuilder text, List<DiffBlock> hunk, string[] from, string[] to)
    {
        var last = hunk[hunk.Count - 1];
        int start = Math.Max(0, hunk[0].DeleteStartA - Context), end = Math.Min(from.Length, End(hunk) + Context);
        var newStart = hunk[0].InsertStartB - (hunk[0].DeleteStartA - start);
        var newEnd = last.InsertStartB + last.InsertCountB + (end - End(hunk));
        text.Append($"@@ -{Range(start, end)} +{Range(newStart, newEnd)} @@\n");
        var at = start;
        foreach (var block in hunk)
        {
            Append(text, ' ', from, at, block.DeleteStartA);
            Append(text, '-', from, block.DeleteStartA, block.DeleteStartA + block.DeleteCountA);
            Append(text, '+', to, block.InsertStartB, block.InsertStartB + block.InsertCountB);
            at = block.DeleteStartA + block.DeleteCountA;
        }
        Append(text, ' ', from, at, end);
    }

    // Of no line, the one before it is named.
    private static string Range(int start, int end) => (end - start) switch
    {
        0 => FormattableString.Invariant($"{start},0"),
        1 => (start + 1).ToString(CultureInfo.InvariantCulture),
        var count => FormattableString.Invariant($"{start + 1},{count}"),
    };

    private static void Append(StringBuilder text, char sign, string[] lines, int start, int end)
    {
        for (var i = start; i < end; i++)
        {
            text.Append(sign).Append(lines[i]);
            if (lines[i][lines[i].Length - 1] is not '\n')
            {
                text.Append(i == lines.Length - 1 ? "\n\\ No newline at end of file\n" : "\n");
            }
        }
    }
}
