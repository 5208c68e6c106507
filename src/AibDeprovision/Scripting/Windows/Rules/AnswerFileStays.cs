using AibDeprovision.Rules;
using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Windows.Rules;

/// <summary>One of the two places is named, and the other is not.</summary>
internal sealed class AnswerFileStays() : WindowsScriptRule(WindowsScriptRules.AnswerFileStays)
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(WindowsScript script)
    {
        if (script.SysprepCalls.Count == 0)
        {
            return [];
        }
        var removed = script.Commands.Where(command => command.Is("Remove-Item")).SelectMany(command => command.Arguments.Where(path => path is not null).Select(path => (Command: command, Path: path!))).ToList();
        var inSysprep = removed.Where(r => IsIn(r.Path, "sysprep")).ToList();
        var inPanther = removed.Where(r => IsIn(r.Path, "panther")).ToList();
        // Where the other folder is named at all, it is not known what is done to it.
        return inSysprep.Count > 0 && !script.Mentions(@"\panther") ? [At(inSysprep[0].Command.Ast, ("found", inSysprep[0].Path))]
            : inPanther.Count > 0 && inSysprep.Count == 0 && !script.Mentions(@"\sysprep\unattend") ? [At(inPanther[0].Command.Ast, ("found", inPanther[0].Path))] : [];
    }

    private static bool IsIn(string path, string folder) => path.EndsWith($@"\{folder}\unattend.xml", StringComparison.OrdinalIgnoreCase);
}
