using System.Text.RegularExpressions;
using AibDeprovision.Rules.Linux;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Rules;

/// <summary>The page that maps virt-sysprep's operations to rules says what the rules do.</summary>
public sealed partial class VirtSysprepTests
{
    public static TheoryData<string, string, string> Rows
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach (Match row in Row().Matches(File.ReadAllText(Repository.PathOf("docs", "virt-sysprep.md"))))
            {
                data.Add(row.Groups["operation"].Value, row.Groups["rules"].Value, row.Groups["what"].Value);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_row_names_rules_that_do_what_it_says(string operation, string rules, string what)
    {
        var named = Name().Matches(rules).Select(match => match.Groups["name"].Value).ToList();
        var known = LinuxResidue.Rules.ToLookup(rule => rule.Id);
        Assert.All(named, name => Assert.True(known.Contains(name), $"{operation}: there is no rule {name}"));
        Assert.Equal(named.Count > 0, what.StartsWith("cleared", StringComparison.Ordinal) || what.StartsWith("told", StringComparison.Ordinal));
        // Of what is cleared, at least the first rule fails a deprovision that leaves it.
        Assert.Equal(named.Count > 0 && what.StartsWith("cleared", StringComparison.Ordinal), named.Count > 0 && known[named[0]].Any(rule => rule.HasToGo));
    }

    [Fact]
    public void Every_operation_has_a_row()
    {
        Assert.Equal(45, Rows.Count);
        Assert.Equal(Rows.Select(row => row.Data.Item1).Order(StringComparer.Ordinal).Distinct(), Rows.Select(row => row.Data.Item1));
    }

    [GeneratedRegex(@"^\| (?<operation>[a-z-]+) \| (?<rules>.*?) ?\| (?<what>[^|]+) \|\r?$", RegexOptions.Multiline | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Row();

    [GeneratedRegex(@"\[(?<name>[A-Za-z]+)\]\(rules/\k<name>\.md\)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Name();
}
