using System.Management.Automation;
using AibDeprovision.Rehearsal.Windows.Vm;

namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>
/// A service as Get-Service gives it: a snapshot, as the real one is, until Refresh. Its methods come from the type
/// table (<see cref="SandboxSessionState"/>): ConstrainedLanguage calls methods of plain objects only.
/// </summary>
internal static class ServiceObject
{
    public const string TypeName = "AibDeprovision.SimulatedService";

    public static PSObject Of(SimulatedService service)
    {
        var result = new PSObject();
        result.TypeNames.Insert(0, TypeName);
        result.Properties.Add(new PSNoteProperty("Status", service.Status), preValidated: true);
        result.Properties.Add(new PSNoteProperty("Name", service.Name), preValidated: true);
        result.Properties.Add(new PSNoteProperty("ServiceName", service.Name), preValidated: true);
        result.Properties.Add(new PSNoteProperty("DisplayName", service.DisplayName), preValidated: true);
        result.Properties.Add(new PSNoteProperty("StartType", service.StartType), preValidated: true);
        return result;
    }

    public static string NameOf(PSObject service) => service.Properties["ServiceName"]?.Value?.ToString() ?? LanguagePrimitives.ConvertTo<string>(service);
}
