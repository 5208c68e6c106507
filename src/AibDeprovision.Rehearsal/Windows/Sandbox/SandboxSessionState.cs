using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;
using AibDeprovision.Rehearsal.Windows.Commands;

namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>All that a rehearsed script finds: the simulated commands, their aliases, the drive Env:, and nothing of the host.</summary>
internal static class SandboxSessionState
{
    private static readonly Dictionary<string, string> Aliases = new(StringComparer.OrdinalIgnoreCase)
    {
        ["%"] = "ForEach-Object", ["foreach"] = "ForEach-Object", ["?"] = "Where-Object", ["where"] = "Where-Object",
        ["select"] = "Select-Object", ["sort"] = "Sort-Object", ["measure"] = "Measure-Object", ["sls"] = "Select-String",
        ["sleep"] = "Start-Sleep", ["gsv"] = "Get-Service", ["sasv"] = "Start-Service", ["spsv"] = "Stop-Service",
        ["gps"] = "Get-Process", ["ps"] = "Get-Process", ["kill"] = "Stop-Process", ["spps"] = "Stop-Process", ["start"] = "Start-Process", ["saps"] = "Start-Process",
        ["gci"] = "Get-ChildItem", ["ls"] = "Get-ChildItem", ["dir"] = "Get-ChildItem", ["gi"] = "Get-Item", ["ni"] = "New-Item", ["md"] = "New-Item",
        ["gp"] = "Get-ItemProperty", ["gpv"] = "Get-ItemPropertyValue", ["sp"] = "Set-ItemProperty", ["rp"] = "Remove-ItemProperty",
        ["ri"] = "Remove-Item", ["rm"] = "Remove-Item", ["del"] = "Remove-Item", ["erase"] = "Remove-Item", ["rd"] = "Remove-Item", ["rmdir"] = "Remove-Item",
        ["mi"] = "Move-Item", ["mv"] = "Move-Item", ["move"] = "Move-Item", ["copy"] = "Copy-Item", ["cp"] = "Copy-Item", ["cpi"] = "Copy-Item", ["ren"] = "Rename-Item", ["rni"] = "Rename-Item",
        ["gc"] = "Get-Content", ["cat"] = "Get-Content", ["type"] = "Get-Content", ["sc"] = "Set-Content", ["ac"] = "Add-Content",
        ["echo"] = "Write-Output", ["write"] = "Write-Output", ["iex"] = "Invoke-Expression",
    };

    private static readonly IReadOnlyList<CmdletOfSandbox> Cmdlets =
    [
        .. typeof(SimulatedCommand).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(SimulatedCommand)) && !type.IsAbstract)
            .Select(type => (type, name: type.GetCustomAttribute<CmdletAttribute>()))
            .Select(c => new CmdletOfSandbox($"{c.name.VerbName}-{c.name.NounName}", c.type)),
        // It only sets a flag of the scope, and only the engine's own can do that.
        new CmdletOfSandbox("Set-StrictMode", typeof(Microsoft.PowerShell.Commands.SetStrictModeCommand)),
    ];

    /// <summary>The names that a script can call.</summary>
    public static ISet<string> Names { get; } = new HashSet<string>(Cmdlets.Select(c => c.Name).Concat(Aliases.Keys), StringComparer.OrdinalIgnoreCase);

    /// <summary>The classes of the commands that a script can call.</summary>
    public static ISet<Type> Types { get; } = new HashSet<Type>(Cmdlets.Select(c => c.Type));

    /// <summary>Commands that a script does not call itself: they are in what is made of it, and decide what it may see.</summary>
    public static IReadOnlyDictionary<string, CmdletInfo> Internal { get; } =
        Cmdlets.Where(c => c.Name.Contains("-Simulated")).ToDictionary(c => c.Name, c => new CmdletInfo(c.Name, c.Type), StringComparer.OrdinalIgnoreCase);

    /// <summary>Makes the session state; one serves any number of runspaces, one after the other.</summary>
    public static InitialSessionState Create()
    {
        var state = InitialSessionState.Create();
        state.LanguageMode = PSLanguageMode.ConstrainedLanguage;
        foreach (var cmdlet in Cmdlets)
        {
            state.Commands.Add(new SessionStateCmdletEntry(cmdlet.Name, cmdlet.Type, helpFileName: null));
        }
        foreach (var alias in Aliases)
        {
            state.Commands.Add(new SessionStateAliasEntry(alias.Key, alias.Value));
        }
        state.Providers.Add(new SessionStateProviderEntry("Environment", typeof(EnvironmentProvider), helpFileName: null));
        foreach (var value in MaskedNames.Values)
        {
            state.Variables.Add(new SessionStateVariableEntry(value.Key, value.Value, ""));
        }
        // No name, whatever it is, makes the engine look for a module and load it.
        state.Variables.Add(new SessionStateVariableEntry("PSModuleAutoLoadingPreference", PSModuleAutoLoadingPreference.None, "", ScopedItemOptions.Constant | ScopedItemOptions.AllScope));
        state.Types.Add(new SessionStateTypeEntry(TypesOfObjects()));
        return state;
    }

    // A table is shared by all runspaces of the session state; single types go through a build of their own for each.
    private static TypeTable TypesOfObjects()
    {
        var types = new TypeTable([]);
        types.AddType(Methods(ServiceObject.TypeName, "Refresh", "Start", "Stop", "WaitForStatus"));
        types.AddType(Methods(ProcessObject.TypeName, "WaitForExit", "Kill", "Refresh"));
        types.AddType(new TypeData(typeof(DateTime)) { TypeConverter = typeof(VmTime) });
        foreach (var data in EngineMembers.Closed())
        {
            types.AddType(data);
        }
        return types;
    }

    private static TypeData Methods(string type, params string[] names)
    {
        var data = new TypeData(type);
        foreach (var name in names)
        {
            data.Members.Add(name, new ScriptMethodData(name, ScriptBlock.Create($"Invoke-SimulatedMethod $this '{name}' $args")));
        }
        return data;
    }

    private sealed record CmdletOfSandbox(string Name, Type Type);
}
