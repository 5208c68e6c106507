using System.Management.Automation.Language;

namespace AibDeprovision.Scripting.Windows;

/// <summary>Where a node of the syntax tree stands.</summary>
internal static class AstPlace
{
    /// <summary>What it stands in, from the inside out.</summary>
    public static IEnumerable<Ast> Around(this Ast ast)
    {
        for (var at = ast.Parent; at is not null; at = at.Parent)
        {
            yield return at;
        }
    }

    /// <summary>Whether it is a part of another.</summary>
    public static bool IsPartOf(this Ast ast, Ast whole) => ast.Extent.StartOffset >= whole.Extent.StartOffset && ast.Extent.EndOffset <= whole.Extent.EndOffset;

    /// <summary>Whether it comes after another.</summary>
    public static bool IsAfter(this Ast ast, Ast other) => ast.Extent.StartOffset >= other.Extent.EndOffset;
}
