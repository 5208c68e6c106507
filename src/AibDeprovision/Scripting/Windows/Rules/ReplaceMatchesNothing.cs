using System.Management.Automation.Language;
using System.Text.RegularExpressions;
using AibDeprovision.Plans;
using AibDeprovision.Rules;
using AibDeprovision.Rules.Scripts;
using AibDeprovision.Scripts;

namespace AibDeprovision.Scripting.Windows.Rules;

/// <summary>-replace and .Replace with a text that no documented default has.</summary>
internal sealed class ReplaceMatchesNothing() : WindowsScriptRule(WindowsScriptRules.ReplaceMatchesNothing)
{
    private static readonly string[] s_subjects = ["sysprep", "waagent", "Get-Service", "RdAgent", "WindowsAzure", "IMAGE_STATE", "/quit", "/oobe", "/generalize"];
    private static readonly string[] s_texts = [.. GenericScripts.VersionsOf(DeprovisionPlatform.Windows).Select(version => ScriptPart.Load(version + ".ps1").Replace("\r\n", "\n"))];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(WindowsScript script)
    {
        if (!script.Mentions("DeprovisioningScript"))
        {
            yield break;
        }
        foreach (var replace in script.Nodes.OfType<BinaryExpressionAst>().Where(b => b.Operator is TokenKind.Ireplace or TokenKind.Creplace))
        {
            if (script.Constants.ListOf(replace.Right) is [var pattern, ..] && IsAboutDefault(pattern) && !Matches(pattern, replace.Operator == TokenKind.Creplace))
            {
                yield return At(replace.Right, ("found", pattern));
            }
        }
        foreach (var call in script.Nodes.OfType<InvokeMemberExpressionAst>().Where(a => a.Member is StringConstantExpressionAst { Value: var name } && name.Equals("Replace", StringComparison.OrdinalIgnoreCase)))
        {
            if (call.Arguments is [var first, _] && script.Constants.Of(first) is { } text && IsAboutDefault(text) && !Array.Exists(s_texts, t => t.Contains(text)))
            {
                yield return At(first, ("found", text));
            }
        }
    }

    private static bool IsAboutDefault(string pattern) => pattern.Length is > 3 and < 1_000 && Array.Exists(s_subjects, s => pattern.IndexOf(s, StringComparison.OrdinalIgnoreCase) >= 0);

    // What cannot be read as an expression, or takes too long, is not known to match nothing.
    private static bool Matches(string pattern, bool isCaseSensitive)
    {
        try
        {
            var regex = new Regex(pattern, isCaseSensitive ? RegexOptions.CultureInvariant : RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromMilliseconds(200));
            return Array.Exists(s_texts, regex.IsMatch);
        }
        catch (Exception e) when (e is ArgumentException or RegexMatchTimeoutException)
        {
            return true;
        }
    }
}
