using System.Management.Automation.Language;
using System.Text;

namespace AibDeprovision.Rehearsal;

/// <summary>
/// Automatic variables that would tell a script about the engine and the machine it is rehearsed on. They cannot be
/// set anew, so a script is run with other names of the same length, behind which stand the VM's values.
/// </summary>
internal static class MaskedNames
{
    private static readonly Dictionary<string, string> Masks = new(StringComparer.OrdinalIgnoreCase)
    {
        ["PSVersionTable"] = "PSVersionTab1e",
        ["PSHOME"] = "PSH0ME",
        ["HOME"] = "H0ME",
        ["PID"] = "P1D",
        ["PSEdition"] = "PSEditi0n",
        ["PSCulture"] = "PSCu1ture",
        ["PSUICulture"] = "PSUICu1ture",
        ["IsLinux"] = "Is1inux",
        ["IsMacOS"] = "IsMac0S",
        ["IsWindows"] = "IsWind0ws",
        ["IsCoreCLR"] = "IsC0reCLR",
        ["EnabledExperimentalFeatures"] = "EnabledExperimenta1Features",
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
            yield return new("PSH0ME", @"C:\Windows\System32\WindowsPowerShell\v1.0");
            yield return new("H0ME", @"C:\Users\packer");
            yield return new("P1D", 4711);
            yield return new("PSCu1ture", "en-US");
            yield return new("PSUICu1ture", "en-US");
        }
    }

    /// <summary>Whether a variable has a mask.</summary>
    public static bool Has(string name) => Masks.ContainsKey(name);

    /// <summary>The script with the given variables masked.</summary>
    public static string Mask(string text, IEnumerable<VariableExpressionAst> variables)
    {
        var masked = new StringBuilder(text);
        foreach (var variable in variables)
        {
            var name = variable.VariablePath.UserPath;
            var at = text.IndexOf(name, variable.Extent.StartOffset, StringComparison.OrdinalIgnoreCase);
            var mask = Masks[name];
            masked.Remove(at, mask.Length).Insert(at, mask);
        }
        return masked.ToString();
    }

    /// <summary>The reverse, for texts that quote the script.</summary>
    public static string Unmask(string text) => Masks.Aggregate(text, (whole, mask) => whole.Contains(mask.Value) ? whole.Replace(mask.Value, mask.Key) : whole);
}
