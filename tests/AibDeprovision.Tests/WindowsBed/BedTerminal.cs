using System.Diagnostics;
using System.Text;

namespace AibDeprovision.Tests.WindowsBed;

/// <summary>pwsh of the Windows bed with somebody at its terminal, which 'script' makes.</summary>
public sealed class BedTerminal : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly StringBuilder _screen = new();

    /// <summary>Starts it with a first command, after which it gives a prompt.</summary>
    /// <param name="bed">The path of tests/beds/wine.sh.</param>
    /// <param name="machine">The name of the machine.</param>
    /// <param name="command">The command, without double quotes.</param>
    public BedTerminal(string bed, string machine, string command)
    {
        // Wine wants Enter as the key it is, and key by key. PSReadLine takes a line that comes all at once for one that is pasted.
        // The shell gives way to pwsh: one that stayed would get the Ctrl+C too, and some end with it.
        var line = $"stty -icrnl -icanon -echo; exec '{bed}' pwsh -NoLogo -NoProfile -NoExit -Command \"Remove-Module PSReadLine -ErrorAction Ignore; {command}\"";
        var start = new ProcessStartInfo("script", ["-qec", line, "/dev/null"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["BED_MACHINE"] = machine;
        _process = Process.Start(start)!;
        _ = Task.Run(Read);
    }

    /// <summary>All that was shown so far.</summary>
    public string Screen
    {
        get
        {
            lock (_screen)
            {
                return _screen.ToString();
            }
        }
    }

    /// <summary>Presses keys.</summary>
    public void Type(string keys)
    {
        _process.StandardInput.Write(keys);
        _process.StandardInput.Flush();
    }

    /// <summary>Waits until a text is shown.</summary>
    public void WaitFor(string text) =>
        Assert.True(SpinWait.SpinUntil(() => Screen.Contains(text, StringComparison.Ordinal), s_limit), $"'{text}' does not come; what came: {Screen}");

    /// <summary>Waits for the end of pwsh.</summary>
    public int WaitForExit()
    {
        Assert.True(_process.WaitForExit(s_limit), $"pwsh does not end; what came: {Screen}");
        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }
        _process.Dispose();
    }

    private void Read()
    {
        var characters = new char[1024];
        for (int count; (count = _process.StandardOutput.Read(characters)) > 0;)
        {
            lock (_screen)
            {
                _screen.Append(characters, 0, count);
            }
        }
    }
}
