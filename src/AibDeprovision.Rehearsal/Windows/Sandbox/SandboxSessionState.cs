using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;
using AibDeprovision.Rehearsal.Windows.Commands;
using AibDeprovision.Rehearsal.Windows.Types;

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
        ["cd"] = "Set-Location", ["chdir"] = "Set-Location", ["sl"] = "Set-Location", ["pushd"] = "Push-Location", ["popd"] = "Pop-Location", ["pwd"] = "Get-Location", ["gl"] = "Get-Location",
        ["gcm"] = "Get-Command", ["gcim"] = "Get-CimInstance", ["gwmi"] = "Get-WmiObject", ["ft"] = "Format-Table", ["fl"] = "Format-List", ["tee"] = "Tee-Object", ["ipmo"] = "Import-Module", ["icm"] = "Invoke-Command",
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
        types.AddType(Without("a service", Methods(ServiceObject.TypeName, "Refresh", "Start", "Stop", "WaitForStatus"),
            "CanStop", "CanShutdown", "CanPauseAndContinue", "DependentServices", "RequiredServices", "ServicesDependedOn", "ServiceType"));
        types.AddType(Without("a process", Methods(ProcessObject.TypeName, "Start", "WaitForExit", "Kill", "Refresh", "Dispose", "Close"),
            "StartTime", "ExitTime", "CPU", "TotalProcessorTime", "UserProcessorTime", "WorkingSet", "WorkingSet64", "WS", "MainModule", "Modules", "Threads", "MainWindowTitle", "SessionId", "CommandLine", "Parent", "FileVersion", "Company"));
        types.AddType(Without("a file", new TypeData(ItemObject.FileTypeName),
            "LastWriteTimeUtc", "LastAccessTime", "LastAccessTimeUtc", "CreationTimeUtc", "Attributes", "Mode", "IsReadOnly", "VersionInfo", "Directory", "Parent", "Root", "Target", "LinkType"));
        types.AddType(Methods(ClockTypes.Stopwatch, "Start", "Stop", "Reset", "Restart"));
        types.AddType(Methods(MachineTypes.Principal, "IsInRole"));
        types.AddType(Methods(ProcessTypes.Reader, "ReadToEnd", "ReadLine", "Close", "Dispose"));
        types.AddType(new TypeData(typeof(DateTime)) { TypeConverter = typeof(VmTime) });
        foreach (var data in EngineMembers.Closed())
        {
            types.AddType(data);
        }
        return types;
    }

    // What the real object has and this one has not would be $null, and a script would go on with that.
    private static TypeData Without(string what, TypeData data, params string[] names)
    {
        foreach (var name in names)
        {
            data.Members.Add(name, new ScriptPropertyData(name, ScriptBlock.Create($"Deny-SimulatedConstruct 0 'the property {name} of {what}'")));
        }
        return data;
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
