using System.Management.Automation.Language;
using AibDeprovision.Rehearsal.Windows.Types;
using AibDeprovision.Scripts.Quoting;

namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>
/// .NET members that scripts use and that would reach this machine, its clock or its files: they are run as calls of a
/// simulated command, which answers for the VM.
/// </summary>
internal static class SimulatedStatics
{
    private const int MostArguments = 5;

    // Settings of the session that nothing of the seal depends on.
    private static readonly HashSet<string> Settings = new(StringComparer.OrdinalIgnoreCase)
    {
        "Net.ServicePointManager::SecurityProtocol", "Console::OutputEncoding", "Console::InputEncoding", "Console::Title",
    };

    /// <summary>Whether a static member is simulated.</summary>
    public static bool Has(MemberExpressionAst member) => member is { Static: true, Expression: TypeExpressionAst type, Member: StringConstantExpressionAst { Value: var name } }
        && (IsSetting(member, SimulatedTypes.NameOf(type.TypeName), name)
            || (!IsAssigned(member) && SimulatedTypes.Has(SimulatedTypes.NameOf(type.TypeName), name) && ArgumentsOf(member).Count <= MostArguments));

    /// <summary>Whether a conversion to the type is simulated.</summary>
    public static bool IsConversion(ConvertExpressionAst conversion) =>
        !(conversion.Parent is AssignmentStatementAst assignment && assignment.Left == conversion) && SimulatedTypes.Converts(SimulatedTypes.NameOf(conversion.Type.TypeName));

    /// <summary>Writes a member, or a conversion, as a call of the simulated command.</summary>
    public static void Rewrite(Ast simulated, TextEdits edits)
    {
        var (type, name, arguments) = simulated switch
        {
            ConvertExpressionAst conversion => (conversion.Type.TypeName, "new", (IReadOnlyList<ExpressionAst>)[conversion.Child]),
            MemberExpressionAst member => (((TypeExpressionAst)member.Expression).TypeName, ((StringConstantExpressionAst)member.Member).Value, ArgumentsOf(member)),
            _ => throw new ArgumentException("Neither a member nor a conversion.", nameof(simulated)),
        };
        var call = $"(Use-SimulatedStatic {PowerShellText.Quote(SimulatedTypes.NameOf(type))} {PowerShellText.Quote(name)} ";
        if (simulated.Parent is AssignmentStatementAst assignment && assignment.Left == simulated)
        {
            edits.ReplaceWhole(assignment.Extent.StartOffset, assignment.Extent.EndOffset, call + ")");
            return;
        }
        var at = simulated.Extent.StartOffset;
        for (var n = 0; n < arguments.Count; n++)
        {
            edits.Replace(at, arguments[n].Extent.StartOffset, n == 0 ? call + "( " : ") ( ");
            at = arguments[n].Extent.EndOffset;
        }
        edits.Replace(at, simulated.Extent.EndOffset, arguments.Count == 0 ? call + ")" : "))");
    }

    private static bool IsAssigned(MemberExpressionAst member) =>
        (member.Parent is AssignmentStatementAst assignment && assignment.Left == member) || member.Parent is AttributedExpressionAst;

    private static bool IsSetting(MemberExpressionAst member, string type, string name) => member is not InvokeMemberExpressionAst
        && member.Parent is AssignmentStatementAst { Operator: TokenKind.Equals, Parent: StatementBlockAst or NamedBlockAst } assignment && assignment.Left == member
        && Settings.Contains($"{type}::{name}");

    private static System.Collections.ObjectModel.ReadOnlyCollection<ExpressionAst> ArgumentsOf(MemberExpressionAst member) =>
        member is InvokeMemberExpressionAst { Arguments: { } arguments } ? arguments : new([]);
}
