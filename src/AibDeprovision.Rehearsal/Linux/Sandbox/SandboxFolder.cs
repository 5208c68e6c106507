using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using AibDeprovision.Machine;
using AibDeprovision.Machine.Linux.Native;
using AibDeprovision.Rehearsal.Linux.Stubs;

namespace AibDeprovision.Rehearsal.Linux.Sandbox;

/// <summary>
/// The folder on the host from which a sandbox is set up. It belongs to the user as which the sandbox runs; of it the
/// command inside sees the clock only, and that it cannot change.
/// </summary>
internal sealed class SandboxFolder : IDisposable
{
    /// <summary>The user without rights as which root runs the sandbox; another user runs it as himself.</summary>
    public const uint Nobody = 65534;

    private SandboxFolder()
    {
    }

    /// <summary>The folder.</summary>
    public string FolderPath { get; } = Path.Combine(Path.GetTempPath(), "aib-rehearsal-" + Guid.NewGuid().ToString("N"));

    /// <summary>The files of the clock.</summary>
    public string ClockPath => Path.Combine(FolderPath, "clock");

    private string MachinePath => Path.Combine(FolderPath, "machine");

    /// <summary>Makes the folder with what setup.sh needs.</summary>
    public static SandboxFolder Create(ScratchMachine machine, bool withClock)
    {
        var folder = new SandboxFolder();
        try
        {
            folder.Fill(machine, withClock);
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Directory.Delete(FolderPath, recursive: true);
        }
        catch (IOException)
        {
            // A folder that is left in the temporary folder harms nobody; a rehearsal without a result would.
        }
    }

    private void Fill(ScratchMachine machine, bool withClock)
    {
        Directory.CreateDirectory(FolderPath);
        Directory.CreateDirectory(ClockPath);
        Directory.CreateDirectory(MachinePath);
        Write("setup.sh", Stub.Load("setup"));
        Write("programs", string.Concat(HostPrograms.OfThisHost.Programs.Select(path => path.TrimStart('/') + "\n")));
        Write("mounts", MountTable.Build(MachinePath, withClock ? ClockPath : null));
        if (withClock)
        {
            Write("clock/uptime", "");
            Write("clock/now", "");
        }
        using (var archive = File.Create(Path.Combine(FolderPath, "machine.tar")))
        {
            TarWriter.Write(machine, archive);
        }
        HandOver();
    }

    private void Write(string name, string content) =>
        File.WriteAllText(Path.Combine(FolderPath, name), content, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));

    private void HandOver()
    {
        Check(Libc.Chmod(Bytes(FolderPath), AtomicFile.OwnerOnly));
        if (Libc.Geteuid() == 0)
        {
            foreach (var entry in Directory.EnumerateFileSystemEntries(FolderPath, "*", SearchOption.AllDirectories).Concat([FolderPath]))
            {
                Check(Libc.Lchown(Bytes(entry), Nobody, Nobody));
            }
        }
    }

    private static void Check(int result)
    {
        if (result != 0)
        {
            var error = Marshal.GetLastWin32Error();
            throw new Win32Exception(error, $"The folder of the sandbox could not be handed over to the user it runs as: {new Win32Exception(error).Message}");
        }
    }

    private static byte[] Bytes(string path) => Encoding.UTF8.GetBytes(path + "\0");
}
