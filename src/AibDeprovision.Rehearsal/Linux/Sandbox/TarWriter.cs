using System.Text;
using AibDeprovision.Machine.Linux;

namespace AibDeprovision.Rehearsal.Linux.Sandbox;

/// <summary>Writes a <see cref="ScratchMachine"/> as a tar archive, in the form of GNU tar, which has no limit on names.</summary>
internal static class TarWriter
{
    private const int Block = 512;

    /// <summary>Writes every entry, and the two empty blocks that end an archive.</summary>
    public static void Write(ScratchMachine machine, Stream stream)
    {
        // A pipe or socket means nothing without the processes at its ends.
        foreach (var pair in machine.Files.Where(pair => pair.Value.Kind != MachineFileKind.Special))
        {
            WriteEntry(stream, pair.Key.Substring(1), pair.Value);
        }
        stream.Write(new byte[2 * Block], 0, 2 * Block);
    }

    private static void WriteEntry(Stream stream, string name, MachineFile file)
    {
        var type = file.Kind switch
        {
            MachineFileKind.File => '0',
            MachineFileKind.Link => '2',
            MachineFileKind.Folder => '5',
            _ => throw new ArgumentException($"'{name}' is neither a file nor a folder nor a link.", nameof(file)),
        };
        var path = Encoding.UTF8.GetBytes(name);
        var target = Encoding.UTF8.GetBytes(file.Target);
        WriteLong(stream, 'L', path);
        WriteLong(stream, 'K', target);
        WriteHeader(stream, type, path, target, file.Mode, file.Content.Length);
        WritePadded(stream, file.Content);
    }

    /// <summary>A name that does not fit into the header stands as an entry of its own before it.</summary>
    private static void WriteLong(Stream stream, char type, byte[] name)
    {
        if (name.Length >= 100)
        {
            WriteHeader(stream, type, Encoding.ASCII.GetBytes("././@LongLink"), [], 0, name.Length + 1);
            WritePadded(stream, [.. name, 0]);
        }
    }

    private static void WriteHeader(Stream stream, char type, byte[] name, byte[] target, int mode, int size)
    {
        var header = new byte[Block];
        Array.Copy(name, header, Math.Min(name.Length, 100));
        PutOctal(header, 100, 8, mode);
        PutOctal(header, 108, 8, 0);
        PutOctal(header, 116, 8, 0);
        PutOctal(header, 124, 12, size);
        PutOctal(header, 136, 12, 0);
        header[156] = (byte)type;
        Array.Copy(target, 0, header, 157, Math.Min(target.Length, 100));
        Encoding.ASCII.GetBytes("ustar  ").CopyTo(header, 257);
        // The sum is made with blanks in its own place.
        Encoding.ASCII.GetBytes("        ").CopyTo(header, 148);
        PutOctal(header, 148, 7, header.Sum(value => value));
        stream.Write(header, 0, Block);
    }

    private static void PutOctal(byte[] header, int at, int width, int value)
    {
        var digits = Convert.ToString(value, 8).PadLeft(width - 1, '0');
        Encoding.ASCII.GetBytes(digits).CopyTo(header, at);
        header[at + width - 1] = 0;
    }

    private static void WritePadded(Stream stream, byte[] content)
    {
        stream.Write(content, 0, content.Length);
        var rest = (Block - (content.Length % Block)) % Block;
        stream.Write(new byte[rest], 0, rest);
    }
}
