using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text;
using AibDeprovision.Rehearsal.Windows.Vm;

namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>
/// Words of a script that are run under other names of the same length, behind which stand the VM's values: automatic
/// variables that would tell of the engine and the machine it is rehearsed on, and cannot be set anew; and the preferences
/// that commands are given. A word costs much to bind there, since in ConstrainedLanguage the engine (7.6) empties its
/// cache of conversions, shared by all runspaces, each time that it converts an argument of a cmdlet; a value is just taken.
/// </summary>
internal static class MaskedNames
{
    private static readonly Dictionary<string, string> Masks = new(StringComparer.OrdinalIgnoreCase)
    {
        ["PSVersionTable"] = "PSVersionTab1e",
        ["PSHOME"] = "PSH0ME",
        ["HOME"] = "H0ME",
        ["PID"] = "P1D",
        ["PWD"] = "PW0",
        ["PSCommandPath"] = "PSC0mmandPath",
        ["PSScriptRoot"] = "PSScr1ptRoot",
        ["PSEdition"] = "PSEditi0n",
        ["PSCulture"] = "PSCu1ture",
        ["PSUICulture"] = "PSUICu1ture",
        ["IsLinux"] = "Is1inux",
        ["IsMacOS"] = "IsMac0S",
        ["IsWindows"] = "IsWind0ws",
        ["IsCoreCLR"] = "IsC0reCLR",
        ["EnabledExperimentalFeatures"] = "EnabledExperimenta1Features",
    };

    /// <summary>Behind it stands where the script works.</summary>
    public const string LocationVariable = "global:PW0";

    // Around the name of a member that is only known at run time.
    private const string BeforeName = "(Select-SimulatedMember(";
    private const string AfterName = "))";

    private static readonly Dictionary<string, string> Preferences = new(StringComparer.OrdinalIgnoreCase)
    {
        [nameof(ActionPreference.SilentlyContinue)] = "$Si1entlyContinu",
        [nameof(ActionPreference.Continue)] = "$C0ntinu",
        [nameof(ActionPreference.Ignore)] = "$Ign0r",
        [nameof(ActionPreference.Stop)] = "$St0",
    };

    /// <summary>What stands behind the masks on a VM with Windows PowerShell 5.1; the names of later versions are not set there.</summary>
    public static IEnumerable<KeyValuePair<string, object?>> Values
    {
        get
        {
            var version = new Version(5, 1, 20348, 1);
            yield return new("PSVersionTab1e", new System.Collections.Hashtable(StringComparer.OrdinalIgnoreCase)
            {
                ["PSVersion"] = version, ["PSEdition"] = "Desktop", ["BuildVersion"] = new Version(10, 0, 20348, 1), ["CLRVersion"] = new Version(4, 0, 30319, 42000),
            });
            yield return new("PSEditi0n", "Desktop");
            yield return new("PSC0mmandPath", SimulatedVm.ScriptPath);
            yield return new("PSScr1ptRoot", @"C:\");
            yield return new("PSH0ME", @"C:\Windows\System32\WindowsPowerShell\v1.0");
            yield return new("H0ME", @"C:\Users\packer");
            yield return new("P1D", 4711);
            yield return new("PW0", @"C:\Users\packer");
            yield return new("PSCu1ture", "en-US");
            yield return new("PSUICu1ture", "en-US");
            foreach (var preference in Preferences)
            {
                yield return new(preference.Value.Substring(1), Enum.Parse(typeof(ActionPreference), preference.Key));
            }
        }
    }

    /// <summary>Whether a variable has a mask.</summary>
    public static bool Has(string name) => Masks.ContainsKey(name);

    /// <summary>Whether a bare word is a preference that has a mask.</summary>
    public static bool IsPreference(StringConstantExpressionAst word) =>
        word.StringConstantType == StringConstantType.BareWord && word.Extent.Text == word.Value && Preferences.ContainsKey(word.Value);

    /// <summary>Where in the script the name of a variable, or a preference, stands; null where it is written in another way, with escapes.</summary>
    public static int? PlaceOf(ExpressionAst word) =>
        word.Extent.Text.IndexOf(NameOf(word), StringComparison.OrdinalIgnoreCase) is >= 0 and var at ? word.Extent.StartOffset + at : null;

    /// <summary>The script with the given variables and preferences masked, and with the names of members that are only known at run time looked at then.</summary>
    public static string Mask(string text, IEnumerable<ExpressionAst> words, IEnumerable<ExpressionAst> dynamicNames)
    {
        var masked = text.ToCharArray();
        foreach (var word in words)
        {
            var mask = (word is VariableExpressionAst ? Masks : Preferences)[NameOf(word)];
            mask.CopyTo(0, masked, PlaceOf(word)!.Value, mask.Length);
        }
        var result = new StringBuilder();
        var at = 0;
        foreach (var name in dynamicNames.OrderBy(name => name.Extent.StartOffset))
        {
            result.Append(masked, at, name.Extent.StartOffset - at).Append(BeforeName)
                .Append(masked, name.Extent.StartOffset, name.Extent.EndOffset - name.Extent.StartOffset).Append(AfterName);
            at = name.Extent.EndOffset;
        }
        return result.Append(masked, at, masked.Length - at).ToString();
    }

    /// <summary>The reverse, for texts that quote the script.</summary>
    public static string Unmask(string text) => Masks.Concat(Preferences).Aggregate(WithoutLooks(text), (whole, mask) => whole.Contains(mask.Value) ? whole.Replace(mask.Value, mask.Key) : whole);

    private static string WithoutLooks(string text)
    {
        var parts = text.Split([BeforeName], StringSplitOptions.None);
        return string.Concat(parts.Skip(1).Select(part => part.IndexOf(AfterName, StringComparison.Ordinal) is >= 0 and var end ? part.Remove(end, AfterName.Length) : part).Prepend(parts[0]));
    }

    private static string NameOf(ExpressionAst word) => word is VariableExpressionAst variable ? variable.VariablePath.UserPath : word.Extent.Text;
}
