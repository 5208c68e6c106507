using System.Management.Automation;

namespace AibDeprovision.Binding;

/// <summary>Lets a switch be bound from a table of text, where it is True or False, or empty where it is not given.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SwitchTextAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
        {
            string text when text.Trim().Length == 0 => false,
            string text when bool.TryParse(text, out var value) => value,
            _ => inputData,
        };
}
