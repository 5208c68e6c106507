using System.Management.Automation.Language;
using AibDeprovision.Rules;
using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Windows.Rules;

/// <summary>One of the two places is named, and the other is not.</summary>
internal sealed class AnswerFileStays() : WindowsScriptRule(WindowsScriptRules.AnswerFileStays)
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(WindowsScript script) => Removed(script).Select(removed => At(removed.Command.Ast, ("found", removed.Path)));

    /// <inheritdoc/>
    public override IEnumerable<ScriptMend> Mends(WindowsScript script)
    {
        foreach (var (command, path) in Removed(script))
        {
            var other = $@"""$env:SystemRoot\{(IsIn(path, "sysprep") ? "Panther" : @"System32\Sysprep")}\unattend.xml""";
            // What asks for one file is no place for the other.
            var around = command.Ast.Around().OfType<IfStatementAst>().LastOrDefault() ?? (Ast)command.Ast;
            var edit = StatementPlace.After(script, around, $"if (Test-Path {other}) {{ Remove-Item {other} -Force }}");
            yield return new ScriptMend(command.Ast.Extent.StartLineNumber, edit is null ? [] : [edit]);
        }
    }

    private static IEnumerable<(ScriptCommand Command, string Path)> Removed(WindowsScript script)
    {
        if (script.SysprepCalls.Count == 0)
        {
            return [];
        }
        var removed = script.Commands.Where(command => command.Is("Remove-Item")).SelectMany(command => command.Arguments.Where(path => path is not null).Select(path => (Command: command, Path: path!))).ToList();
        var inSysprep = removed.Where(r => IsIn(r.Path, "sysprep")).ToList();
        var inPanther = removed.Where(r => IsIn(r.Path, "panther")).ToList();
        // Where the other folder is named at all, it is not known what is done to it.
        return inSysprep.Count > 0 && !script.Mentions(@"\panther") ? [inSysprep[0]]
            : inPanther.Count > 0 && inSysprep.Count == 0 && !script.Mentions(@"\sysprep\unattend") ? [inPanther[0]] : [];
    }

    private static bool IsIn(string path, string folder) => path.EndsWith($@"\{folder}\unattend.xml", StringComparison.OrdinalIgnoreCase);
}
