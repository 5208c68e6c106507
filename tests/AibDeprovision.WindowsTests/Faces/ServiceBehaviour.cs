using System.Globalization;

namespace AibDeprovision.WindowsTests.Faces;

/// <summary>What a fake service does once it is started. It is written into the service's command line.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Number">Seconds, or the code it fails with.</param>
public sealed record ServiceBehaviour(ServiceKind Kind, int Number = 0)
{
    /// <summary>It runs at once, until it is stopped.</summary>
    public static ServiceBehaviour RunsAtOnce { get; } = new(ServiceKind.Runs);

    /// <summary>It reports progress for some seconds before it runs.</summary>
    public static ServiceBehaviour StartsSlowly(int seconds) => new(ServiceKind.StartsSlowly, seconds);

    /// <summary>Its start fails with a code of its own.</summary>
    public static ServiceBehaviour FailsWith(int code) => new(ServiceKind.Fails, code);

    /// <summary>It runs, and stops by itself after some seconds.</summary>
    public static ServiceBehaviour StopsAfter(int seconds) => new(ServiceKind.StopsItself, seconds);

    /// <summary>Its process reports to the service manager only after some seconds; whoever has asked it to start gets no answer before.</summary>
    public static ServiceBehaviour ReportsAfter(int seconds) => new(ServiceKind.ReportsLate, seconds);

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static ServiceBehaviour Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split(':');
        return new(Enum.Parse<ServiceKind>(parts[0], ignoreCase: true), parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kind}:{Number}");
}

/// <summary>The kinds of <see cref="ServiceBehaviour"/>.</summary>
public enum ServiceKind
{
    /// <summary>Runs at once.</summary>
    Runs,

    /// <summary>Starts slowly.</summary>
    StartsSlowly,

    /// <summary>Fails to start.</summary>
    Fails,

    /// <summary>Stops by itself.</summary>
    StopsItself,

    /// <summary>Reports late.</summary>
    ReportsLate,
}
