using System.Management.Automation;

namespace AibDeprovision.Rehearsal.Windows.Types;

/// <summary>A property that is looked up whenever it is read.</summary>
internal sealed class LiveProperty(string name, Func<object?> value) : PSVariable(name)
{
    public override object? Value
    {
        get => value();
        set => throw new SetValueException($"'{Name}' is a ReadOnly property.");
    }
}
