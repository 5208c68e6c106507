using System.Collections;
using System.Management.Automation;
using AibDeprovision.Errors;

namespace AibDeprovision.Binding;

/// <summary>A row of a table that options are bound from: whether each of its columns that means an option also binds to it.</summary>
internal static class OptionRow
{
    /// <summary>Options that are code, and so never come from a row.</summary>
    private static readonly string[] Code = ["BeforeScript", "AfterScript"];

    /// <summary>Looks at the names of the row's properties. One that is no option's and like none is a column of the table's own.</summary>
    /// <param name="row">What came through the pipeline.</param>
    /// <param name="options">The names and aliases that bind.</param>
    /// <exception cref="AibException">A property is nearly the name of an option, or is an option that is code.</exception>
    public static void Check(PSObject? row, IEnumerable<string> options)
    {
        if (row is null || row.BaseObject is string or ValueType or IEnumerable)
        {
            return;
        }
        var known = options.Except(Code, StringComparer.OrdinalIgnoreCase).ToList();
        foreach (var name in row.Properties.Select(p => p.Name).Where(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase)))
        {
            if (Code.FirstOrDefault(code => IsNearly(name, code)) is { } hook)
            {
                throw new AibException(ErrorId.InvalidOptionValue, $"The row has a property '{name}', and -{hook} is code: it is not taken from a row.", $"Give -{hook} as an argument, and leave the property out.", name);
            }
            if (known.Find(option => IsNearly(name, option)) is { } nearest)
            {
                throw new AibException(ErrorId.InvalidOptionValue, $"The row has a property '{name}', which is no option but nearly -{nearest}.", $"Call the property {nearest}, or by a name of another meaning.", name);
            }
        }
    }

    // Other letter case, signs and a plural are the same word; of longer words, so is a letter or two.
    private static bool IsNearly(string name, string option)
    {
        var (a, b) = (Plain(name), Plain(option));
        return a == b || Distance(a, b) <= (b.Length >= 8 ? 2 : b.Length >= 5 ? 1 : 0);
    }

    private static string Plain(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToUpperInvariant().TrimEnd('S');

    private static int Distance(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 2)
        {
            return int.MaxValue;
        }
        var last = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var row = new int[b.Length + 1];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                row[j] = Math.Min(Math.Min(last[j], row[j - 1]) + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
            }
            last = row;
        }
        return last[b.Length];
    }
}
