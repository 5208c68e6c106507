namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>Parameters and commands that PowerShell has after 5.1 and Windows PowerShell has not: to use one is the error that it is there.</summary>
internal static class NewerParameters
{
    private static readonly Dictionary<string, string[]> Parameters = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ForEach-Object"] = ["Parallel", "ThrottleLimit", "TimeoutSeconds", "AsJob", "UseNewRunspace"],
        ["Get-Content"] = ["AsByteStream"],
        ["Set-Content"] = ["AsByteStream"],
        ["Add-Content"] = ["AsByteStream"],
        ["Get-ChildItem"] = ["FollowSymlink"],
        ["Get-Date"] = ["UnixTimeSeconds", "AsUTC"],
        ["Join-Path"] = ["AdditionalChildPath", "Extension"],
        ["Measure-Object"] = ["StandardDeviation", "AllStats"],
        ["Select-Object"] = ["CaseInsensitive"],
        ["Select-String"] = ["Raw", "NoEmphasis", "Culture"],
        ["Set-Service"] = ["Force", "SecurityDescriptorSddl"],
        ["Sort-Object"] = ["Top", "Bottom", "Stable"],
        ["Split-Path"] = ["LeafBase", "Extension"],
        ["Start-Process"] = ["Environment"],
        ["Start-Sleep"] = ["Duration"],
        ["Start-Transcript"] = ["UseMinimalHeader"],
        ["Wait-Process"] = ["Any", "PassThru"],
        ["Read-Host"] = ["MaskInput"],
        ["Get-Command"] = ["UseFuzzyMatching", "UseAbbreviationExpansion", "FuzzyMinimumDistance"],
        ["Import-Module"] = ["UseWindowsPowerShell", "SkipEditionCheck"],
    };

    private static readonly HashSet<string> Commands = new(StringComparer.OrdinalIgnoreCase)
    {
        "pwsh", "Test-Json", "Get-Uptime", "Remove-Service", "Remove-Alias", "ConvertFrom-Markdown", "Join-String", "Get-Error", "Get-SecureRandom", "ConvertTo-CliXml", "ConvertFrom-CliXml", "Switch-Process",
        "Start-ThreadJob", "Get-ExperimentalFeature", "Set-MarkdownOption", "Show-Markdown",
    };

    /// <summary>Whether Windows PowerShell has no such parameter of the command, and no beginning of one.</summary>
    public static bool Has(string command, string parameter) =>
        parameter.Equals("ProgressAction", StringComparison.OrdinalIgnoreCase)
        || (Parameters.TryGetValue(command, out var newer) && newer.Any(name => name.StartsWith(parameter, StringComparison.OrdinalIgnoreCase)));

    /// <summary>Whether Windows PowerShell has no such command.</summary>
    public static bool IsNewerCommand(string name) => Commands.Contains(name);
}
