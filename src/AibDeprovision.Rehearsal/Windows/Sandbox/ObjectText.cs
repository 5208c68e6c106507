using System.Management.Automation;

namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>Objects as lines of a log. Tables are not drawn: an object with properties is listed by them.</summary>
internal static class ObjectText
{
    public static string Of(object? value)
    {
        switch (value)
        {
            case null:
                return "";
            case PSObject { BaseObject: ErrorRecord record }:
                return ErrorText.Of(record);
            case PSObject { BaseObject: PSCustomObject } record:
                return string.Join("\n", record.Properties.Where(p => p.IsInstance && !p.Name.StartsWith("PS", StringComparison.Ordinal)).Select(p => $"{p.Name} : {p.Value}"));
            case PSObject wrapped:
                return LanguagePrimitives.ConvertTo<string>(wrapped);
            default:
                return LanguagePrimitives.ConvertTo<string>(value);
        }
    }
}
