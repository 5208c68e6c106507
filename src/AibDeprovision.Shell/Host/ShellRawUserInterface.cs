using System.Management.Automation.Host;

namespace AibDeprovision.Shell.Host;

/// <summary>
/// The terminal as a grid of cells. The formatter asks it for the width; what would read or move the grid itself is not
/// supported, since nothing in the module needs it.
/// </summary>
internal sealed class ShellRawUserInterface : PSHostRawUserInterface
{
    // What a terminal has that nobody told its height: the value matters to nothing here.
    private const int Height = 50;

    public override Size BufferSize { get => new(Terminal.Width, Height); set { } }

    public override Size WindowSize { get => new(Terminal.Width, Height); set { } }

    public override Size MaxWindowSize => WindowSize;

    public override Size MaxPhysicalWindowSize => WindowSize;

    public override Coordinates WindowPosition { get; set; }

    public override Coordinates CursorPosition { get; set; }

    public override int CursorSize { get; set; } = 25;

    public override ConsoleColor ForegroundColor { get; set; } = ConsoleColor.Gray;

    public override ConsoleColor BackgroundColor { get; set; } = ConsoleColor.Black;

    public override string WindowTitle { get; set; } = "AibDeprovision";

    public override bool KeyAvailable => !Console.IsInputRedirected && Console.KeyAvailable;

    public override void FlushInputBuffer()
    {
    }

    public override KeyInfo ReadKey(ReadKeyOptions options) => throw Unsupported();

    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw Unsupported();

    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) => throw Unsupported();

    public override void SetBufferContents(Rectangle rectangle, BufferCell fill) => throw Unsupported();

    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) =>
        throw Unsupported();

    private static NotSupportedException Unsupported() => new("This shell does not read or move the contents of the terminal.");
}
