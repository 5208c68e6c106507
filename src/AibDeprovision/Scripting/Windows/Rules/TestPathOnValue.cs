using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Windows.Rules;

/// <summary>Test-Path of a known value of the registry.</summary>
internal sealed class TestPathOnValue() : CommandRule(WindowsScriptRules.TestPathOnValue)
{
    private static readonly string[] s_values = ["ImageState", "PendingFileRenameOperations", "GeneralizationState", "CleanupState", "SetupType", "CmdLine", "SkipRearm"];

    /// <inheritdoc/>
    protected override bool Breaks(ScriptCommand command, WindowsScript script) => command.Is("Test-Path")
        && Any(command, a => (a.StartsWith("HK", StringComparison.OrdinalIgnoreCase) || a.StartsWith("Registry::", StringComparison.OrdinalIgnoreCase))
            && s_values.Contains(a.Split('\\', '/').Last(), StringComparer.OrdinalIgnoreCase));
}
