using System.Reflection;
using System.Text;

namespace AibDeprovision.Scripts;

/// <summary>The script sources that the assembly carries: real files, complete as they stand, kept with LF.</summary>
internal static class ScriptPart
{
    private const string SettingsStart = "# --- settings -";
    private const string SettingsEnd = "# --- end of settings -";

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

    /// <summary>The text with the lines between the two settings markers replaced.</summary>
    public static string Fill(string part, string settings)
    {
        var start = part.IndexOf('\n', part.IndexOf(SettingsStart, StringComparison.Ordinal)) + 1;
        var end = part.IndexOf(SettingsEnd, start, StringComparison.Ordinal);
        return part.Substring(0, start) + settings + part.Substring(end);
    }
}
