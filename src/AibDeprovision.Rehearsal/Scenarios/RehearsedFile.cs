using System.Text;
using System.Text.RegularExpressions;
using AibDeprovision.Errors;
using AibDeprovision.Machine;
using AibDeprovision.Plans;

namespace AibDeprovision.Rehearsal.Scenarios;

/// <summary>Script files as a rehearsal reads them.</summary>
internal static class RehearsedFile
{
    private const long Largest = 5 * 1024 * 1024;

    private static readonly (string[] Endings, string Name)[] OtherFormats =
    [
        ([".json", ".jsonc"], "JSON"), ([".hcl", ".tf"], "HCL"), ([".bicep"], "Bicep"), ([".yml", ".yaml"], "YAML"), ([".xml"], "XML"), ([".md"], "Markdown"), ([".log"], "a log"),
    ];

    private static readonly Regex Json = Start(@"\s*(\{\s*(""[^""\n]*""\s*:|\})|\[\s*(\{\s*""|""[^""\n]*""\s*[,\]]))");
    private static readonly Regex Hcl = Start(@"(\s*(#|//).*\n|\s*\n)*\s*(packer|variable|locals|source|build|resource|data|module|provider|terraform|output)(\s+""[^""\n]*"")*\s*\{\s*\n\s*\w+\s*(=|\{|"")");
    private static readonly Regex Xml = Start(@"\s*<(\?xml|unattend)\b");

    private static Regex Start(string pattern) => new(@"\A\uFEFF?" + pattern, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(2));

    /// <summary>The system that a script is for, by its name or else by what it says.</summary>
    public static DeprovisionPlatform PlatformOf(string path, string text)
    {
        var isShell = path.EndsWith(".sh", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("#!", StringComparison.Ordinal)
            || (text.Contains("waagent") && text.IndexOf("sysprep", StringComparison.OrdinalIgnoreCase) < 0);
        return isShell ? DeprovisionPlatform.Linux : DeprovisionPlatform.Windows;
    }

    /// <summary>Makes sure that a text may be a script.</summary>
    /// <exception cref="AibException">It is in another format.</exception>
    public static void Require(string name, string text)
    {
        if (FormatOf(name, text) is { } format)
        {
            throw new AibException(ErrorId.NotAScript, $"'{name}' is no script: it is {format}.", "Name the script itself; one that stands in a template has to be taken out of it.", name);
        }
    }

    /// <summary>What a text is that is no script; null for one that may be.</summary>
    public static string? FormatOf(string path, string text) =>
        Array.Find(OtherFormats, format => format.Endings.Any(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase))).Name
        ?? (Json.IsMatch(text) ? "JSON" : Hcl.IsMatch(text) ? "HCL" : Xml.IsMatch(text) ? "XML" : null);

    /// <summary>The text of a script, without a byte order mark.</summary>
    /// <exception cref="AibException">It cannot be read.</exception>
    public static string Read(string path) => ReadWhole(path).Text.TrimStart('\uFEFF');

    /// <summary>The text of a script with the encoding that gives its bytes again; a byte order mark is its first character.</summary>
    /// <exception cref="AibException">It cannot be read.</exception>
    public static (string Text, Encoding Encoding) ReadWhole(string path)
    {
        try
        {
            // Says of a file in a folder that may not be entered that access was refused, where Exists says that there is none.
            if (File.GetAttributes(path).HasFlag(FileAttributes.Directory))
            {
                throw new AibException(ErrorId.ReadFailed, $"'{path}' is a folder.", "Name a script file, or the files in it by a wildcard.", path);
            }
            var size = new FileInfo(path).Length;
            if (size > Largest)
            {
                throw new AibException(ErrorId.ReadFailed, $"'{path}' has {size} bytes, which is no script.", "Name a script file.", path);
            }
            return TextDecoding.Whole(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new AibException(ErrorId.FileNotFound, $"There is no file '{path}'.", "Correct the path.", path, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AibException.Unreadable(e, $"'{path}' cannot be read: {e.Message}", "Look at its permissions, and whether another program holds it.", path);
        }
    }
}
