namespace AibDeprovision.Shell;

/// <summary>What the standard streams are attached to, and what may therefore be written to them.</summary>
internal static class Terminal
{
    /// <summary>Wide enough for tables in a log, narrow enough to be read.</summary>
    private const int WidthWithoutTerminal = 120;

    /// <summary>Colour is welcome on standard output.</summary>
    public static bool ColoursOutput { get; } = !Console.IsOutputRedirected && ColourIsWelcome();

    /// <summary>Colour is welcome on standard error.</summary>
    public static bool ColoursErrors { get; } = !Console.IsErrorRedirected && ColourIsWelcome();

    /// <summary>The columns that output may take.</summary>
    public static int Width => Columns(Console.IsOutputRedirected);

    /// <summary>The columns that progress may take.</summary>
    public static int ErrorWidth => Columns(Console.IsErrorRedirected);

    // A terminal whose size nobody has set says that it has no columns.
    private static int Columns(bool redirected) =>
        !redirected && Console.WindowWidth > 0 ? Console.WindowWidth : WidthWithoutTerminal;

    // Windows consoles read escape sequences only after a program has asked them to; plain text is always right there.
    private static bool ColourIsWelcome() =>
        !OperatingSystem.IsWindows()
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") != "dumb";
}
