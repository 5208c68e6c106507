using AibDeprovision.Plans;
using AibDeprovision.Scripts;
using AibDeprovision.Scripts.Quoting;

namespace AibDeprovision.Templates.Steps;

/// <summary>
/// The script of a step that puts a deprovision script in its place. It carries the bytes as base64, so that no quote, <c>$</c> or line
/// end is at the mercy of what lies between: JSON, ARM, Packer, a shell. It ends with 1 where the file is not what it has to be.
/// </summary>
internal static class OverrideWriter
{
    /// <summary>Digits of base64 a line. Lines are statements of their own, so whatever is put between them does no harm.</summary>
    private const int Width = 1000;

    /// <summary>The lines, each without its end. None holds what a template language would replace, or begins with a bracket.</summary>
    /// <param name="script">The script.</param>
    /// <param name="target">Where it goes; null for the path from which Azure Image Builder runs it.</param>
    public static string[] Lines(DeprovisionScript script, string? target = null) =>
        Text(script, target ?? script.TargetPath).TrimEnd('\n').Split('\n');

    /// <summary>The bytes of the file that <c>scriptUri</c> leads to.</summary>
    public static byte[] FileOf(DeprovisionScript script)
    {
        var text = Text(script, script.TargetPath);
        return System.Text.Encoding.ASCII.GetBytes(script.Platform == DeprovisionPlatform.Windows ? LineEnds.ToCrLf(text) : text);
    }

    private static string Text(DeprovisionScript script, string target) => script.Platform == DeprovisionPlatform.Windows
        ? ScriptPart.Fill(ScriptPart.Load("override.windows.ps1"), ScriptPart.Settings,
            $"$Target = {PowerShellText.Quote(target)}\n$Sha256 = {PowerShellText.Quote(script.Sha256)}\n$Base64 = ''\n"
            + string.Concat(Digits(script).Select(digits => $"$Base64 += {PowerShellText.Quote(digits)}\n")))
        : ScriptPart.Fill(ScriptPart.Load("override.linux.sh"), ScriptPart.Settings,
            $"TARGET={ShText.Quote(target)}\nSHA256={ShText.Quote(script.Sha256)}\nBASE64=''\n"
            + string.Concat(Digits(script).Select(digits => $"BASE64=$BASE64{ShText.Quote(digits)}\n")));

    private static IEnumerable<string> Digits(DeprovisionScript script)
    {
        var all = Convert.ToBase64String(script.GetBytes());
        for (var start = 0; start < all.Length; start += Width)
        {
            yield return all.Substring(start, Math.Min(Width, all.Length - start));
        }
    }
}
