using System.Diagnostics;
using System.Net.Sockets;
using AibDeprovision.Errors;
using AibDeprovision.Machine.Linux.Live;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.OnLinux;

/// <summary>Changes to real files: none goes through a link, and none changes more than it was asked to.</summary>
public sealed class LinuxChangesTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly LinuxChanges _changes;

    public LinuxChangesTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "It is about files of Linux.");
        Sh("mkdir -p machine/etc machine/tmp outside/folder; echo precious >outside/file; echo precious >outside/folder/file");
        _changes = new LinuxChanges(_scratch["machine"]);
    }

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_file_a_link_and_a_folder_are_removed_and_what_links_lead_to_stays()
    {
        Sh("""
            cd machine/tmp; echo x >file; ln -s ../../outside/folder link; ln -s nowhere dangling; mkfifo pipe
            mkdir -p folder/deep/er; echo x >folder/deep/er/file; ln -s ../../../outside/folder folder/link; ln -s ../../../outside/file folder/deep/link
            """);
        foreach (var name in (string[])["file", "link", "dangling", "pipe", "folder", "nothing"])
        {
            _changes.Remove("/tmp/" + name);
        }
        _changes.Remove("/nothing/at/all");
        Assert.Equal("", Sh("ls -A machine/tmp"));
        Assert.Equal("precious\nprecious", Sh("cat outside/file outside/folder/file"));
    }

    [Fact]
    public void Names_need_not_be_text()
    {
        Sh("""
            cd machine/tmp; mkdir -p "$(printf 'a\377b')/$(printf '\n\033[31m')"; echo x >"$(printf 'a\377b')/$(printf '\n\033[31m')/$(printf '\376')"; echo x >"$(printf '\377')"
            """);
        _changes.RemoveBelow("/tmp", _ => false);
        Assert.Equal("", Sh("ls -A machine/tmp"));
    }

    [Fact]
    public void No_part_of_a_path_may_be_a_link()
    {
        Sh("ln -s ../../outside machine/tmp/link; ln -s ../../outside/file machine/etc/link");
        Assert.Equal(ErrorId.WriteFailed, Assert.Throws<AibException>(() => _changes.Remove("/tmp/link/file")).Id);
        Assert.Equal(ErrorId.WriteFailed, Assert.Throws<AibException>(() => _changes.Empty("/tmp/link/file")).Id);
        Assert.Equal(ErrorId.WriteFailed, Assert.Throws<AibException>(() => _changes.RemoveBelow("/tmp/link", _ => false)).Id);
        Assert.Equal(ErrorId.WriteFailed, Assert.Throws<AibException>(() => _changes.Empty("/etc/link")).Id);
        Assert.Equal(ErrorId.WriteFailed, Assert.Throws<AibException>(() => _changes.EditLines("/etc/link", _ => [])).Id);
        Assert.Equal("precious\nprecious", Sh("cat outside/file outside/folder/file"));
    }

    [Fact]
    public void Of_a_temporary_folder_sockets_and_what_is_to_stay_stay()
    {
        Sh("cd machine/tmp; mkdir -p a/b c empty; echo x >a/b/stays; echo x >a/goes; echo x >script_1; ln -s /etc c/link");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(_scratch["machine", "tmp", "socket"]));
        List<string> asked = [];
        _changes.RemoveBelow("/tmp", path =>
        {
            asked.Add(path);
            return path is "/tmp/a/b/stays" or "/tmp/script_1";
        });
        Assert.Equal("a\na/b\na/b/stays\nscript_1\nsocket", Sh("cd machine/tmp; find . -mindepth 1 | cut -c 3- | LC_ALL=C sort"));
        Assert.Equal(["/tmp/a/b/stays", "/tmp/a/goes", "/tmp/c/link", "/tmp/script_1"], asked.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_is_nested_without_end_is_an_error_and_no_crash()
    {
        Sh("cd machine/tmp; i=0; while [ $i -lt 600 ]; do mkdir d && cd d || exit; i=$((i + 1)); done");
        Assert.Contains("nested too deeply", Assert.Throws<AibException>(() => _changes.Remove("/tmp/d")).Message, StringComparison.Ordinal);
        Sh("rm -rf machine/tmp/d");
    }

    [Fact]
    public void A_file_that_is_emptied_or_edited_keeps_its_mode_and_its_other_bytes()
    {
        Sh("printf 'one\\r\\ntw\\344\\r\\nthree\\n' >machine/etc/latin1; chmod 440 machine/etc/latin1; echo log >machine/etc/log; chmod 604 machine/etc/log; ln machine/etc/latin1 machine/etc/second");
        _changes.EditLines("/etc/latin1", lines =>
        {
            Assert.Equal(["one\r", "tw\u00e4\r", "three", ""], lines);
            return lines.Skip(1).Append("four\n");
        });
        _changes.Empty("/etc/log");
        Assert.Equal("tw344\\r\\nthree\\n\\nfour\\n", Sh("od -An -c -v machine/etc/second | tr -d ' \\n'"));
        Assert.Equal("440 604 0", Sh("echo $(stat -c %a machine/etc/latin1 machine/etc/log) $(stat -c %s machine/etc/log)"));
        _changes.Empty("/etc/nothing");
        Sh("mkfifo machine/etc/pipe");
        Assert.Equal(ErrorId.WriteFailed, Assert.Throws<AibException>(() => _changes.Empty("/etc/pipe")).Id);
        Assert.Equal(ErrorId.WriteFailed, Assert.Throws<AibException>(() => _changes.EditLines("/etc/pipe", lines => lines)).Id);
        Assert.Equal(ErrorId.WriteFailed, Assert.Throws<AibException>(() => _changes.EditLines("/etc/nothing", lines => lines)).Id);
    }

    [Fact]
    public void What_is_there_is_not_made_again()
    {
        _changes.Create("/etc/a/b/new", "text\n");
        _changes.Link("/etc/link", "../run/x");
        Assert.Equal("text\n../run/x", Sh("cat machine/etc/a/b/new; readlink machine/etc/link"));
        Assert.Equal(ErrorId.WriteFailed, Assert.Throws<AibException>(() => _changes.Create("/etc/a/b/new", "")).Id);
        Assert.Equal(ErrorId.WriteFailed, Assert.Throws<AibException>(() => _changes.Link("/etc/link", "other")).Id);
        _changes.RemoveEmptyFolder("/etc/a");
        _changes.Remove("/etc/a/b/new");
        _changes.RemoveEmptyFolder("/etc/a/b");
        Assert.Equal("a\nlink", Sh("ls machine/etc"));
    }

    private string Sh(string commands)
    {
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-ec", commands.ReplaceLineEndings("\n")]) { WorkingDirectory = _scratch.Path, RedirectStandardOutput = true })!;
        var output = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
        return output.TrimEnd('\n');
    }
}
