using System.Text;
using System.Text.RegularExpressions;
using AibDeprovision.Binding;
using AibDeprovision.Reports;
using CsCheck;

namespace AibDeprovision.Tests.Reports;

/// <summary>What an edit changes, in the form that patch and git read.</summary>
public sealed class UnifiedDiffTests
{
    [Fact]
    public void Texts_that_are_the_same_have_no_difference() => Assert.Equal("", Of("one\ntwo\n", "one\ntwo\n"));

    [Fact]
    public void A_hunk_has_three_lines_around_what_changes() =>
        Assert.Equal("--- a/x.ps1\n+++ b/x.ps1\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n", Of("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n"));

    [Fact]
    public void Changes_that_are_far_apart_are_two_hunks_and_near_ones_are_one()
    {
        var lines = Enumerable.Range(1, 40).Select(n => $"{n}\n").ToArray();
        Assert.Equal(2, Hunks(string.Concat(lines), string.Concat(lines.Select(l => l is "5\n" or "30\n" ? "x\n" : l))));
        Assert.Equal(1, Hunks(string.Concat(lines), string.Concat(lines.Select(l => l is "5\n" or "12\n" ? "x\n" : l))));
        Assert.Equal(2, Hunks(string.Concat(lines), string.Concat(lines.Select(l => l is "5\n" or "13\n" ? "x\n" : l))));
    }

    [Fact]
    public void Line_ends_belong_to_the_lines() =>
        Assert.Equal("--- a/x.ps1\n+++ b/x.ps1\n@@ -1,2 +1,2 @@\n one\r\n-two\r\n+two\n", Of("one\r\ntwo\r\n", "one\r\ntwo\n"));

    [Fact]
    public void An_end_without_a_line_end_is_said() =>
        Assert.Equal("--- a/x.ps1\n+++ b/x.ps1\n@@ -1,2 +1,2 @@\n one\n-two\n\\ No newline at end of file\n+two\n", Of("one\ntwo", "one\ntwo\n"));

    [Fact]
    public void A_new_text_and_an_emptied_one_name_no_line()
    {
        Assert.Equal("--- a/x.ps1\n+++ b/x.ps1\n@@ -0,0 +1 @@\n+one\n", Of("", "one\n"));
        Assert.Equal("--- a/x.ps1\n+++ b/x.ps1\n@@ -1 +0,0 @@\n-one\n", Of("one\n", ""));
    }

    [Fact]
    public void What_differs_in_too_many_lines_is_one_block_and_still_right()
    {
        var random = new Random(1);
        string Huge() => "same\n" + string.Concat(Enumerable.Range(0, 200_000).Select(_ => $"{random.Next(50)}\n")) + "end\n";
        var (before, after) = (Huge(), Huge());
        Assert.Equal(after, Applied(before, Of(before, after)));
        Assert.Equal(1, Hunks(before, after));
    }

    [Fact]
    public void What_the_difference_says_makes_the_second_text_of_the_first()
    {
        var text = Gen.Select(Gen.Int[0, 4].Select(n => new[] { "a", "b", "", "c\rd", "\u00e9" }[n]), Gen.Bool.Select(crlf => crlf ? "\r\n" : "\n")).Select((word, end) => word + end).Array[0, 25]
            .Select(Gen.Bool.Select(ends => ends ? "" : "last"), (lines, last) => string.Concat(lines) + last);
        Gen.Select(text, text).Sample((before, after) => Assert.Equal(after, before == after ? after : Applied(before, Of(before, after))), iter: 2_000);
    }

    private static string Of(string before, string after) => UnifiedDiff.Of("a/x.ps1", "b/x.ps1", before, after);

    private static int Hunks(string before, string after) => Of(before, after).Split('\n').Count(line => line.StartsWith("@@ ", StringComparison.Ordinal));

    // As patch does it: every line that stays or goes has to be there.
    private static string Applied(string before, string diff)
    {
        var lines = Regex.Matches(before, "[^\n]*\n|[^\n]+$").Select(m => m.Value).ToList();
        var result = new StringBuilder();
        var at = 0;
        var parts = Regex.Matches(diff, "[^\n]*\n").Select(m => m.Value).Skip(2).ToList();
        for (var i = 0; i < parts.Count; i++)
        {
            var content = parts[i][1..];
            if (i + 1 < parts.Count && parts[i + 1][0] == '\\')
            {
                content = content[..^1];
            }
            switch (parts[i][0])
            {
                case '@':
                    var begin = Regex.Match(parts[i], @"-(\d+)(,0)?");
                    var from = int.Parse(begin.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) - (begin.Groups[2].Success ? 0 : 1);
                    result.Append(string.Concat(lines.Skip(at).Take(from - at)));
                    at = from;
                    break;
                case '+':
                    result.Append(content);
                    break;
                case ' ' or '-':
                    Assert.Equal(lines[at++], content);
                    result.Append(parts[i][0] == ' ' ? content : "");
                    break;
            }
        }
        return result.Append(string.Concat(lines.Skip(at))).ToString();
    }

    [Fact]
    public void What_is_shown_of_one_turns_no_direction_of_writing_round_and_holds_no_secret()
    {
        var shown = ShownDiff.Of("a", "b", "\tx\n", "\tx \u202e\u001b[2J\npassword = 'hunter22xyz'\n");
        Assert.Contains("+\tx \\u202e\\u001b[2J", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter22xyz", shown, StringComparison.Ordinal);
    }
}
