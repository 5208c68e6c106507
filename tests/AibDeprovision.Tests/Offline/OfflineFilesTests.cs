using System.Diagnostics;
using AibDeprovision.Errors;
using AibDeprovision.Machine.Windows.Offline;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Offline;

/// <summary>The files of an image: found as Windows would find them, and never anything outside the image.</summary>
public sealed class OfflineFilesTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly OfflineFiles _files;

    public OfflineFilesTests()
    {
        Directory.CreateDirectory(_scratch["image", "Windows", "Panther"]);
        File.WriteAllText(_scratch["image", "Windows", "Panther", "setupact.log"], "inside");
        Directory.CreateDirectory(_scratch["outside"]);
        File.WriteAllText(_scratch["outside", "secret.txt"], "outside");
        _files = new OfflineFiles(_scratch["image"]);
    }

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData(@"C:\Windows\Panther\setupact.log")]
    [InlineData(@"c:\WINDOWS\panther\SetupAct.LOG")]
    [InlineData(@"D:\Windows\Panther\setupact.log")]
    [InlineData(@"C:/Windows/Panther/setupact.log")]
    [InlineData(@"C:\\Windows\.\Panther\setupact.log")]
    public void A_file_is_found_in_any_case_and_on_any_drive(string path)
    {
        Assert.True(_files.Exists(path));
        Assert.Equal("inside", _files.ReadText(path));
    }

    [Theory]
    [InlineData(@"C:\")]
    [InlineData(@"C:\Windows")]
    [InlineData(@"C:\windows\PANTHER\")]
    public void A_folder_exists_and_has_no_text(string path)
    {
        Assert.True(_files.Exists(path));
        Assert.Null(_files.ReadText(path));
    }

    [Theory]
    [InlineData(@"C:\Windows\Panther\setuperr.log")]
    [InlineData(@"C:\Nowhere\setupact.log")]
    [InlineData(@"C:\Windows\Panther\setupact.log\below")]
    [InlineData(@"C:\Windows\Panther\setupact.log:stream")]
    [InlineData(@"C:\Windows\Panther\setupact.log.")]
    [InlineData(@"C:\Windows\Panther\setupact.*")]
    [InlineData(@"C:\Windows\Panther\setupact?log")]
    [InlineData("C:\\Windows\\Panther\\setupact.log\0")]
    [InlineData(@"C:\CON")]
    public void What_is_not_there_is_nothing_and_no_error(string path)
    {
        Assert.False(_files.Exists(path));
        Assert.Null(_files.ReadText(path));
    }

    [Theory]
    [InlineData(@"C:\..\outside\secret.txt")]
    [InlineData(@"C:\Windows\..\..\outside\secret.txt")]
    [InlineData(@"C:/Windows/../../outside/secret.txt")]
    [InlineData(@"C:\Windows\..")]
    [InlineData(@"\\server\share\secret.txt")]
    [InlineData(@"\\?\C:\Windows")]
    [InlineData(@"\Windows")]
    [InlineData("Windows")]
    [InlineData("C:")]
    [InlineData("C:Windows")]
    [InlineData("/etc/passwd")]
    [InlineData("")]
    public void A_path_that_is_not_of_a_drive_or_climbs_is_refused(string path)
    {
        Assert.Equal(ErrorId.NotAFileSystemPath, Assert.Throws<AibException>(() => _files.Exists(path)).Id);
        Assert.Equal(ErrorId.NotAFileSystemPath, Assert.Throws<AibException>(() => _files.ReadText(path)).Id);
    }

    [Fact]
    public void Of_names_that_differ_in_case_only_the_written_one_is_taken_and_else_always_the_same()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || OperatingSystem.IsMacOS(), "The file system knows no two such names.");
        File.WriteAllText(_scratch["image", "A.txt"], "A.txt");
        File.WriteAllText(_scratch["image", "a.TXT"], "a.TXT");

        Assert.Equal("A.txt", _files.ReadText(@"C:\A.txt"));
        Assert.Equal("a.TXT", _files.ReadText(@"C:\a.TXT"));
        Assert.Equal("A.txt", _files.ReadText(@"C:\a.txt"));
    }

    public static TheoryData<string> LinkTargets => new() { "absolute", "../outside", "../image/Windows", "nowhere" };

    [Theory]
    [MemberData(nameof(LinkTargets))]
    public void A_link_to_a_folder_is_refused_wherever_it_leads(string target)
    {
        Directory.CreateSymbolicLink(_scratch["image", "Link"], target == "absolute" ? _scratch["outside"] : target);

        foreach (var path in (string[])[@"C:\Link", @"C:\link\secret.txt", @"C:\Link\Panther\setupact.log"])
        {
            Refused(target == "nowhere" ? @"C:\link" : path);
        }
    }

    [Theory]
    [InlineData("absolute")]
    [InlineData("../../../outside/secret.txt")]
    [InlineData("setupact.log")]
    public void A_link_to_a_file_is_refused_wherever_it_leads(string target)
    {
        File.CreateSymbolicLink(_scratch["image", "Windows", "Panther", "link.log"], target == "absolute" ? _scratch["outside", "secret.txt"] : target);

        Refused(@"C:\Windows\Panther\LINK.log");
    }

    [Fact]
    public void Hives_behind_a_link_are_refused()
    {
        Directory.CreateDirectory(_scratch["image", "Windows", "System32"]);
        foreach (var name in (string[])["SOFTWARE", "SYSTEM"])
        {
            File.WriteAllBytes(_scratch["outside", name], new HiveImage().ToBytes());
        }
        Directory.CreateSymbolicLink(_scratch["image", "Windows", "System32", "config"], _scratch["outside"]);

        Assert.Equal(ErrorId.LinkInPath, Assert.Throws<AibException>(() => OfflineWindows.Open(_scratch["image"])).Id);
    }

    [Fact]
    public void The_root_may_be_a_link()
    {
        Directory.CreateSymbolicLink(_scratch["mount"], _scratch["image"]);

        Assert.Equal("inside", new OfflineFiles(_scratch["mount"]).ReadText(@"C:\Windows\Panther\setupact.log"));
    }

    [Fact]
    public async Task A_pipe_is_not_waited_for()
    {
        Assert.SkipUnless(Toolbox.Has("mkfifo"), Toolbox.Missing("mkfifo"));
        using (var made = Process.Start("mkfifo", _scratch["image", "pipe.log"]))
        {
            await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal("", await Task.Run(() => _files.ReadText(@"C:\pipe.log")).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        var error = Assert.Throws<AibException>(() => RegistryHive.Open(_scratch["image", "pipe.log"]));
        Assert.Equal(ErrorId.CorruptHive, error.Id);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_an_error()
    {
        // A lock holds even against root, whom no mode keeps out.
        using var locked = new FileStream(_scratch["image", "Windows", "Panther", "setupact.log"], FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        Assert.True(_files.Exists(@"C:\Windows\Panther\setupact.log"));
        Assert.Equal(ErrorId.ReadFailed, Assert.Throws<AibException>(() => _files.ReadText(@"C:\Windows\Panther\setupact.log")).Id);
    }

    private void Refused(string path)
    {
        var error = Assert.Throws<AibException>(() => _files.ReadText(path));
        Assert.Equal(ErrorId.LinkInPath, error.Id);
        Assert.Equal(path, error.Target);
        Assert.Equal(ErrorId.LinkInPath, Assert.Throws<AibException>(() => _files.Exists(path)).Id);
    }
}
