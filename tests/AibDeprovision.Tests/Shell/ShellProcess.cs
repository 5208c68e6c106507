using System.Diagnostics;
using System.Reflection;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Shell;

/// <summary>What a run of the shell left behind.</summary>
internal sealed record ShellRun(int ExitCode, string Output, string Errors);

/// <summary>The built shell, running as a process. No run outlives its time limit.</summary>
internal sealed class ShellProcess : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _limit = new(s_limit);
    private readonly Process _process;
    private readonly Task<string> _errors;

    private ShellProcess(string folder, string[] arguments)
    {
        // A test run that was started in the background ignores SIGINT, and so would all that it starts: env undoes that.
        string[] program = OperatingSystem.IsLinux() ? ["env", "--default-signal=INT", "dotnet"] : ["dotnet"];
        var start = new ProcessStartInfo(program[0], [.. program[1..], "exec", Path.Combine(folder, "AibDeprovision.Shell.dll"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync(_limit.Token);
    }

    /// <summary>The folder that the build put the shell into.</summary>
    public static string Folder { get; } = Repository.PathOf("src", "AibDeprovision.Shell", "bin", Configuration, "net10.0");

    private static string Configuration =>
        typeof(ShellProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static a => a.Key == "Configuration").Value!;

    /// <summary>Runs the shell to its end, with nothing on its standard input.</summary>
    public static Task<ShellRun> RunAsync(params string[] arguments) => RunAsync(Folder, "", arguments);

    /// <summary>Runs the shell of a folder to its end, with a text on its standard input.</summary>
    public static async Task<ShellRun> RunAsync(string folder, string input, string[] arguments)
    {
        using var shell = new ShellProcess(folder, arguments);
        shell.Write(input);
        return await shell.EndAsync();
    }

    /// <summary>Starts the shell and leaves it running.</summary>
    public static ShellProcess Start(params string[] arguments) => new(Folder, arguments);

    /// <summary>Writes to its standard input.</summary>
    public void Write(string input)
    {
        _process.StandardInput.Write(input);
        _process.StandardInput.Flush();
    }

    /// <summary>Waits for a line of its standard output.</summary>
    public async Task WaitForLineAsync(string expected)
    {
        while (await _process.StandardOutput.ReadLineAsync(_limit.Token) is { } line)
        {
            if (line == expected)
            {
                return;
            }
        }
        Assert.Fail($"The shell ended without the line '{expected}': {await _errors}");
    }

    /// <summary>Sends it a signal by the name that kill knows.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -{name} {_process.Id}"]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>Closes its input and waits for its end; gives what it wrote that was not yet read.</summary>
    public async Task<ShellRun> EndAsync()
    {
        _process.StandardInput.Close();
        var output = await _process.StandardOutput.ReadToEndAsync(_limit.Token);
        await _process.WaitForExitAsync(_limit.Token);
        return new ShellRun(_process.ExitCode, output, await _errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }
        _process.Dispose();
        _limit.Dispose();
    }
}
