using System.Management.Automation;

namespace AibDeprovision.Rehearsal.Windows.Types;

/// <summary>System.Math, which the language of a rehearsed script does not let be called.</summary>
internal static class MathTypes
{
    /// <summary>Its members.</summary>
    public static IEnumerable<(string Name, SimulatedMember Member)> Members =>
    [
        ("Math::PI", (_, _) => Math.PI),
        ("Math::E", (_, _) => Math.E),
        ("Math::Max", (_, a) => Compared(a[0], a[1]) >= 0 ? a[0] : a[1]),
        ("Math::Min", (_, a) => Compared(a[0], a[1]) <= 0 ? a[0] : a[1]),
        ("Math::Abs", (_, a) => a[0] is int whole ? Math.Abs(whole) : a[0] is long big ? Math.Abs(big) : Math.Abs(Number(a[0]))),
        ("Math::Sign", (_, a) => Math.Sign(Number(a[0]))),
        ("Math::Round", (_, a) => Round(a)),
        ("Math::Floor", (_, a) => a[0] is decimal exact ? Math.Floor(exact) : Math.Floor(Number(a[0]))),
        ("Math::Ceiling", (_, a) => a[0] is decimal exact ? Math.Ceiling(exact) : Math.Ceiling(Number(a[0]))),
        ("Math::Truncate", (_, a) => a[0] is decimal exact ? Math.Truncate(exact) : Math.Truncate(Number(a[0]))),
        ("Math::Pow", (_, a) => Math.Pow(Number(a[0]), Number(a[1]))),
        ("Math::Sqrt", (_, a) => Math.Sqrt(Number(a[0]))),
        ("Math::Log", (_, a) => a.Length > 1 ? Math.Log(Number(a[0]), Number(a[1])) : Math.Log(Number(a[0]))),
        ("Math::Log10", (_, a) => Math.Log10(Number(a[0]))),
    ];

    private static double Number(object? value) => LanguagePrimitives.ConvertTo<double>(value);

    private static int Compared(object? first, object? second) => Number(first).CompareTo(Number(second));

    private static object Round(object?[] arguments)
    {
        var digits = arguments.Length > 1 && arguments[1] is not string ? LanguagePrimitives.ConvertTo<int>(arguments[1]) : 0;
        var mode = arguments.Length > 1 && arguments[arguments.Length - 1] is string name && name.Equals("AwayFromZero", StringComparison.OrdinalIgnoreCase) ? MidpointRounding.AwayFromZero : MidpointRounding.ToEven;
        return arguments[0] is decimal exact ? Math.Round(exact, digits, mode) : Math.Round(Number(arguments[0]), digits, mode);
    }
}
