using System.Management.Automation;
using AibDeprovision.Rehearsal.Windows.Sandbox;

namespace AibDeprovision.Rehearsal.Windows.Commands;

/// <summary>A command that works on paths of the VM, with wildcards or without.</summary>
internal abstract class PathCommand : SimulatedCommand
{
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public string[] Path { get; set; } = [];

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    [ValidateNotNull]
    public string[] LiteralPath { get; set; } = [];

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public virtual string? Filter { get; set; }

    [Parameter]
    public string[] Include { get; set; } = [];

    [Parameter]
    public string[] Exclude { get; set; } = [];

    /// <summary>Whether the filters are for what is in the paths, and not for the paths.</summary>
    private protected virtual bool FiltersChildren => false;

    /// <summary>Whether the filters let an item through.</summary>
    private protected bool IsWanted(VmPath item) =>
        (Filter is null || Matches(Filter, item)) && (Include.Length == 0 || Include.Any(pattern => Matches(pattern, item))) && !Exclude.Any(pattern => Matches(pattern, item));

    private static bool Matches(string pattern, VmPath item) => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(item.Leaf);

    /// <summary>Does the work on everything that the paths stand for, and writes an error for a path that leads nowhere.</summary>
    private protected void ForEachItem(Action<VmPath> work)
    {
        foreach (var path in LiteralPath)
        {
            OnPath(path, target => OrFail(target.Exists(Vm) ? [target] : [], path, isPattern: false, work));
        }
        foreach (var path in Path)
        {
            OnPath(path, target => OrFail([.. target.Expand(Vm)], path, target.IsPattern, work));
        }
    }

    /// <summary>Does the work on the paths as they stand, whether anything is there or not.</summary>
    private protected void ForEachPath(Action<VmPath> work)
    {
        foreach (var path in LiteralPath.Concat(Path))
        {
            OnPath(path, work);
        }
    }

    private protected void FailValue(string name, VmPath key) =>
        Fail($"Property {name} does not exist at path {ItemObject.ProviderPath(key)}.", "System.Management.Automation.PSArgumentException", ErrorCategory.InvalidArgument, name, "PSArgumentException");

    private void OrFail(IReadOnlyList<VmPath> found, string path, bool isPattern, Action<VmPath> work)
    {
        if (found.Count == 0 && !isPattern)
        {
            FailPath(path);
        }
        foreach (var item in found.Where(item => FiltersChildren || IsWanted(item)))
        {
            work(item);
        }
    }
}
