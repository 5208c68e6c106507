using AibDeprovision.Machine;
using AibDeprovision.Plans;
using AibDeprovision.Scripts.Quoting;

namespace AibDeprovision.Scripts;

/// <summary>What the hardened Windows script has to know, from the places where this assembly has it: the lines of its block of facts.</summary>
internal static class WindowsFacts
{
    /// <summary>The lines, each with its LF.</summary>
    public static string Lines => string.Concat(All.Select(line => line + "\n"));

    private static IEnumerable<string> All =>
    [
        "$ExitCodes = @{",
        .. ExitCodes.Of(DeprovisionPlatform.Windows).Select(code => FormattableString.Invariant($"    {code,-22} = {(int)code}")),
        "}",
        $"$SealedState = {PowerShellText.Quote(ImageStates.GeneralizedToOobe)}",
    ];
}
