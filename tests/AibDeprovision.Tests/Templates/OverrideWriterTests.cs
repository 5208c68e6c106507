using AibDeprovision.Plans;
using AibDeprovision.Scripts;
using AibDeprovision.Templates.Steps;
using AibDeprovision.Tests.Engine;
using AibDeprovision.Tests.LinuxBed;

namespace AibDeprovision.Tests.Templates;

/// <summary>The lines of an inline step, run: the file that results is the script, byte for byte.</summary>
public sealed class OverrideWriterTests : IDisposable
{
    private const string Hook = "echo 'it''s' \"$HOME\" `id` %PATH% {{user}} ${x} \\\r\n[x]\n'@\n\"@\nEOF\n";

    private readonly ScratchFolder _scratch = new();

    private string Target => _scratch["it's here"];

    public void Dispose() => _scratch.Dispose();

    public static TheoryData<string, DeprovisionPlan> Cases
    {
        get
        {
            var data = new TheoryData<string, DeprovisionPlan>();
            foreach (var shell in (string[])["dash -e", "bash", "bash --posix -e", "busybox sh -e"])
            {
                data.Add(shell, new DeprovisionPlan { Platform = DeprovisionPlatform.Linux });
                data.Add(shell, new DeprovisionPlan { Platform = DeprovisionPlatform.Linux, BeforeScript = Hook });
                data.Add(shell, new DeprovisionPlan { Platform = DeprovisionPlatform.Linux, Profile = DeprovisionProfile.Generic });
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_shell_writes_the_script(string shell, DeprovisionPlan plan)
    {
        RequireShell(shell);
        File.WriteAllText(Target, "the default");
        var script = ScriptGenerator.Generate(plan);

        var run = RunLinux(shell, OverrideWriter.Lines(script, Target));

        Assert.Equal($">>> AibDeprovision customizer: wrote {Target} (SHA-256 {script.Sha256})", Assert.Single(run.Output));
        Assert.Equal(("", 0), (run.Error, run.ExitCode));
        Assert.Equal(script.GetBytes(), File.ReadAllBytes(Target));
        Assert.Equal([Path.GetFileName(Target)], Directory.EnumerateFileSystemEntries(_scratch.Path).Select(Path.GetFileName));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute,
            OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(Target));
    }

    [Theory]
    [InlineData("dash -e")]
    [InlineData("bash")]
    [InlineData("busybox sh -e")]
    public void A_shell_that_cannot_write_it_says_so_and_fails_the_build(string shell)
    {
        RequireShell(shell);
        Directory.CreateDirectory(Target);
        var lines = OverrideWriter.Lines(ScriptGenerator.Generate(new DeprovisionPlan { Platform = DeprovisionPlatform.Linux }), Target);

        var run = RunLinux(shell, lines);

        Assert.Equal($">>> AibDeprovision customizer: {Target} is not in place: a folder has its name", Assert.Single(run.Output));
        Assert.Equal(1, run.ExitCode);
        Assert.Empty(Directory.EnumerateFiles(_scratch.Path));
    }

    [Theory]
    [InlineData("dash -e")]
    [InlineData("busybox sh -e")]
    public void A_line_that_was_damaged_on_the_way_fails_the_build(string shell)
    {
        RequireShell(shell);
        var lines = OverrideWriter.Lines(ScriptGenerator.Generate(new DeprovisionPlan { Platform = DeprovisionPlatform.Linux }), Target);
        var damaged = lines.Select((line, i) => i == 5 ? line.Replace("BASE64'", "BASE64'QUFB", StringComparison.Ordinal) : line).ToArray();
        Assert.NotEqual(lines, damaged);

        var run = RunLinux(shell, damaged);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("is not in place: it does not hold what was written to it", Assert.Single(run.Output), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(Hook)]
    public void PowerShell_writes_the_script(string hook)
    {
        File.WriteAllText(Target, "the default");
        File.SetAttributes(Target, FileAttributes.ReadOnly);
        var script = ScriptGenerator.Generate(new DeprovisionPlan { BeforeScript = hook });

        var run = RunPowerShell(OverrideWriter.Lines(script, Target));

        Assert.Equal($">>> AibDeprovision customizer: wrote {Target} (SHA-256 {script.Sha256})", Assert.Single(run.Output));
        Assert.Equal(("", 0), (run.Error, run.ExitCode));
        Assert.Equal(script.GetBytes(), File.ReadAllBytes(Target));
    }

    [Fact]
    public void PowerShell_that_cannot_write_it_says_so_and_fails_the_build()
    {
        Directory.CreateDirectory(Target);

        var run = RunPowerShell(OverrideWriter.Lines(ScriptGenerator.Generate(new DeprovisionPlan()), Target));

        Assert.StartsWith($">>> AibDeprovision customizer: {Target} is not in place: ", Assert.Single(run.Output), StringComparison.Ordinal);
        Assert.Equal(1, run.ExitCode);
    }

    private static void RequireShell(string shell)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "It needs Linux.");
        var program = shell.Split(' ')[0];
        Assert.SkipUnless(Toolbox.Has(program), Toolbox.Missing(program));
    }

    /// <summary>As Packer does: the lines in a file, each with a line feed.</summary>
    private static BedRun RunLinux(string shell, string[] lines)
    {
        using var elsewhere = new ScratchFolder();
        File.WriteAllText(elsewhere["script.sh"], string.Concat(lines.Select(line => line + "\n")));
        return BedProcess.Run([.. shell.Split(' '), elsewhere["script.sh"]], TimeSpan.FromMinutes(1));
    }

    /// <summary>As Packer does: in the real PowerShell, as a file, from a command line that passes on the exit code.</summary>
    private static BedRun RunPowerShell(string[] lines)
    {
        using var elsewhere = new ScratchFolder();
        var file = elsewhere["script.ps1"];
        File.WriteAllText(file, string.Concat(lines.Select(line => line + "\n")));
        return BedProcess.Run(Pwsh.Words("-Command", $"& {{ & '{file}'; exit $LastExitCode }}"), TimeSpan.FromMinutes(2), environment: Pwsh.Environment);
    }
}
