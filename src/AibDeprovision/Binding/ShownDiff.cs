using AibDeprovision.Reports;
using AibDeprovision.Rules;

namespace AibDeprovision.Binding;

/// <summary>A change as it is shown: secrets masked, and nothing that a terminal would act upon.</summary>
internal static class ShownDiff
{
    /// <summary>The unified diff of two texts; empty where they are the same.</summary>
    public static string Of(string oldName, string newName, string before, string after) =>
        string.Join("\n", SecretText.MaskLines(UnifiedDiff.Of(oldName, newName, before, after).Split('\n')).Select(Printable));

    private static string Printable(string line) => string.Join("\t", line.TrimEnd('\r').Split('\t').Select(PrintableText.Of));
}
