using AibDeprovision.Tests.Engine;
using AibDeprovision.Tests.LinuxBed;

namespace AibDeprovision.Tests.Session;

/// <summary>What only a session of the real PowerShell shows, started as a person or a pipeline starts it: its streams and its exit code.</summary>
public sealed class SessionTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>The module is found by its name, as where it is installed.</summary>
    private static readonly Dictionary<string, string> Installed =
        new(Pwsh.Environment, StringComparer.Ordinal) { ["PSModulePath"] = Path.GetDirectoryName(Repository.StagedModule)! };

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_cmdlet_loads_the_module_by_itself()
    {
        var run = Run("-Command", "(New-AibDeprovisionScript Linux).TargetPath; (Get-Module).Name");
        Assert.Equal((0, "/tmp/DeprovisioningScript.sh|AibDeprovision", ""), (run.ExitCode, string.Join('|', run.Output), run.Error));
    }

    [Fact]
    public void An_error_names_the_cmdlet_says_what_to_do_and_leaves_the_output_clean()
    {
        var run = Run("-Command", "'before'; New-AibDeprovisionScript Windows -Deadline 99h; 'after'");

        Assert.Equal((0, "before|after"), (run.ExitCode, string.Join('|', run.Output)));
        Assert.StartsWith("New-AibDeprovisionScript:", run.Error, StringComparison.Ordinal);
        Assert.Contains("Correct the value of -Deadline.", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at AibDeprovision", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("New-AibDeprovisionScript Windows -Deadline 99h", 0)]
    [InlineData("$ErrorActionPreference = 'Stop'; New-AibDeprovisionScript Windows -Deadline 99h", 1)]
    [InlineData("if (-not (New-AibDeprovisionScript Windows -Profile Generic | Invoke-AibDeprovisionRehearsal -Scenario agent-missing -Quiet)) { exit 3 }", 3)]
    public void A_script_file_ends_with_an_error_only_where_it_says_so(string text, int exitCode)
    {
        File.WriteAllText(_scratch["script.ps1"], text + "\n'went on'\n");

        var run = Run("-File", _scratch["script.ps1"]);

        Assert.Equal((exitCode, exitCode == 0), (run.ExitCode, run.Output.Contains("went on")));
    }

    [Fact]
    public void A_question_that_nobody_can_answer_is_an_error_and_changes_nothing()
    {
        Directory.CreateDirectory(_scratch["tmp"]);

        var run = Run("-Command", $"New-AibDeprovisionScript Linux | Install-AibDeprovisionScript -Root '{_scratch.Path}' -Confirm");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("NonInteractive", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_scratch.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Ctrl_C_ends_a_rehearsal_of_thousands_and_what_comes_after_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Ctrl+C is sent with kill.");
        // What a test run in the background starts ignores SIGINT, unless told.
        string[] words = ["env", "--default-signal=INT", .. Pwsh.Words(
            "-Command", "New-AibDeprovisionScript Windows | Invoke-AibDeprovisionRehearsal -Count 1000000 -Seed 1 | ForEach-Object { 'result' }; 'never'")];
        using var process = BedProcess.Start(words, Installed);
        using var limit = new CancellationTokenSource(Limit);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            Assert.Equal("result", await process.StandardOutput.ReadLineAsync(limit.Token));
            var kill = BedProcess.Run(["kill", "-INT", $"{process.Id}"], Limit);
            Assert.Equal(0, kill.ExitCode);

            var rest = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);

            Assert.DoesNotContain("never", rest, StringComparison.Ordinal);
            Assert.NotEqual(0, process.ExitCode);
            Assert.Equal("", await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static BedRun Run(params string[] arguments) => BedProcess.Run(Pwsh.Words(arguments), Limit, "", Installed);
}
