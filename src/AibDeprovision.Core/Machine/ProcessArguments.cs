using System.Text;

namespace AibDeprovision.Machine;

/// <summary>Arguments as the one string that <see cref="System.Diagnostics.ProcessStartInfo.Arguments"/> takes everywhere.</summary>
internal static class ProcessArguments
{
    /// <summary>Joins arguments so that each arrives as it is: .NET takes the string apart by the rules of Windows on every system.</summary>
    public static string Join(IEnumerable<string> arguments) => string.Join(" ", arguments.Select(Quote));

    private static string Quote(string argument)
    {
        if (argument.Length > 0 && argument.All(c => !char.IsWhiteSpace(c) && c != '"'))
        {
            return argument;
        }
        var quoted = new StringBuilder("\"");
        var backslashes = 0;
        foreach (var c in argument)
        {
            // Backslashes count only before a quotation mark, and then twice.
            quoted.Append(c == '"' ? new string('\\', backslashes + 1) : "").Append(c);
            backslashes = c == '\\' ? backslashes + 1 : 0;
        }
        return quoted.Append('\\', backslashes).Append('"').ToString();
    }
}
