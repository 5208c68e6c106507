using System.Collections.ObjectModel;
using System.Management.Automation;

namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>Script blocks that a script hands to a simulated command: they run in its scope, in its language mode.</summary>
internal static class Block
{
    /// <summary>Runs a block with $_ set and writes what it gives.</summary>
    public static void Run(PSCmdlet command, ScriptBlock? block, object? item)
    {
        if (block is not null)
        {
            command.WriteObject(Results(command, block, item), enumerateCollection: true);
        }
    }

    /// <summary>Runs a block with $_ set and returns what it gives.</summary>
    public static Collection<PSObject> Results(PSCmdlet command, ScriptBlock block, object? item)
    {
        var before = command.SessionState.PSVariable.GetValue("_");
        var run = SandboxHost.RunOf(command.Host);
        command.SessionState.PSVariable.Set("_", item);
        run.HiddenState++;
        try
        {
            return command.InvokeCommand.InvokeScript(useLocalScope: false, block, null);
        }
        finally
        {
            run.HiddenState--;
            command.SessionState.PSVariable.Set("_", before);
        }
    }
}
