using AibDeprovision.Generalizing.Windows;
using AibDeprovision.Machine.Windows;
using AibDeprovision.Tests.Engine;
using AibDeprovision.Tests.Offline;

namespace AibDeprovision.Tests.Generalizing;

/// <summary>Sysprep's logs, also those that nobody vouches for.</summary>
public sealed class PantherRunTests : IDisposable
{
    private const string Error = "2026-01-15 09:00:00, Error      [0x0f0082] SYSPRP ";
    private const int LongestText = 16 * 1024 * 1024;

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void The_lines_of_the_last_run_keep_their_numbers()
    {
        const string Begin = "2026-01-15 09:00:00, Info       SYSPRP ===  Beginning of a new sysprep run  ===";
        Assert.Equal([(4, Begin), (6, "b"), (7, "c d")], Lines($"a\r\n{Begin}\r\nb\r\n{Begin}\r\n\r\nb\nc\td"));
        Assert.Equal([(1, "a"), (3, "b")], Lines("a\n\r\nb\n"));
        Assert.Empty(PantherRun.LastIn(null));
        Assert.Empty(PantherRun.LastIn("\n"));
    }

    [Fact]
    public void A_message_is_cut_and_holds_no_commands_to_terminals()
    {
        var line = Assert.Single(PantherRun.LastIn(Error + "\u001b[2Jboo" + new string('a', LongestText)));
        Assert.StartsWith(@"[0x0f0082] SYSPRP \u001b[2Jbooaaa", line.Message, StringComparison.Ordinal);
        Assert.InRange(line.Text.Length, 1900, 2100);
        Assert.True(line.IsError);
    }

    [Fact]
    public void Lines_that_are_not_asked_for_cost_nothing()
    {
        var log = Error + "the cause" + new string('\n', LongestText);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal("[0x0f0082] SYSPRP the cause", Assert.Single(PantherRun.LastIn(log)).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void What_an_image_says_of_itself_is_fit_to_be_shown()
    {
        HiveImage.WriteEmptyWindows(_scratch["image"]);
        Write(["Setup", "State"], "State.ini", "[State]\r\nother=x\r\nimagestate = \"IMAGE\u001b[2J" + new string('a', LongestText / 2));
        Write(["System32", "Sysprep", "Panther"], "setupact.log", Error + "\u001b]0;boo\u0007");
        var state = SysprepStateReader.Read(_scratch["image"], Assert.Fail);
        Assert.StartsWith(@"IMAGE\u001b[2Jaaa", state.StateFile, StringComparison.Ordinal);
        Assert.InRange(state.StateFile!.Length, 1900, 2100);
        Assert.Equal(@"[0x0f0082] SYSPRP \u001b]0;boo\u0007", state.LastError);
    }

    private static IEnumerable<(int, string)> Lines(string log) => PantherRun.LastIn(log).Select(line => (line.Number, line.Text));

    private void Write(string[] folders, string name, string text)
    {
        var folder = Directory.CreateDirectory(_scratch[["image", "Windows", .. folders]]).FullName;
        File.WriteAllText(Path.Combine(folder, name), text);
    }
}
