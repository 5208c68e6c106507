using System.Reflection;
using System.Text;

namespace AibDeprovision.Scripts;

/// <summary>The script sources that the assembly carries: real files, complete as they stand, kept with LF.</summary>
internal static class ScriptPart
{
    /// <summary>The block with what a plan asks for.</summary>
    public const string Settings = "settings";

    /// <summary>The block with what this project knows, and other code of it needs as well: the same in every script of a platform.</summary>
    public const string Facts = "facts";

    /// <summary>The block with what the script that deprovisions and the one that only checks have in common; the first one's is the source.</summary>
    public const string Shared = "shared";

    /// <summary>The text of a part, with LF.</summary>
    public static string Load(string name) => Load(name, typeof(ScriptPart).Assembly);

    /// <summary>The text of a part that another assembly carries, with LF.</summary>
    public static string Load(string name, Assembly assembly)
    {
        using var stream = assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The assembly does not hold the script part '{name}'.");
        using var reader = new StreamReader(stream, Encoding.ASCII);
        return reader.ReadToEnd();
    }

    /// <summary>The text with the lines between the two markers of a block replaced.</summary>
    /// <param name="part">The text of a part.</param>
    /// <param name="block">Which block: <see cref="Settings"/> or <see cref="Facts"/>.</param>
    /// <param name="lines">The lines, each with its LF.</param>
    public static string Fill(string part, string block, string lines)
    {
        var (start, end) = Find(part, block, 0) ?? throw new InvalidOperationException($"The script part has no block '{block}'.");
        return part.Substring(0, start) + lines + part.Substring(end);
    }

    /// <summary>The lines in a block, or in several of the same name.</summary>
    public static string Read(string part, string block)
    {
        var lines = "";
        for (var found = Find(part, block, 0); found is var (start, end); found = Find(part, block, end))
        {
            lines += part.Substring(start, end - start);
        }
        return lines;
    }

    private static (int Start, int End)? Find(string part, string block, int from)
    {
        var marker = part.IndexOf($"# --- {block} -", from, StringComparison.Ordinal);
        if (marker < 0)
        {
            return null;
        }
        var start = part.IndexOf('\n', marker) + 1;
        return (start, part.IndexOf($"# --- end of {block} -", start, StringComparison.Ordinal));
    }
}
