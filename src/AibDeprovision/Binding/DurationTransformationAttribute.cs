using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;

namespace AibDeprovision.Binding;

/// <summary>
/// Lets a duration be given as people think of it: a number is seconds (PowerShell by itself takes 30 for 30 ticks),
/// a text is 90s, 15m, 2h, 1h30m, or hh:mm:ss.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DurationTransformationAttribute : ArgumentTransformationAttribute
{
    private static readonly Regex UnitsForm = new(@"^(?:(?<h>\d{1,6})h)?(?:(?<m>\d{1,6})m)?(?:(?<s>\d{1,6})s?)?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value switch
        {
            TimeSpan span => span,
            string text => Parse(text.Trim()),
            IConvertible number when IsNumber(number) => Seconds(number),
            _ => throw Refused(value),
        };
    }

    private static TimeSpan Parse(string text)
    {
        var units = UnitsForm.Match(text);
        if (text.Length > 0 && units.Success)
        {
            return TimeSpan.FromSeconds((Part("h") * 3600) + (Part("m") * 60) + Part("s"));
        }
        return text.IndexOf(':') > 0 && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) ? span : throw Refused(text);

        double Part(string name) => units.Groups[name].Success ? int.Parse(units.Groups[name].Value, CultureInfo.InvariantCulture) : 0;
    }

    private static TimeSpan Seconds(IConvertible number)
    {
        try
        {
            return TimeSpan.FromSeconds(number.ToDouble(CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is OverflowException or ArgumentException)
        {
            throw Refused(number);
        }
    }

    private static bool IsNumber(IConvertible value) => value.GetTypeCode() is >= TypeCode.SByte and <= TypeCode.Decimal;

    private static ArgumentTransformationMetadataException Refused(object? value) =>
        new($"'{value}' is not a duration. Give a number of seconds, or a text such as 90s, 15m, 1h30m or 00:15:00.");
}
