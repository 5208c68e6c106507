using System.Globalization;
using System.Text.RegularExpressions;

namespace AibDeprovision.Plans;

/// <summary>
/// A length of time as people write it: a whole number of seconds, 90s, 15m, 2h, 1h30m, hh:mm:ss, or a TimeSpan. PowerShell
/// converts to it by itself, so a parameter of this type takes the same values where its cmdlet is mocked or proxied.
/// </summary>
public readonly struct Duration : IEquatable<Duration>
{
    private const string Forms = "Give a whole number of seconds, or a text such as 90s, 15m, 1h30m or 00:15:00.";

    private static readonly Regex UnitsForm = new(@"^(?:(?<h>[0-9]{1,6})h)?(?:(?<m>[0-9]{1,6})m)?(?:(?<s>[0-9]{1,6})s?)?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    private readonly TimeSpan _span;

    /// <param name="span">The time.</param>
    public Duration(TimeSpan span) => _span = span;

    /// <param name="text">One of the forms that people write.</param>
    /// <exception cref="FormatException">It is none of them.</exception>
    public Duration(string text) => _span = Read((text ?? throw Refused("")).Trim());

    /// <param name="seconds">Seconds.</param>
    /// <exception cref="FormatException">No such time can be held.</exception>
    public Duration(long seconds) => _span = Math.Abs(seconds) < TimeSpan.MaxValue.TotalSeconds - 1 ? TimeSpan.FromTicks(seconds * TimeSpan.TicksPerSecond) : throw Refused(seconds);

    /// <param name="seconds">Seconds, without a fraction.</param>
    /// <exception cref="FormatException">There is a fraction.</exception>
    public Duration(double seconds)
        : this(Math.Abs(seconds) < long.MaxValue && Math.Floor(seconds) == seconds ? (long)seconds : throw Refused(seconds, " It is not whole.")) { }

    /// <summary>Refuses: PowerShell reads 1d as the decimal number 1, and whoever writes that means a day.</summary>
    /// <param name="number">A decimal number.</param>
    /// <exception cref="FormatException">Always.</exception>
    public Duration(decimal number) => throw Refused(number, $" PowerShell reads {number.ToString(CultureInfo.InvariantCulture)}d as a decimal number; for a day write 24h.");

    /// <summary>The time.</summary>
    public TimeSpan ToTimeSpan() => _span;

    /// <summary>The time.</summary>
    public static implicit operator TimeSpan(Duration duration) => duration._span;

    /// <summary>The duration.</summary>
    public static implicit operator Duration(TimeSpan span) => new(span);

    /// <inheritdoc/>
    public bool Equals(Duration other) => _span == other._span;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Duration other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _span.GetHashCode();

    /// <summary>Whether both are equally long.</summary>
    public static bool operator ==(Duration left, Duration right) => left.Equals(right);

    /// <summary>Whether one is longer than the other.</summary>
    public static bool operator !=(Duration left, Duration right) => !left.Equals(right);

    /// <summary>As it can be given: 45m, 1h30m, 90s; hh:mm:ss where there are fractions of a second or it is negative.</summary>
    public override string ToString()
    {
        if (_span < TimeSpan.Zero || _span.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            return _span.ToString("c", CultureInfo.InvariantCulture);
        }
        var hours = (long)_span.TotalHours;
        var text = FormattableString.Invariant($"{(hours > 0 ? $"{hours}h" : "")}{(_span.Minutes > 0 ? $"{_span.Minutes}m" : "")}{(_span.Seconds > 0 ? $"{_span.Seconds}s" : "")}");
        return text.Length > 0 ? text : "0s";
    }

    private static TimeSpan Read(string text)
    {
        var units = UnitsForm.Match(text);
        if (text.Length > 0 && units.Success)
        {
            return TimeSpan.FromSeconds((Part("h") * 3600.0) + (Part("m") * 60.0) + Part("s"));
        }
        return text.IndexOf(':') > 0 && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) ? span : throw Refused(text);

        int Part(string name) => units.Groups[name].Success ? int.Parse(units.Groups[name].Value, NumberStyles.None, CultureInfo.InvariantCulture) : 0;
    }

    private static FormatException Refused(object value, string reason = "") => new(FormattableString.Invariant($"'{value}' is not a duration.{reason} {Forms}"));
}
