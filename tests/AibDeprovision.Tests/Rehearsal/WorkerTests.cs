using System.Diagnostics;
using System.IO.Pipes;
using System.Text;
using AibDeprovision.Rehearsal.Scenarios;
using AibDeprovision.Rehearsal.Worker;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Rehearsal;

/// <summary>The process that a rehearsed script has for its own, and what passes between it and its caller.</summary>
[Collection(nameof(HostileScriptTests))]
public sealed class WorkerTests
{
    private static readonly TimeSpan BuildTimeout = TimeSpan.FromMinutes(240);

    /// <summary>Longer than the product's: the speed of the machine must not decide.</summary>
    private static readonly WorkerLimits Patient = new() { Start = TimeSpan.FromMinutes(30) };

    [Fact]
    public void A_result_comes_through_as_it_is()
    {
        var result = new RehearsalResult
        {
            Outcome = RehearsalOutcome.Failed,
            VirtualTime = TimeSpan.FromSeconds(90.5),
            ExitCode = -3,
            Output = ["", "plain", "\u001b[2J\0 \u2028 \" \\ \ud83d\ude00", "half \ud83d a pair", "{\"is\":\"result\"}"],
            Cause = "no \uffff",
        };
        using var stream = new MemoryStream();
        new JsonLines<WorkerAnswer>(stream, 10_000).Write(WorkerAnswer.Of(7, result, isLast: false));
        Assert.Equal(1, stream.ToArray().Count(b => b == '\n'));
        stream.Position = 0;

        var answer = new JsonLines<WorkerAnswer>(stream, 10_000).Read()!;

        Assert.Equal((WorkerAnswer.Result, 7), (answer.Is, answer.Number));
        Assert.Equivalent(result, answer.ToResult(), strict: true);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("Write-Output 'x'")]
    [InlineData("{\"is\":")]
    [InlineData("{\"n\":\"seven\"}")]
    [InlineData("{\"n\":99999999999999999999}")]
    [InlineData("{\"output\":[[[[[[[[[[[[[[1]]]]]]]]]]]]]]}")]
    [InlineData("{\"output\":{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":{\"f\":{}}}}}}}}")]
    [InlineData("\u0000\u0001\u0002")]
    public void What_is_no_answer_is_refused(string line)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(line + "\n"));
        Assert.Throws<InvalidDataException>(() => new JsonLines<WorkerAnswer>(stream, 10_000).Read());
    }

    [Fact]
    public void A_line_without_an_end_is_refused_before_it_fills_the_memory()
    {
        using var stream = new MemoryStream(new byte[50_000]);
        Assert.Throws<InvalidDataException>(() => new JsonLines<WorkerAnswer>(stream, 10_000).Read());
    }

    [Theory]
    [InlineData("{\"is\":\"result\",\"outcome\":\"Sealed\",\"output\":[]}", true)]
    [InlineData("{\"is\":\"last\",\"outcome\":\"Hung\",\"time\":1,\"output\":[\"x\"]}", true)]
    [InlineData("{\"is\":\"result\",\"outcome\":\"sealed\",\"output\":[]}", false)]
    [InlineData("{\"is\":\"result\",\"outcome\":\"0\",\"output\":[]}", false)]
    [InlineData("{\"is\":\"result\",\"outcome\":\"Sealed\"}", false)]
    [InlineData("{\"is\":\"result\",\"outcome\":\"Sealed\",\"output\":[null]}", false)]
    [InlineData("{\"is\":\"result\",\"outcome\":\"Sealed\",\"time\":-1,\"output\":[]}", false)]
    [InlineData("{\"is\":\"result\",\"outcome\":\"Sealed\",\"time\":9223372036854775807,\"output\":[]}", false)]
    [InlineData("{\"is\":\"started\",\"outcome\":\"Sealed\",\"output\":[]}", false)]
    public void Only_what_a_rehearsal_can_give_is_a_result(string line, bool isResult)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(line + "\n"));
        Assert.Equal(isResult, new JsonLines<WorkerAnswer>(stream, 10_000).Read()!.ToResult() is not null);
    }

    [Fact]
    public async Task A_worker_rehearses_what_it_is_given_and_ends_with_its_caller()
    {
        using var toWorker = new AnonymousPipeServerStream(PipeDirection.Out);
        using var input = new AnonymousPipeClientStream(PipeDirection.In, toWorker.ClientSafePipeHandle);
        using var fromWorker = new AnonymousPipeServerStream(PipeDirection.In);
        using var output = new AnonymousPipeClientStream(PipeDirection.Out, fromWorker.ClientSafePipeHandle);
        var worker = Task.Run(() => WorkerEntry.Serve(input, output, () => { }), TestContext.Current.CancellationToken);
        var orders = new JsonLines<WorkerOrder>(toWorker, 10_000);
        var answers = new JsonLines<WorkerAnswer>(fromWorker, 1_000_000);

        Assert.Equal(WorkerAnswer.Ready, answers.Read()!.Is);
        orders.Write(new() { Script = "exit 3", BuildTimeout = BuildTimeout.Ticks });
        orders.Write(new() { Number = 5, Scenario = "agent-present" });
        Assert.Equal((WorkerAnswer.Started, 5), (answers.Read() is var first ? first!.Is : "", first!.Number));
        Assert.Equal(3, answers.Read()!.ToResult()!.ExitCode);
        orders.Write(new() { Number = 6, Scenario = "schedule-4-2" });
        Assert.Equal(WorkerAnswer.Started, answers.Read()!.Is);
        Assert.Equal(6, answers.Read()!.Number);
        toWorker.Dispose();
        await worker.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void The_PowerShell_of_this_process_is_found()
    {
        using var folder = new ScratchFolder();
        Assert.Equal("/opt/pwsh/pwsh", WorkerHost.Find("/opt/pwsh/pwsh", "/opt/pwsh", "")!.Program);
        Assert.Null(WorkerHost.Find("/usr/bin/program", folder.Path, ""));
        File.WriteAllText(folder["pwsh.dll"], "");
        File.WriteAllText(folder["dotnet"], "");
        var tool = WorkerHost.Find(folder["dotnet"], folder.Path, "")!;
        Assert.Equal([folder["dotnet"], "exec", folder["pwsh.dll"]], [tool.Program, .. tool.Words]);
    }

    [Fact]
    public void A_script_that_ends_its_process_has_that_for_a_result_and_the_other_scenarios_go_on()
    {
        // It fills the memory on the one machine only that has the answer file; who ends it first is not decided.
        const string Script = "if (Test-Path 'C:\\Windows\\System32\\Sysprep\\unattend.xml') { $a = @(); while ($true) { $a += ('x' * 1mb) + $a.Count } }; exit 4";
        var limits = Patient with { Memory = 400L << 20 };

        var results = WorkerRehearsal.Run(Script, [.. WindowsScenarios.All.Select(s => s.Name)], BuildTimeout, limits, TestContext.Current.CancellationToken).ToList();

        Assert.Equal(WindowsScenarios.All.Select(s => s.Name), results.Select(r => r.Scenario));
        var ended = Assert.Single(results, r => r.Outcome == RehearsalOutcome.NotRehearsable);
        Assert.Equal("unattend-in-sysprep", ended.Scenario);
        Assert.Matches("memory|busy", ended.Detail!);
        Assert.All(results.Where(r => r != ended), r => Assert.Equal((RehearsalOutcome.Failed, 4), (r.Outcome, r.ExitCode!.Value)));
    }

    [Fact]
    public void A_script_that_goes_too_far_under_every_scenario_is_given_up_and_the_rest_says_why()
    {
        // A process that stands ready has the limits with which it was started.
        SpareWorker.Reset();
        var results = WorkerRehearsal.Run("while ($true) { }", [.. WindowsScenarios.All.Select(s => s.Name)], BuildTimeout, Patient with { Memory = 1 }, TestContext.Current.CancellationToken).ToList();

        Assert.Equal(WindowsScenarios.All.Count, results.Count);
        Assert.All(results, r => Assert.Equal(RehearsalOutcome.NotRehearsable, r.Outcome));
        Assert.All(results, r => Assert.Contains("memory", r.Detail!, StringComparison.Ordinal));
        Assert.StartsWith("not run any more", results[^1].Detail!, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_no_process_can_be_started_nothing_is_run()
    {
        var own = WorkerHost.OfThisProcess;
        SpareWorker.Reset();
        try
        {
            WorkerHost.OfThisProcess = new WorkerHost("/nowhere/pwsh", [], "/nowhere");
            var result = Assert.Single(WorkerRehearsal.Run("exit 0", ["agent-present"], BuildTimeout, new WorkerLimits(), TestContext.Current.CancellationToken));
            Assert.Equal((RehearsalOutcome.NotRehearsable, null), (result.Outcome, result.Isolation));
            Assert.Contains("process of its own", result.Detail!, StringComparison.Ordinal);
        }
        finally
        {
            WorkerHost.OfThisProcess = own;
            SpareWorker.Reset();
        }
    }

    [Fact]
    public void A_stack_that_really_overflows_ends_the_process_and_is_the_result_with_that_reason()
    {
        // No script that passes the gate is known to do it: the process answers as a worker does up to the scenario, and then
        // has .NET write out an expression that is too deep.
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The process is started by sh.");
        const string Overflow = "$e = [Linq.Expressions.Expression]::Constant(1); for ($i = 0; $i -lt 500000; $i++) { $e = [Linq.Expressions.Expression]::Negate($e) }; $e.ToString()";
        const string Answers = """
            echo '{"is":"ready","n":0}'; read -r script; read -r scenario; echo '{"is":"started","n":0}'
            exec "$@"
            """;
        var own = WorkerHost.OfThisProcess!;
        SpareWorker.Reset();
        try
        {
            WorkerHost.OfThisProcess = new WorkerHost("/bin/sh", ["-c", Answers + " #", "sh", own.Program, .. own.Words, "-NoProfile", "-Command", Overflow, "#"], own.Folder);
            var result = Assert.Single(WorkerRehearsal.Run("exit 0", ["agent-present"], BuildTimeout, Patient, TestContext.Current.CancellationToken));
            Assert.Equal(RehearsalOutcome.NotRehearsable, result.Outcome);
            Assert.Equal("the script overflows the stack of the process that rehearses it", result.Detail);
        }
        finally
        {
            WorkerHost.OfThisProcess = own;
            SpareWorker.Reset();
        }
    }

    [Fact]
    public void All_scenarios_of_a_script_together_have_a_limit()
    {
        var watch = Stopwatch.StartNew();
        var limits = new WorkerLimits { Start = TimeSpan.FromSeconds(3), EachScenario = TimeSpan.Zero };
        var results = WorkerRehearsal.Run("while ($true) { }", [.. WindowsScenarios.All.Select(s => s.Name)], BuildTimeout, limits, TestContext.Current.CancellationToken).ToList();
        Assert.All(results, r => Assert.Contains("all scenarios together", r.Detail!, StringComparison.Ordinal));
        // A guard against hanging, not a measurement: each scenario alone could take twenty seconds.
        Assert.True(watch.Elapsed < TimeSpan.FromMinutes(2));
    }
}
