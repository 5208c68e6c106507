using System.Diagnostics;
using System.Text.RegularExpressions;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Shell;

/// <summary>The shell as a person or a pipeline uses it: started as a process, judged by its streams and its exit code.</summary>
public sealed class ShellTests : IDisposable
{
    /// <summary>A command that fails with advice, by a terminating error or by one that does not terminate.</summary>
    private const string Complain = """
        function Complain {
            [CmdletBinding()] param([switch]$Fatal)
            $record = [Management.Automation.ErrorRecord]::new([Exception]::new('The well is dry.'), 'DryWell', 'InvalidData', 'well')
            $record.ErrorDetails = 'The well is dry.'
            $record.ErrorDetails.RecommendedAction = 'Dig deeper.'
            if ($Fatal) { $PSCmdlet.ThrowTerminatingError($record) }
            $PSCmdlet.WriteError($record)
        }

        """;

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Version_names_the_shell_the_module_and_the_engine()
    {
        var run = await ShellProcess.RunAsync("-Version");
        Assert.Matches(@"^AibDeprovision\.Shell (\d+\.\d+\.\d+)\nAibDeprovision module \1\nPowerShell engine 7\.\d+\.\d+\n$", Lines(run.Output));
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
    }

    [Theory]
    [InlineData("-Help")]
    [InlineData("-h")]
    [InlineData("-?")]
    [InlineData("--help")]
    public async Task Help_says_what_the_engine_lacks_and_what_to_do_instead(string option)
    {
        var run = await ShellProcess.RunAsync(option);
        Assert.Contains("Microsoft.PowerShell.Utility", run.Output);
        Assert.Matches(@"Get-Content -Raw \$path +\[IO\.File\]::ReadAllText\(\$path\)", run.Output);
        Assert.Contains("install pwsh", run.Output);
        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public async Task What_Help_calls_lacking_is_lacking()
    {
        var help = (await ShellProcess.RunAsync("-Help")).Output;
        var lacking = Regex.Matches(help[help.IndexOf("Lacking are", StringComparison.Ordinal)..], @"\b[A-Z][a-z]+-[A-Z]\w+").Select(m => m.Value).ToHashSet();
        Assert.Contains("Get-Content", lacking);

        var names = string.Join(',', lacking.Select(n => $"'{n}'"));
        var run = await ShellProcess.RunAsync("-Command", $"{names} | Where-Object {{ Get-Command $_ -ErrorAction Ignore }}; 'asked'");
        Assert.Equal("asked\n", Lines(run.Output));
    }

    [Fact]
    public async Task Objects_are_formatted_by_the_views_of_the_module()
    {
        var run = await ShellProcess.RunAsync("-Command", "New-AibDeprovisionScript", "Windows");
        Assert.Matches(@"(?m)^TargetPath : C:\\DeprovisioningScript\.ps1\r?$", run.Output);
        Assert.DoesNotContain("\e", run.Output);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
    }

    [Fact]
    public async Task Objects_of_one_type_share_one_table()
    {
        var run = await ShellProcess.RunAsync("-Command", "1..3 | ForEach-Object { [pscustomobject]@{ Alpha = $_; Beta = 'b' } }");
        Assert.Equal("\nAlpha Beta\n----- ----\n    1 b\n    2 b\n    3 b\n\n", Lines(run.Output));
    }

    [Fact]
    public async Task Long_text_breaks_between_words()
    {
        var run = await ShellProcess.RunAsync("-Command", "[pscustomobject]@{ A = 1; B = 2; C = 3; D = 4; Text = 'generalize ' * 30 }");
        var lines = Lines(run.Output).Split('\n').Where(static line => line.Contains("generalize")).ToList();
        Assert.InRange(lines.Count, 3, 5);
        Assert.All(lines, static line => Assert.Matches("^(Text : | {7})(generalize ?)+$", line));
    }

    [Theory]
    [InlineData("-Command")]
    [InlineData("-c")]
    [InlineData("--COMM")]
    public async Task Command_runs_all_that_follows(string option)
    {
        var run = await ShellProcess.RunAsync(option, "1", "+", "2;", "'-File'");
        Assert.Equal((0, "3\n-File\n"), (run.ExitCode, Lines(run.Output)));
    }

    [Fact]
    public async Task Command_reads_standard_input()
    {
        var run = await ShellProcess.RunAsync(ShellProcess.Folder, "if ($true) {\n  (New-AibDeprovisionScript Linux).TargetPath\n}\nexit 4\n", ["-Command", "-"]);
        Assert.Equal((4, "/tmp/DeprovisioningScript.sh\n"), (run.ExitCode, Lines(run.Output)));
    }

    [Fact]
    public async Task The_module_can_be_imported_by_its_name_as_scripts_for_pwsh_do()
    {
        var run = await ShellProcess.RunAsync("-Command", "Import-Module AibDeprovision -ErrorAction Stop; @(Get-Module AibDeprovision).Count");
        Assert.Equal((0, "1\n", ""), (run.ExitCode, Lines(run.Output), run.Errors));
    }

    [Theory]
    [InlineData("exit 7", 7)]
    [InlineData("exit", 0)]
    [InlineData("1..9 | ForEach-Object { if ($_ -eq 2) { exit 201 } }", 201)]
    public async Task Exit_is_honoured_and_what_was_written_before_is_shown(string exit, int exitCode)
    {
        var run = await ShellProcess.RunAsync("-Command", $"[pscustomobject]@{{ Alpha = 'held back' }}; {exit}; 'never'");
        Assert.Equal("\nAlpha\n-----\nheld back\n\n", Lines(run.Output));
        Assert.Equal(exitCode, run.ExitCode);
    }

    [Fact]
    public async Task A_terminating_error_ends_with_1_and_says_what_to_do()
    {
        var run = await ShellProcess.RunAsync("-Command", Complain + "$ErrorActionPreference = 'Stop'; [pscustomobject]@{ Alpha = 1 };\n  Complain -Fatal; 'never'");
        Assert.StartsWith("Complain: The well is dry.\n  Recommendation: Dig deeper.\n", Lines(run.Errors), StringComparison.Ordinal);
        Assert.Contains("\n  At line 10, char 3: Complain -Fatal; 'never'", run.Errors);
        Assert.Contains("  Error id: DryWell,Complain", run.Errors);
        Assert.Equal((1, "\nAlpha\n-----\n    1\n\n"), (run.ExitCode, Lines(run.Output)));
    }

    [Fact]
    public async Task A_thrown_text_ends_with_1()
    {
        var run = await ShellProcess.RunAsync("-Command", "'before'; throw 'out of water'; 'after'");
        Assert.StartsWith("Error: out of water", run.Errors, StringComparison.Ordinal);
        Assert.Equal((1, "before\n"), (run.ExitCode, Lines(run.Output)));
    }

    [Fact]
    public async Task Text_that_is_no_PowerShell_ends_with_1_and_the_place()
    {
        var run = await ShellProcess.RunAsync("-Command", "'before'; 1 )");
        Assert.Contains("At line 1, char 13: 'before'; 1 )", run.Errors);
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
    }

    [Theory]
    [InlineData("Complain; 'after'", 0)]
    [InlineData("'before'; Complain", 1)]
    [InlineData("'before'; Complain -Fatal", 1)]
    public async Task An_error_that_does_not_end_the_command_counts_only_in_the_last_statement(string command, int exitCode)
    {
        var run = await ShellProcess.RunAsync("-Command", Complain + command);
        Assert.Contains("Recommendation: Dig deeper.", run.Errors);
        Assert.Single(Lines(run.Output).TrimEnd().Split('\n'));
        Assert.Equal(exitCode, run.ExitCode);
    }

    [Fact]
    public async Task A_command_that_is_lacking_is_explained()
    {
        var run = await ShellProcess.RunAsync("-Command", "Get-Content x");
        Assert.Contains("-Help says what to use", run.Errors);
        Assert.Equal(1, run.ExitCode);
    }

    [Fact]
    public async Task Only_results_go_to_standard_output()
    {
        const string speak = "function Speak { [CmdletBinding()] param() $PSCmdlet.WriteWarning('w1'); $PSCmdlet.WriteVerbose('v1'); $PSCmdlet.WriteProgress([Management.Automation.ProgressRecord]::new(1, 'activity', 'status')); 'a result' }; ";
        var run = await ShellProcess.RunAsync("-Command", speak + "Speak -Verbose; $DebugPreference = 'Continue'; $ExecutionContext.Host.UI.WriteDebugLine('d1')");
        Assert.Equal("a result\n", Lines(run.Output));
        Assert.Equal("WARNING: w1\nVERBOSE: v1\nDEBUG: d1\n", Lines(run.Errors));
    }

    [Fact]
    public async Task A_question_that_nobody_can_answer_is_an_error()
    {
        var run = await ShellProcess.RunAsync("-Command", $"New-AibDeprovisionScript Linux | Install-AibDeprovisionScript -Root '{_scratch.Path}' -Confirm");
        Assert.Contains("there is no terminal to answer it", run.Errors);
        Assert.Equal(1, run.ExitCode);
        Assert.Empty(_scratch.Entries);
    }

    [Fact]
    public async Task File_binds_its_arguments_and_gives_its_exit_code()
    {
        var script = Script("""
            param([string]$Name, [int]$Count = 1, [switch]$Loud, [switch]$Quiet, [Parameter(ValueFromRemainingArguments)][string[]]$Rest)
            "$Name|$Count|$Loud|$Quiet|$Rest"
            $PSScriptRoot -eq [IO.Path]::GetDirectoryName($PSCommandPath)
            [pscustomobject]@{ Alpha = 1 }
            exit 12
            """);
        var run = await ShellProcess.RunAsync("-File", script, "-Count:5", "-Name", "a 'b' $c", "-Loud", "-Quiet:$false", "x", "-7");
        Assert.Equal("a 'b' $c|5|True|False|x -7\nTrue\n\nAlpha\n-----\n    1\n\n", Lines(run.Output));
        Assert.Equal((12, ""), (run.ExitCode, run.Errors));
    }

    [Fact]
    public async Task File_without_parameters_has_args_and_the_option_may_be_left_out()
    {
        var run = await ShellProcess.RunAsync(Script("\"$($args.Count): $args\""), "one", "two words");
        Assert.Equal((0, "2: one two words\n"), (run.ExitCode, Lines(run.Output)));
    }

    [Theory]
    [InlineData("Complain; 'after'", 0, "script.ps1, line 9, char 1: Complain")]
    [InlineData("Complain", 0, "Error id: DryWell,Complain")]
    [InlineData("throw 'out of water'", 1, "script.ps1, line 9, char 1: throw")]
    [InlineData("if (", 1, "script.ps1, line 9, char 5: if (")]
    public async Task File_ends_with_1_only_by_a_terminating_error(string end, int exitCode, string error)
    {
        var run = await ShellProcess.RunAsync("-File", Script(Complain + end));
        Assert.Contains(error, run.Errors);
        Assert.Equal(exitCode, run.ExitCode);
    }

    [Theory]
    [InlineData("There is no option '-Comand'", "-Comand", "1")]
    [InlineData("-Command needs a command", "-Command")]
    [InlineData("-File needs the path of a script", "-File")]
    [InlineData("There is no script file 'nowhere/none.ps1'", "-File", "nowhere/none.ps1")]
    public async Task A_command_line_without_sense_ends_with_64(string message, params string[] arguments)
    {
        var run = await ShellProcess.RunAsync(arguments);
        Assert.StartsWith(message, run.Errors, StringComparison.Ordinal);
        Assert.Contains("-Help", run.Errors);
        Assert.Equal((64, ""), (run.ExitCode, run.Output));
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task A_signal_stops_the_pipeline(string signal, int exitCode)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Signals are sent with kill.");
        using var shell = ShellProcess.Start("-Command", "'running'; while ($true) {}; 'never'");
        await shell.WaitForLineAsync("running");

        var clock = Stopwatch.StartNew();
        shell.Signal(signal);
        var run = await shell.EndAsync();

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.Equal((exitCode, ""), (run.ExitCode, run.Output));
    }

    [Fact]
    public async Task Ctrl_C_in_the_prompt_stops_the_pipeline_only()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Signals are sent with kill.");
        using var shell = ShellProcess.Start();
        shell.Write("'running'; while ($true) {}\n'still here'\nexit 5\n");
        await shell.WaitForLineAsync("running");
        shell.Signal("INT");

        var run = await shell.EndAsync();
        Assert.Equal((5, "still here\n"), (run.ExitCode, run.Output));
    }

    [Fact]
    public async Task The_prompt_runs_each_command_when_it_is_complete()
    {
        var run = await PromptAsync("$x = 5\nif ($x) {\n  \"x is $x\"\n\n}\nthrow 'out of water'\n[pscustomobject]@{ Alpha = $x }\n");
        Assert.Equal("x is 5\n\nAlpha\n-----\n    5\n\n", Lines(run.Output));
        Assert.Contains("Error: out of water", run.Errors);
        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public async Task Exit_leaves_the_prompt()
    {
        var run = await PromptAsync("'before'\nexit 3\n'after'\n");
        Assert.Equal((3, "before\n"), (run.ExitCode, Lines(run.Output)));
    }

    [Fact]
    public async Task A_command_that_never_becomes_complete_is_an_error_at_the_end_of_the_input()
    {
        var run = await PromptAsync("'before'\nif ($true) {\n");
        Assert.Contains("Missing closing '}'", run.Errors);
        Assert.Equal("before\n", Lines(run.Output));
    }

    [Fact]
    public async Task The_module_is_found_beside_the_program_and_missed_where_it_is_nowhere()
    {
        Copy(ShellProcess.Folder, _scratch["shell"]);
        var without = await ShellProcess.RunAsync(_scratch["shell"], "", ["-Command", "'never'"]);
        Assert.StartsWith($"The module AibDeprovision was not found: it belongs into the folder '{_scratch["shell", "AibDeprovision"]}'.", without.Errors, StringComparison.Ordinal);
        Assert.Equal((1, ""), (without.ExitCode, without.Output));

        Copy(Repository.StagedModule, _scratch["shell", "AibDeprovision"]);
        var with = await ShellProcess.RunAsync(_scratch["shell"], "", ["-Command", "(Get-Module AibDeprovision).ModuleBase"]);
        Assert.Equal((0, _scratch["shell", "AibDeprovision"] + "\n"), (with.ExitCode, Lines(with.Output)));
    }

    private static Task<ShellRun> PromptAsync(string input) => ShellProcess.RunAsync(ShellProcess.Folder, input, []);

    private static string Lines(string text) => text.ReplaceLineEndings("\n");

    private string Script(string text)
    {
        File.WriteAllText(_scratch["script.ps1"], text);
        return _scratch["script.ps1"];
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
