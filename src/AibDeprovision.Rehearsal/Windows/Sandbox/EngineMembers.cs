using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using System.Reflection;

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
        (typeof(Exception), [nameof(Exception.Message), nameof(Exception.InnerException), nameof(Exception.HResult)]),
        (typeof(CommandInfo), [nameof(CommandInfo.Name), nameof(CommandInfo.CommandType), nameof(CommandInfo.Definition)]),
        (typeof(CmdletInfo), [nameof(CmdletInfo.Verb), nameof(CmdletInfo.Noun)]),
        (typeof(FunctionInfo), [nameof(FunctionInfo.ScriptBlock)]),
        (typeof(ScriptInfo), [nameof(ScriptInfo.ScriptBlock)]),
        (typeof(PSCmdlet), [nameof(PSCmdlet.MyInvocation), nameof(PSCmdlet.ParameterSetName)]),
        (typeof(PSHost), [nameof(PSHost.Name), nameof(PSHost.Version), nameof(PSHost.UI), nameof(PSHost.CurrentCulture), nameof(PSHost.CurrentUICulture)]),
        (typeof(ScriptBlock), [nameof(ScriptBlock.Ast), nameof(ScriptBlock.IsFilter)]),
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
            yield return data;
        }
    }

    // With what the engine's own classes add to it, the host that the script sees for instance.
    private static IEnumerable<Type> Derived(Type type) => type == typeof(PSHost) || type == typeof(PSCmdlet)
        ? typeof(PSHost).Assembly.GetTypes().Where(t => type.IsAssignableFrom(t) && (type == typeof(PSHost) || t.Name == "PSScriptCmdlet")).Append(type)
        : [type];
}
