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

    /// <summary>Whether output goes to a file at a place where that can be written as a command.</summary>
    public static bool IsToFile(FileRedirectionAst redirection) => redirection.Parent is CommandBaseAst { Parent: PipelineAst pipeline } command
        && pipeline.PipelineElements[pipeline.PipelineElements.Count - 1] == command && redirection.Location is not ScriptBlockExpressionAst
        && (command is not CommandAst call || call.CommandElements.All(element => element.Extent.EndOffset <= redirection.Extent.StartOffset))
        && command.Redirections.OfType<FileRedirectionAst>().Count(other => other.FromStream is RedirectionStream.Output or RedirectionStream.All) < 2;

    /// <summary>Whether a conversion to the type is simulated.</summary>
    public static bool IsConversion(ConvertExpressionAst conversion) =>
        !(conversion.Parent is AssignmentStatementAst assignment && assignment.Left == conversion) && SimulatedTypes.Converts(SimulatedTypes.NameOf(conversion.Type.TypeName));

    /// <summary>Whether a script makes lists.</summary>
    public static bool MakesLists(string text) =>
        text.IndexOf("ArrayList", StringComparison.OrdinalIgnoreCase) >= 0 || text.IndexOf("Generic.List", StringComparison.OrdinalIgnoreCase) >= 0;

    /// <summary>Whether a method may be that of a list. Of anything else that has one of the name, it is looked at when it is called.</summary>
    public static bool IsOfList(InvokeMemberExpressionAst call, bool hasLists) => call is { Static: false, Member: StringConstantExpressionAst { Value: var name } }
        && ListTypes.Methods.Contains(name, StringComparer.OrdinalIgnoreCase) && ArgumentsOf(call).Count <= 2
        && (hasLists || call.Expression is VariableExpressionAst { VariablePath.UserPath: "Error" or "error" or "ERROR" });

    /// <summary>Writes a member, or a conversion, as a call of the simulated command.</summary>
    public static void Rewrite(Ast simulated, TextEdits edits)
    {
        if (simulated is InvokeMemberExpressionAst { Static: false } call)
        {
            edits.Replace(call.Extent.StartOffset, call.Extent.StartOffset, "(Use-SimulatedList (");
            RewriteArguments(call, call.Expression.Extent.EndOffset, $") {PowerShellText.Quote(((StringConstantExpressionAst)call.Member).Value)} ", ArgumentsOf(call), edits);
            return;
        }
        if (simulated is FileRedirectionAst redirection)
        {
            // The engine would look for the drive of the file on this machine; what errors say goes nowhere then.
            edits.Replace(redirection.Extent.StartOffset, redirection.Extent.EndOffset, redirection.FromStream switch
            {
                RedirectionStream.Output => $" | Out-File -FilePath {redirection.Location.Extent.Text}{(redirection.Append ? " -Append" : "")} ",
                RedirectionStream.All => $" *>&1 | Out-File -FilePath {redirection.Location.Extent.Text}{(redirection.Append ? " -Append" : "")} ",
                var stream => $"{(int)stream}>$null",
            });
            return;
        }
        var (type, name, arguments) = simulated switch
        {
            ConvertExpressionAst conversion => (conversion.Type.TypeName, "new", (IReadOnlyList<ExpressionAst>)[conversion.Child]),
            MemberExpressionAst member => (((TypeExpressionAst)member.Expression).TypeName, ((StringConstantExpressionAst)member.Member).Value, ArgumentsOf(member)),
            _ => throw new ArgumentException("Neither a member nor a conversion.", nameof(simulated)),
        };
        var command = $"(Use-SimulatedStatic {PowerShellText.Quote(SimulatedTypes.NameOf(type))} {PowerShellText.Quote(name)} ";
        if (simulated.Parent is AssignmentStatementAst assignment && assignment.Left == simulated)
        {
            edits.ReplaceWhole(assignment.Extent.StartOffset, assignment.Extent.EndOffset, command + ")");
            return;
        }
        RewriteArguments(simulated, simulated.Extent.StartOffset, command, arguments, edits);
    }

    private static void RewriteArguments(Ast simulated, int at, string call, IReadOnlyList<ExpressionAst> arguments, TextEdits edits)
    {
        for (var n = 0; n < arguments.Count; n++)
        {
            // The members of a new object keep their order.
            var ordered = simulated is ConvertExpressionAst && arguments[n] is HashtableAst ? "[ordered]" : "";
            edits.Replace(at, arguments[n].Extent.StartOffset, n == 0 ? $"{call}( {ordered}" : ") ( ");
            at = arguments[n].Extent.EndOffset;
        }
        edits.Replace(at, simulated.Extent.EndOffset, arguments.Count == 0 ? call + ")" : "))");
    }

    private static bool IsAssigned(MemberExpressionAst member) =>
        (member.Parent is AssignmentStatementAst assignment && assignment.Left == member) || member.Parent is AttributedExpressionAst and not ConvertExpressionAst;

    private static bool IsSetting(MemberExpressionAst member, string type, string name) => member is not InvokeMemberExpressionAst
        && member.Parent is AssignmentStatementAst { Operator: TokenKind.Equals, Parent: StatementBlockAst or NamedBlockAst } assignment && assignment.Left == member
        && Settings.Contains($"{type}::{name}");

    private static System.Collections.ObjectModel.ReadOnlyCollection<ExpressionAst> ArgumentsOf(MemberExpressionAst member) =>
        member is InvokeMemberExpressionAst { Arguments: { } arguments } ? arguments : new([]);
}
