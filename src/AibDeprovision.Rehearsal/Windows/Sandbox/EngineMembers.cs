using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using System.Reflection;
using AibDeprovision.Rehearsal.Windows.Vm;

namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>
/// The engine's own objects that a script gets to see, errors for instance, and which of their properties it may read.
/// ConstrainedLanguage lets every property be read, and they lead on to the assemblies and files of this machine.
/// </summary>
internal static class EngineMembers
{
    private static readonly IReadOnlyList<(Type Type, string[] Allowed)> Types =
    [
        (typeof(Type), [nameof(Type.Name), nameof(Type.FullName)]),
        (typeof(Exception), [nameof(Exception.Message), nameof(Exception.InnerException), nameof(Exception.HResult), nameof(Exception.StackTrace), nameof(Exception.Source), nameof(Exception.HelpLink)]),
        (typeof(CommandInfo), [nameof(CommandInfo.Name), nameof(CommandInfo.CommandType), nameof(CommandInfo.Definition)]),
        (typeof(CmdletInfo), [nameof(CmdletInfo.Verb), nameof(CmdletInfo.Noun)]),
        (typeof(FunctionInfo), [nameof(FunctionInfo.ScriptBlock)]),
        (typeof(ScriptInfo), [nameof(ScriptInfo.ScriptBlock)]),
        (typeof(PSCmdlet), [nameof(PSCmdlet.MyInvocation), nameof(PSCmdlet.ParameterSetName)]),
        (typeof(PSHost), [nameof(PSHost.Name), nameof(PSHost.Version), nameof(PSHost.UI), nameof(PSHost.CurrentCulture), nameof(PSHost.CurrentUICulture)]),
        (typeof(ScriptBlock), [nameof(ScriptBlock.Ast), nameof(ScriptBlock.IsFilter)]),
    ];

    private static readonly IReadOnlyList<(Type Known, string Name)> Own =
    [
        (typeof(PSHost), "System.Management.Automation.Internal.Host.InternalHost"),
        (typeof(PSCmdlet), "System.Management.Automation.PSScriptCmdlet"),
    ];

    /// <summary>All their other properties, each in the place of the real one: to read it ends the run.</summary>
    public static IEnumerable<TypeData> Closed()
    {
        foreach (var (type, allowed) in Types)
        {
            var data = new TypeData(type.FullName!);
            var refusal = ScriptBlock.Create($"Deny-SimulatedMember '{type.Name}'");
            foreach (var name in Derived(type).SelectMany(t => t.GetProperties(BindingFlags.Public | BindingFlags.Instance)).Select(p => p.Name).Distinct(StringComparer.OrdinalIgnoreCase))
            {
                if (!Types.Where(known => known.Type.IsAssignableFrom(type)).Any(known => known.Allowed.Contains(name, StringComparer.OrdinalIgnoreCase)) && !allowed.Contains(name, StringComparer.OrdinalIgnoreCase))
                {
                    data.Members.Add(name, new ScriptPropertyData(name, refusal));
                }
            }
            if (type == typeof(ScriptInfo))
            {
                // The script is a block here, and a file on the VM.
                data.Members.Add("Path", new NotePropertyData("Path", SimulatedVm.ScriptPath));
                data.Members.Add("Definition", new NotePropertyData("Definition", SimulatedVm.ScriptPath));
                data.Members.Add("Name", new NotePropertyData("Name", "DeprovisioningScript.ps1"));
            }
            yield return data;
        }
    }

    // With what the engine's own class adds to it, that of the host for instance.
    private static IEnumerable<Type> Derived(Type type) =>
        Own.Where(own => own.Known == type).Select(own => typeof(PSHost).Assembly.GetType(own.Name)).OfType<Type>().Append(type);
}
