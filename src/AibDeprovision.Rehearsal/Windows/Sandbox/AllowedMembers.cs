namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>The members of <see cref="HarmlessTypes"/> that a script may call or read: those that only compute, and look at nothing.</summary>
internal static class AllowedMembers
{
    private static readonly string[] OfNumbers = ["MaxValue", "MinValue", "Parse", "TryParse", "Epsilon", "NaN", "PositiveInfinity", "NegativeInfinity", "IsNaN", "IsInfinity", "Zero", "One", "Round", "Floor", "Ceiling", "Truncate"];

    private static readonly Dictionary<Type, string[]> Statics = new()
    {
        [typeof(string)] = ["Empty", "IsNullOrEmpty", "IsNullOrWhiteSpace", "Join", "Format", "Concat", "Compare", "CompareOrdinal", "Equals", "new"],
        [typeof(bool)] = ["Parse", "TryParse", "TrueString", "FalseString"],
        [typeof(char)] = ["IsDigit", "IsLetter", "IsLetterOrDigit", "IsWhiteSpace", "IsUpper", "IsLower", "IsPunctuation", "IsControl", "ToUpper", "ToLower", "ToUpperInvariant", "ToLowerInvariant", "GetNumericValue", "MinValue", "MaxValue"],
        [typeof(DateTime)] = ["MinValue", "MaxValue", "UnixEpoch", "DaysInMonth", "IsLeapYear", "SpecifyKind", "FromFileTimeUtc", "Compare", "Equals", "new"],
        [typeof(DateTimeOffset)] = ["MinValue", "MaxValue", "UnixEpoch", "FromUnixTimeSeconds", "FromUnixTimeMilliseconds", "Compare", "Equals"],
        [typeof(TimeSpan)] = ["FromDays", "FromHours", "FromMinutes", "FromSeconds", "FromMilliseconds", "FromTicks", "Zero", "MinValue", "MaxValue", "TicksPerDay", "TicksPerHour", "TicksPerMinute", "TicksPerSecond", "TicksPerMillisecond", "Parse", "TryParse", "Compare", "Equals", "new"],
        [typeof(Guid)] = ["NewGuid", "Empty", "Parse", "TryParse", "new"],
        [typeof(Version)] = ["Parse", "TryParse", "new"],
        [typeof(Uri)] = ["EscapeDataString", "UnescapeDataString", "IsWellFormedUriString", "new"],
        [typeof(System.Text.RegularExpressions.Regex)] = ["Escape", "Unescape", "IsMatch", "Match", "Matches", "Replace", "Split", "new"],
        [typeof(Array)] = ["IndexOf", "LastIndexOf", "Reverse", "Sort"],
        [typeof(System.Collections.Hashtable)] = ["new"],
        [typeof(System.Management.Automation.PSObject)] = ["new"],
        [typeof(object)] = ["new", "Equals", "ReferenceEquals"],
    };

    private static readonly HashSet<Type> Numbers =
    [
        typeof(byte), typeof(sbyte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong), typeof(float), typeof(double), typeof(decimal),
    ];

    // Views of an object that show what the type table hides.
    private static readonly HashSet<string> Views = new(StringComparer.OrdinalIgnoreCase) { "psbase", "psadapted", "psextended", "psobject" };

    /// <summary>What may be asked of the view PSObject.</summary>
    private static readonly HashSet<string> OfPSObject = new(StringComparer.OrdinalIgnoreCase) { "Properties", "TypeNames" };

    /// <summary>Whether a static member may be used.</summary>
    public static bool IsStatic(Type? type, string member) => type is not null
        && (Numbers.Contains(type) ? OfNumbers : Statics.TryGetValue(type, out var known) ? known : []).Contains(member, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a member of an object may be used, whatever the object is.</summary>
    public static bool IsInstance(string member) => !Views.Contains(member) && !member.Equals("GetType", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a member of <paramref name="of"/>, itself a member of an object, may be used.</summary>
    public static bool IsInstance(string of, string member) =>
        of.Equals("psobject", StringComparison.OrdinalIgnoreCase) ? OfPSObject.Contains(member)
        : of.Equals("GetType", StringComparison.OrdinalIgnoreCase) && (member.Equals("Name", StringComparison.OrdinalIgnoreCase) || member.Equals("FullName", StringComparison.OrdinalIgnoreCase));
}
