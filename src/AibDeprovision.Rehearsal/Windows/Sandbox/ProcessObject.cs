using System.Management.Automation;
using AibDeprovision.Rehearsal.Windows.Types;
using AibDeprovision.Rehearsal.Windows.Vm;

namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>A process as Get-Process and Start-Process give it: whether it has ended, and with what, is seen at once.</summary>
internal static class ProcessObject
{
    public const string TypeName = "AibDeprovision.SimulatedProcess";

    public static PSObject Of(SimulatedProcess process)
    {
        var result = new PSObject();
        result.TypeNames.Insert(0, TypeName);
        result.Properties.Add(new PSNoteProperty("Id", process.Id), preValidated: true);
        result.Properties.Add(new PSNoteProperty("ProcessName", process.Name), preValidated: true);
        result.Properties.Add(new PSNoteProperty("Name", process.Name), preValidated: true);
        result.Properties.Add(new PSNoteProperty("Path", process.Path), preValidated: true);
        result.Properties.Add(new PSNoteProperty("Handle", process.Id), preValidated: true);
        result.Properties.Add(new PSNoteProperty("Responding", true), preValidated: true);
        result.Properties.Add(new PSVariableProperty(new LiveProperty("HasExited", () => process.HasExited)), preValidated: true);
        result.Properties.Add(new PSVariableProperty(new LiveProperty("ExitCode", () => process.ExitCode)), preValidated: true);
        return result;
    }

    public static int IdOf(PSObject process) => LanguagePrimitives.ConvertTo<int>(process.Properties["Id"]?.Value);
}
