using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using AibDeprovision.Machine.Linux.Native;

namespace AibDeprovision.Machine.Linux;

/// <summary>What the host says of a path, without opening anything.</summary>
internal static class FileStatus
{
    private const int NotPermitted = 1;
    private const int NotAFolder = 20;
    private const int NoSuchCall = 38;

    private static volatile bool s_hasStatx = !Host.IsWindows;

    /// <summary>Whether pipes and devices can be told from empty files here.</summary>
    public static bool KnowsKinds => s_hasStatx;

    /// <summary>What stands at a path of this host, of a link the link itself; null where nothing does.</summary>
    /// <exception cref="Win32Exception">The system does not say.</exception>
    /// <exception cref="IOException">The system does not say.</exception>
    /// <exception cref="UnauthorizedAccessException">The system does not say.</exception>
    public static LinuxFile? Of(string path)
    {
        if (s_hasStatx)
        {
            try
            {
                return ByStatx(path);
            }
            catch (EntryPointNotFoundException)
            {
                // A C library older than 2018, or none of Linux's.
                s_hasStatx = false;
            }
            catch (Win32Exception e) when (e.NativeErrorCode is NoSuchCall or NotPermitted)
            {
                // An old kernel, or a container that allows only calls it knows.
                s_hasStatx = false;
            }
        }
        return ByAttributes(path);
    }

    /// <summary>The file system of an open file or folder, as a number of this session's; 0 where the system does not say.</summary>
    public static ulong FileSystemOf(int descriptor)
    {
        var status = new byte[256];
        return s_hasStatx && Libc.Statx(descriptor, [0], Libc.OfTheDescriptor, Libc.TypeOwnerTimeAndSize, status) == 0 ? BitConverter.ToUInt64(status, 136) : MountOf(descriptor);
    }

    // By proc_pid_fdinfo(5); as good, where only what is mounted has to be told apart.
    private static ulong MountOf(int descriptor)
    {
        const string Key = "mnt_id:";
        try
        {
            var line = File.ReadLines(FormattableString.Invariant($"/proc/self/fdinfo/{descriptor}")).FirstOrDefault(l => l.StartsWith(Key, StringComparison.Ordinal));
            return ulong.TryParse(line?.Substring(Key.Length).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var mount) ? mount : 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    // One a thread: there may be millions of files.
    [ThreadStatic]
    private static byte[]? s_status;

    private static LinuxFile? ByStatx(string path)
    {
        var status = s_status ??= new byte[256];
        if (Libc.Statx(Libc.CurrentFolder, LinuxNames.BytesOf(path), Libc.OfTheLinkItself, Libc.TypeOwnerTimeAndSize, status) != 0)
        {
            var error = Marshal.GetLastWin32Error();
            return error is Libc.NoSuchFile or NotAFolder ? null : throw new Win32Exception(error);
        }
        var kind = (BitConverter.ToUInt16(status, 28) & 0xF000) switch
        {
            0x8000 => MachineFileKind.File,
            0x4000 => MachineFileKind.Folder,
            0xA000 => MachineFileKind.Link,
            _ => MachineFileKind.Special,
        };
        return new LinuxFile(kind, BitConverter.ToInt64(status, 40))
        {
            Modified = TimeOf(BitConverter.ToInt64(status, 112), BitConverter.ToUInt32(status, 120)),
            FileSystem = BitConverter.ToUInt64(status, 136),
            Owner = BitConverter.ToUInt32(status, 20),
        };
    }

    // The time in an image can be anything.
    private static DateTimeOffset? TimeOf(long seconds, uint nanoseconds) =>
        seconds is >= 0 and < 253402300799 ? DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(nanoseconds / 100) : null;

    private static LinuxFile? ByAttributes(string path)
    {
        FileAttributes attributes;
        try
        {
            attributes = File.GetAttributes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        return attributes.HasFlag(FileAttributes.ReparsePoint) ? new LinuxFile(MachineFileKind.Link, 0)
            : attributes.HasFlag(FileAttributes.Directory) ? new LinuxFile(MachineFileKind.Folder, 0)
            : new LinuxFile(MachineFileKind.File, new FileInfo(path).Length) { Modified = new DateTimeOffset(File.GetLastWriteTimeUtc(path)) };
    }
}
