using System.Management.Automation.Language;
using System.Text.RegularExpressions;
using AibDeprovision.Tests.Engine;
using AibDeprovision.Tests.LinuxBed;

namespace AibDeprovision.Tests.Session;

/// <summary>README is held to its word: its commands are those that CI runs, and its examples run as they stand.</summary>
public sealed class ReadmeTests
{
    private static readonly string Text = File.ReadAllText(Repository.PathOf("README.md")).ReplaceLineEndings("\n");

    /// <summary>The code in blocks of a language; "" are commands for any shell.</summary>
    private static string[] Blocks(string language) =>
        [.. Regex.Matches(Text, "^```(\\w*)\n(.*?)^```\n", RegexOptions.Multiline | RegexOptions.Singleline).Where(m => m.Groups[1].Value == language).Select(m => m.Groups[2].Value)];

    [Fact]
    public void It_has_two_commands_of_one_line_each_that_any_shell_takes_alike()
    {
        var commands = Blocks("");
        Assert.Equal(2, commands.Length);
        Assert.All(commands, command => Assert.Matches(@"\Adotnet tool exec PowerShell --yes -- -NoProfile -File \./build\.ps1 -Task \w+\n\z", command));

        var build = Parser.ParseFile(Repository.PathOf("build.ps1"), out _, out var errors);
        Assert.Empty(errors);
        Assert.All(commands, command => Assert.NotNull(build.Find(
            a => a is FunctionDefinitionAst f && f.Name == $"Invoke-{command.Split(' ')[^1].Trim()}Task", searchNestedScriptBlocks: false)));
    }

    [Fact]
    public void CI_runs_both_commands_and_ends_with_the_second_ones_exit_code()
    {
        var run = File.ReadAllLines(Repository.PathOf(".ci", "run"));
        var readme = Assert.Single(run, line => line.StartsWith("readme() {", StringComparison.Ordinal));
        var pattern = Regex.Match(readme, "grep -m 1 -x \"(.*)\\$1\" README.md").Groups[1].Value;
        var commands = Text.Split('\n').Where(line => Regex.IsMatch(line, $"^(?:{pattern}(?:Try|Test))$"));

        Assert.Equal(Blocks("").Select(command => command.Trim()), commands);
        Assert.Equal(["try=$(readme Try)", "test=$(readme Test)", "$try", "exec $test"], run.Where(line => Regex.IsMatch(line, @"readme T|^(exec )?\$\w+$")));

        var workflow = File.ReadAllText(Repository.PathOf(".github", "workflows", "ci.yml"));
        Assert.Contains("bash .ci/run", workflow, StringComparison.Ordinal);
        Assert.All(Blocks(""), command => Assert.Contains($"- run: {command.Trim()}\n        shell: powershell\n", workflow.ReplaceLineEndings("\n"), StringComparison.Ordinal));
    }

    [Fact]
    public void Its_example_runs_as_pasted()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "It installs a script on the Windows machine that it is pasted on.");
        using var scratch = new ScratchFolder();
        Directory.CreateDirectory(scratch["out"]);
        Directory.CreateSymbolicLink(scratch["out", "AibDeprovision"], Repository.StagedModule);
        Directory.CreateDirectory(scratch["image", "tmp"]);
        var example = string.Concat(Blocks("powershell")).Replace("/mnt/image", scratch["image"], StringComparison.Ordinal);
        Assert.Contains(scratch["image"], example, StringComparison.Ordinal);

        var run = BedProcess.Run(Pwsh.Words("-WorkingDirectory", scratch.Path, "-Command", "-"), TimeSpan.FromMinutes(2), example, Pwsh.Environment);

        Assert.True(File.Exists(scratch["DeprovisioningScript.ps1"]), run.ToString());
        Assert.True(File.Exists(scratch["image", "tmp", "DeprovisioningScript.sh"]), run.ToString());
        // Its second example is for the build VM.
        Assert.Contains("this machine does not run Windows", run.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Single(Regex.Matches(run.Error, @"^\S+-\S+: ", RegexOptions.Multiline));
    }
}
