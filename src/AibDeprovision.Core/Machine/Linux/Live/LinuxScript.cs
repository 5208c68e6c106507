using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using AibDeprovision.Errors;
using AibDeprovision.Machine.Linux.Native;

namespace AibDeprovision.Machine.Linux.Live;

/// <summary>Runs a script by /bin/sh on this machine (see <see cref="ILinuxMachine.RunScript"/>).</summary>
internal static class LinuxScript
{
    /// <summary>For one that was asked to end: it puts back what it has taken.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);

    /// <summary>For what is left in the pipe of one that has ended: others that it has started may still hold it.</summary>
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    /// <summary>Runs one.</summary>
    public static int? Run(string script, Action<string> line, TimeSpan limit, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var folder = MakeFolder();
        try
        {
            var file = folder + "/deprovision.sh";
            File.WriteAllBytes(file, Encoding.UTF8.GetBytes(script));
            return RunFile(file, line, limit, cancel);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or Win32Exception)
        {
            throw new AibException(ErrorId.WriteFailed, $"The script could not be run from {folder}: {e.Message}", "Look whether there is space in /run, and a /bin/sh.", folder, e);
        }
        finally
        {
            Remove(folder);
        }
    }

    // Of a name that nobody knows before, and closed to others before anything is in it.
    private static string MakeFolder()
    {
        var folder = $"{(Directory.Exists("/run") ? "/run" : "/var/lib")}/aib-deprovision-{Guid.NewGuid():N}";
        try
        {
            Directory.CreateDirectory(folder);
            return Libc.Chmod(LinuxNames.BytesOf(folder), 0x1C0) == 0 ? folder : throw new Win32Exception(System.Runtime.InteropServices.Marshal.GetLastWin32Error());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or Win32Exception)
        {
            throw new AibException(ErrorId.WriteFailed, $"No folder for the script could be made: {e.Message}", "Look whether there is space in /run.", folder, e);
        }
    }

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // /run does not outlive the machine.
        }
    }

    private static int? RunFile(string file, Action<string> line, TimeSpan limit, CancellationToken cancel)
    {
        var start = new ProcessStartInfo("/bin/sh", ProcessArguments.Join(["-c", "exec /bin/sh \"$0\" 2>&1", file]))
        {
            UseShellExecute = false,
            WorkingDirectory = "/",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        using var lines = new BlockingCollection<string>();
        using var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, e) => Take(lines, e.Data);
        process.Start();
        // Where this process is asked to end, the script is not to go on alone.
        void End(object? sender, EventArgs e) => LinuxPrograms.End(process, Grace);
        AppDomain.CurrentDomain.ProcessExit += End;
        try
        {
            process.StandardInput.Close();
            process.BeginOutputReadLine();
            var clock = Stopwatch.StartNew();
            var sinceEnd = new Stopwatch();
            while (!lines.IsCompleted && sinceEnd.Elapsed < Drain)
            {
                if (lines.TryTake(out var text, Look))
                {
                    line(text);
                }
                else if (process.HasExited)
                {
                    sinceEnd.Start();
                }
                if (cancel.IsCancellationRequested || clock.Elapsed > limit)
                {
                    LinuxPrograms.End(process, Grace);
                    cancel.ThrowIfCancellationRequested();
                    return null;
                }
            }
            process.WaitForExit((int)Grace.TotalMilliseconds);
            return process.HasExited ? process.ExitCode : null;
        }
        finally
        {
            AppDomain.CurrentDomain.ProcessExit -= End;
            if (!process.HasExited)
            {
                LinuxPrograms.End(process, Grace);
            }
        }
    }

    private static void Take(BlockingCollection<string> lines, string? text)
    {
        try
        {
            if (text is null)
            {
                lines.CompleteAdding();
            }
            else
            {
                lines.Add(text);
            }
        }
        catch (Exception e) when (e is ObjectDisposedException or InvalidOperationException)
        {
            // It comes after the end.
        }
    }
}
