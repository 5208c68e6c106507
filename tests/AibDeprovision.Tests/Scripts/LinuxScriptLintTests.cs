using System.ComponentModel;
using System.Diagnostics;
using AibDeprovision.Plans;
using AibDeprovision.Rehearsal.Linux.Stubs;
using AibDeprovision.Scripts;
using AibDeprovision.Templates.Steps;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Scripts;

/// <summary>Every Linux script that can be generated is read without complaint by the shells that may run it, and by shellcheck.</summary>
public sealed class LinuxScriptLintTests
{
    private static readonly string[] Shells = ["dash -n", "bash --posix -n", "busybox sh -n"];

    public static TheoryData<string, string> Cases
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var plan in (string[])["default", "kept", "quotes", "substitutions", "markers", "lines", "linux-1", "linux-2"])
            {
                // Of a hook's text, which is quoted, and of the documented texts, which are fixed, only what is wrong counts.
                data.Add(plan is "default" or "kept" ? "shellcheck -s sh -" : "shellcheck -s sh -S warning -", plan);
                foreach (var shell in Shells)
                {
                    data.Add(shell, plan);
                }
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_script_is_read_without_complaint(string checker, string plan)
    {
        string[] words = checker.Split(' ');
        Assert.SkipUnless(Toolbox.Has(words[0]), Toolbox.Missing(words[0]));

        var (exitCode, output) = await RunAsync(words, ScriptGenerator.Generate(PlanOf(plan)).Content);

        Assert.Equal("", output);
        Assert.Equal(0, exitCode);
    }

    [Theory]
    [InlineData("shellcheck -s sh -")]
    [InlineData("dash -n")]
    [InlineData("bash --posix -n")]
    [InlineData("busybox sh -n")]
    public async Task The_text_of_a_template_step_is_read_without_complaint(string checker)
    {
        string[] words = checker.Split(' ');
        Assert.SkipUnless(Toolbox.Has(words[0]), Toolbox.Missing(words[0]));

        var lines = OverrideWriter.Lines(ScriptGenerator.Generate(new DeprovisionPlan { Platform = DeprovisionPlatform.Linux }));
        var (exitCode, output) = await RunAsync(words, string.Join('\n', lines) + "\n");

        Assert.Equal("", output);
        Assert.Equal(0, exitCode);
    }

    public static TheoryData<string, string> Stubs
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var stub in typeof(Stub).Assembly.GetManifestResourceNames().Where(name => name.StartsWith("rehearsal/", StringComparison.Ordinal)))
            {
                data.Add("shellcheck -s sh -", stub);
                foreach (var shell in Shells)
                {
                    data.Add(shell, stub);
                }
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Stubs))]
    public async Task A_stub_is_read_without_complaint(string checker, string stub)
    {
        string[] words = checker.Split(' ');
        Assert.SkipUnless(Toolbox.Has(words[0]), Toolbox.Missing(words[0]));

        var (exitCode, output) = await RunAsync(words, ScriptPart.Load(stub, typeof(Stub).Assembly));

        Assert.Equal("", output);
        Assert.Equal(0, exitCode);
    }

    private static DeprovisionPlan PlanOf(string name)
    {
        var plan = new DeprovisionPlan { Platform = DeprovisionPlatform.Linux };
        return name switch
        {
            "default" => plan,
            "kept" => plan with
            {
                KeepUser = true,
                Keep = Enum.GetValues<ResidueKinds>().Aggregate((all, item) => all | item),
                Deadline = TimeSpan.FromHours(16),
                ServiceTimeout = TimeSpan.FromSeconds(1),
            },
            "quotes" => plan with { BeforeScript = "echo 'it'\"'\"'s' \"\\\"\" `id`'", AfterScript = "'" },
            "substitutions" => plan with { BeforeScript = "$(reboot) ${HOME:?} `reboot`", AfterScript = "<<EOF\n$x\n" },
            "markers" => plan with { BeforeScript = "# --- end of settings ------------------------------------------------------\nEOF\n" },
            "lines" => plan with { BeforeScript = "a\r\nb\\\n\n  c\t\\", AfterScript = "\n\n# x" },
            _ => plan with { Profile = DeprovisionProfile.Generic, GenericVersion = name },
        };
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string[] words, string script)
    {
        var start = new ProcessStartInfo(words[0], words[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start) ?? throw new Win32Exception($"{words[0]} did not start.");
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var error = process.StandardError.ReadToEndAsync(limit.Token);
        await process.StandardInput.WriteAsync(script.AsMemory(), limit.Token);
        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        return (process.ExitCode, await output + await error);
    }
}
