using System.Globalization;
using System.Management.Automation;

namespace AibDeprovision.Rehearsal.Windows.Commands;

/// <summary>
/// Converts an argument before the engine does, which in ConstrainedLanguage empties its cache of conversions each time.
/// What cannot be converted is left to the engine and its error.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ConvertedBeforeAttribute(Type type) : ArgumentTransformationAttribute
{
    public Type Type { get; } = type;

    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        LanguagePrimitives.TryConvertTo(inputData, Type, CultureInfo.CurrentCulture, out var converted) ? converted : inputData;
}
