using System.Management.Automation;
using System.Text.RegularExpressions;
using AibDeprovision.Machine;
using AibDeprovision.Rehearsal.Windows.Vm;

namespace AibDeprovision.Rehearsal.Windows.Commands;

/// <summary>Get-CimInstance and Get-WmiObject of the few classes that scripts of this kind look at.</summary>
[Cmdlet(VerbsCommon.Get, "CimInstance")]
internal class GetCimInstanceCommand : SimulatedCommand
{
    private static readonly Regex Wanted = new(@"\A\s*(?<name>\w+)\s*(?<operator>=|like)\s*(?<quote>['""])(?<value>[^'""]*)\k<quote>\s*\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
    private static readonly Regex Select = new(@"\A\s*select\s+.+\s+from\s+(?<class>\w+)(\s+where\s+(?<filter>.+))?\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    [Parameter(Position = 0)]
    [Alias("Class")]
    public string? ClassName { get; set; }

    [Parameter]
    public string? Filter { get; set; }

    [Parameter]
    public string? Query { get; set; }

    [Parameter]
    public string Namespace { get; set; } = @"root\cimv2";

    [Parameter]
    public string[] Property { get; set; } = [];

    protected override void ProcessRecord()
    {
        var (name, filter) = Query is null ? (ClassName, Filter)
            : Select.Match(Query) is { Success: true } select ? (select.Groups["class"].Value, select.Groups["filter"].Success ? select.Groups["filter"].Value : null) : (Query, null);
        var wanted = filter is null ? null : Wanted.Match(filter);
        if (InstancesOf(name ?? "") is not { } instances || wanted?.Success == false)
        {
            Run.RefuseHere($"{MyInvocation.MyCommand.Name} {name}{(filter is null ? "" : $" with the filter {filter}")}");
            return;
        }
        foreach (var instance in instances.Where(instance => wanted is null || Matches(instance, wanted)))
        {
            WriteObject(instance);
        }
    }

    private static bool Matches(PSObject instance, Match wanted)
    {
        var value = instance.Properties[wanted.Groups["name"].Value]?.Value?.ToString() ?? "";
        return wanted.Groups["operator"].Value == "="
            ? value.Equals(wanted.Groups["value"].Value, StringComparison.OrdinalIgnoreCase)
            : WildcardPattern.Get(wanted.Groups["value"].Value.Replace('%', '*').Replace('_', '?'), WildcardOptions.IgnoreCase).IsMatch(value);
    }

    private IEnumerable<PSObject>? InstancesOf(string name) => name.ToUpperInvariant() switch
    {
        "WIN32_OPERATINGSYSTEM" => [Instance(("Caption", "Microsoft Windows Server 2022 Datacenter Azure Edition"), ("Version", "10.0.20348"), ("BuildNumber", "20348"), ("ProductType", 3u), ("OSArchitecture", "64-bit"),
            ("SystemDrive", "C:"), ("WindowsDirectory", SimulatedVm.Windows), ("CSName", "BUILD-VM"), ("LastBootUpTime", new DateTime(2026, 1, 15, 8, 30, 0, DateTimeKind.Local)))],
        "WIN32_COMPUTERSYSTEM" => [Instance(("Name", "BUILD-VM"), ("Domain", "WORKGROUP"), ("PartOfDomain", false), ("Workgroup", "WORKGROUP"), ("Manufacturer", "Microsoft Corporation"), ("Model", "Virtual Machine"), ("DomainRole", 2))],
        "WIN32_SERVICE" => Vm.Services.All.Select(service => Instance(("Name", service.Name), ("DisplayName", service.DisplayName), ("State", service.Status.ToString()),
            ("Status", "OK"), ("Started", service.Status == ServiceStatus.Running), ("StartMode", service.StartType == ServiceStartType.Automatic ? "Auto" : service.StartType.ToString()))),
        "WIN32_PROCESS" => Vm.Processes.Running.Select(process => Instance(("Name", process.Name + ".exe"), ("ProcessId", process.Id), ("ExecutablePath", process.Path))),
        _ => null,
    };

    private static PSObject Instance(params (string Name, object? Value)[] properties)
    {
        var result = new PSObject();
        foreach (var (name, value) in properties)
        {
            result.Properties.Add(new PSNoteProperty(name, value), preValidated: true);
        }
        return result;
    }
}

[Cmdlet(VerbsCommon.Get, "WmiObject")]
internal sealed class GetWmiObjectCommand : GetCimInstanceCommand;
