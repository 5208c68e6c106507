using System.Management.Automation.Language;

namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>What a script may do with types and members, told from its text.</summary>
internal static class MemberRules
{
    private static readonly HashSet<string> ThroughCollections = new(StringComparer.OrdinalIgnoreCase) { "ForEach", "Where" };

    /// <summary>Why a member cannot be rehearsed; null when it can.</summary>
    public static string? RefusalOf(MemberExpressionAst member)
    {
        if (member.Static)
        {
            return RefusalOfStatic(member);
        }
        if (member.Member is not StringConstantExpressionAst { Value: var name })
        {
            // The name of a property is looked at when it is known; a method would have been called by then.
            return IsDynamicName(member) ? null : "a member whose name is only known at run time";
        }
        if (member is InvokeMemberExpressionAst call && ThroughCollections.Contains(name) && call.Arguments?[0] is not ScriptBlockExpressionAst)
        {
            return $"the method {name} with anything but a block that stands there";
        }
        // Type and PSObject are no more than a step on the way to a few members.
        return AllowedMembers.IsInstance(name) || (member.Parent is MemberExpressionAst { Static: false, Member: StringConstantExpressionAst { Value: var next } } parent
            && parent.Expression == member && AllowedMembers.IsInstance(name, next) && member is InvokeMemberExpressionAst == name.Equals("GetType", StringComparison.OrdinalIgnoreCase)) ? null : $"the member {name}";
    }

    /// <summary>Whether the name of the member is the value of a variable.</summary>
    public static bool IsDynamicName(MemberExpressionAst member) =>
        member is { Static: false, Member: VariableExpressionAst } and not InvokeMemberExpressionAst;

    /// <summary>Whether a type only stands where it is asked for a member, compared, converted to, or said of a function.</summary>
    public static bool IsInPlace(TypeExpressionAst type) => type.Parent switch
    {
        MemberExpressionAst { Static: true } member => member.Expression == type,
        BinaryExpressionAst { Operator: TokenKind.Is or TokenKind.IsNot or TokenKind.As } comparison => comparison.Right == type,
        AttributeAst => true,
        _ => false,
    };

    private static string? RefusalOfStatic(MemberExpressionAst member) =>
        member.Expression is not TypeExpressionAst type ? "a static member of a type that is only known at run time"
        : member.Member is not StringConstantExpressionAst { Value: var name } ? "a static member whose name is only known at run time"
        : AllowedMembers.IsStatic(type.TypeName.GetReflectionType(), name) ? null
        : $"[{type.TypeName.FullName}]::{name}";
}
