using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using AibDeprovision.Errors;

namespace AibDeprovision.Machine.Windows.Live;

/// <summary>Runs scripts by the Windows PowerShell of this machine (see <see cref="IWindowsMachine.RunPowerShell"/>).</summary>
internal static class LivePowerShell
{
    /// <summary>For what is left in the pipes of one that has ended: others that it has started may still hold them.</summary>
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(2);

    /// <summary>Runs one.</summary>
    public static PowerShellRun Run(string windowsFolder, string script, TimeSpan limit, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var program = windowsFolder + @"\System32\WindowsPowerShell\v1.0\powershell.exe";
        // As an encoded command it needs no file that somebody else could change, and is bound by no execution policy.
        string[] arguments = ["-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass", "-EncodedCommand", Convert.ToBase64String(Encoding.Unicode.GetBytes(script))];
        var process = new Process
        {
            StartInfo = new ProcessStartInfo(program, ProcessArguments.Join(arguments))
            {
                UseShellExecute = false,
                CreateNoWindow = true,
                WorkingDirectory = windowsFolder,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        // PowerShell 7 leaves its own folders there, which Windows PowerShell cannot use.
        process.StartInfo.EnvironmentVariables.Remove("PSModulePath");
        using var output = new ProgramOutput(process);
        try
        {
            process.Start();
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            throw new AibException(ErrorId.SystemCallFailed, $"{program} could not be started: {e.Message}", "Look whether Windows PowerShell is in the image, and a policy keeps it from running.", program, e);
        }
        process.StandardInput.Close();
        output.Begin();
        var ended = WaitForEnd(process, limit, cancel);
        output.WaitForEnd(ended ? Drain : TimeSpan.Zero);
        return new PowerShellRun(output.Lines, TimedOut: !ended);
    }

    private static bool WaitForEnd(Process process, TimeSpan limit, CancellationToken cancel)
    {
        using var stopping = cancel.Register(() => Kill(process));
        var ended = process.WaitForExit((int)limit.TotalMilliseconds);
        cancel.ThrowIfCancellationRequested();
        if (!ended)
        {
            Kill(process);
        }
        return ended;
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            // It has ended, or is about to.
        }
    }
}
