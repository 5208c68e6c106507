namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>
/// The types that a rehearsed script may name: plain values. ConstrainedLanguage alone knows more, and some of those
/// open files (xml), directories (adsi) or other machines (wmi, CimSession).
/// </summary>
internal static class HarmlessTypes
{
    private static readonly HashSet<string> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        "array", "bool", "Boolean", "byte", "char", "DateTime", "DateTimeOffset", "decimal", "double", "float", "Single", "guid",
        "hashtable", "int", "Int16", "Int32", "Int64", "long", "short", "math", "nullable", "object", "ordered", "psobject", "PSCustomObject",
        "regex", "sbyte", "string", "switch", "SwitchParameter", "TimeSpan", "uint16", "uint32", "uint64", "ushort", "uint", "ulong", "uri", "version", "void",
        "Management.Automation.PSObject", "Management.Automation.PSCustomObject", "Management.Automation.SwitchParameter",
        "Text.RegularExpressions.Regex", "Collections.Hashtable",
    };

    private static readonly HashSet<string> Attributes = new(StringComparer.OrdinalIgnoreCase)
    {
        "Parameter", "CmdletBinding", "OutputType", "Alias", "AllowNull", "AllowEmptyString", "AllowEmptyCollection", "ValidateNotNull",
        "ValidateNotNullOrEmpty", "ValidateRange", "ValidateSet", "ValidateLength", "ValidateCount", "ValidatePattern", "ValidateScript",
        "Diagnostics.CodeAnalysis.SuppressMessage", "Diagnostics.CodeAnalysis.SuppressMessageAttribute",
    };

    public static bool Contains(string name) => Types.Contains(WithoutSystem(name));

    public static bool IsAttribute(string name) => Attributes.Contains(WithoutSystem(name));

    private static string WithoutSystem(string name) => name.StartsWith("System.", StringComparison.OrdinalIgnoreCase) ? name.Substring(7) : name;
}
