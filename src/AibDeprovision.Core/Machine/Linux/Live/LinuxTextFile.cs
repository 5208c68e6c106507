using System.Text;
using AibDeprovision.Errors;
using AibDeprovision.Machine.Linux.Native;

namespace AibDeprovision.Machine.Linux.Live;

/// <summary>Settings of this machine that are changed in place.</summary>
internal static class LinuxTextFile
{
    private const int ReadableByAll = 0x1A4;
    private const int Permissions = 0xFFF;

    // A byte a letter: what is not touched stays as it is, whatever encoding it has.
    private static readonly Encoding Bytes = Encoding.GetEncoding("iso-8859-1");

    /// <summary>See <see cref="ILinuxSystem.EditLines"/>.</summary>
    public static void EditLines(string path, Func<string, string?> edit)
    {
        if (FileStatus.Of(path) is not { Kind: MachineFileKind.File })
        {
            throw new AibException(ErrorId.LinkInPath, $"'{path}' is no regular file, and what a link leads to is not changed.", "Change it by hand.", path);
        }
        AtomicFile.Translate(path, () =>
        {
            var lines = Bytes.GetString(File.ReadAllBytes(path)).Split('\n').Select(edit).Where(line => line is not null);
            AtomicFile.Write(path, Bytes.GetBytes(string.Join("\n", lines)), overwrite: true, ModeOf(path));
        });
    }

    private static int ModeOf(string path)
    {
        var status = new byte[256];
        return Libc.Statx(Libc.CurrentFolder, LinuxNames.BytesOf(path), Libc.OfTheLinkItself, Libc.TypeOwnerTimeAndSize, status) == 0
            ? BitConverter.ToUInt16(status, 28) & Permissions
            : ReadableByAll;
    }
}
