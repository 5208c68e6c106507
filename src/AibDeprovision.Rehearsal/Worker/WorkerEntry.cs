using System.Collections.Concurrent;
using System.Diagnostics;
using AibDeprovision.Plans;
using AibDeprovision.Rehearsal.Scenarios;
using AibDeprovision.Rehearsal.Windows;
using AibDeprovision.Rehearsal.Windows.Sandbox;
using AibDeprovision.Scripts;

namespace AibDeprovision.Rehearsal.Worker;

/// <summary>What runs inside a worker: it rehearses one script under the scenarios that come in, and ends with its caller.</summary>
internal static class WorkerEntry
{
    /// <summary>Serves over the standard streams. It does not return: the process ends here.</summary>
    public static void Run()
    {
        try
        {
            var input = Console.OpenStandardInput();
            var output = Console.OpenStandardOutput();
            // Whatever else is in the process has no way to these streams.
            Console.SetIn(TextReader.Null);
            Console.SetOut(TextWriter.Null);
            // A regular expression of a script is not stopped by anything else.
            AppDomain.CurrentDomain.SetData("REGEX_DEFAULT_MATCH_TIMEOUT", new SandboxLimits().WallClock);
            using var idle = new Timer(_ => End(), state: null, WorkerLimits.Idle, Timeout.InfiniteTimeSpan);
            Serve(input, output, () => idle.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
        }
        finally
        {
            End();
        }
    }

    /// <summary>Serves until the input ends.</summary>
    /// <param name="input">The script, then scenarios.</param>
    /// <param name="output">What comes of them.</param>
    /// <param name="begin">Called when the script has come.</param>
    internal static void Serve(Stream input, Stream output, Action begin)
    {
        var orders = new JsonLines<WorkerOrder>(input, int.MaxValue);
        var answers = new JsonLines<WorkerAnswer>(output, int.MaxValue);
        answers.Write(new WorkerAnswer { Is = WorkerAnswer.Ready });
        using var over = new CancellationTokenSource();
        using var scenarios = new BlockingCollection<WorkerOrder>();
        var warmUp = new CancellationTokenSource();
        var warm = Task.Run(() => WarmUp(warmUp.Token), CancellationToken.None);
        var script = orders.Read();
        warmUp.Cancel();
        if (script?.Script is null)
        {
            return;
        }
        begin();
        warm.Wait(CancellationToken.None);
        var threads = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Task.Run(() => Work(script, scenarios, answers, over.Token), CancellationToken.None)).ToArray();
        while (orders.Read() is { } order)
        {
            scenarios.Add(order, CancellationToken.None);
        }
        over.Cancel();
        scenarios.CompleteAdding();
        Task.WaitAll(threads, TimeSpan.FromSeconds(5));
    }

    private static void Work(WorkerOrder script, BlockingCollection<WorkerOrder> orders, JsonLines<WorkerAnswer> answers, CancellationToken over)
    {
        var sandbox = new RehearsalSandbox(new SandboxLimits());
        try
        {
            foreach (var order in orders.GetConsumingEnumerable(over))
            {
                answers.Write(new WorkerAnswer { Is = WorkerAnswer.Started, Number = order.Number });
                var scenario = WindowsScenarios.Find(order.Scenario!) ?? GeneratedSchedules.Find(order.Scenario!);
                var result = sandbox.Run(script.Script!, scenario!.NewVm(), script.Options, over);
                answers.Write(WorkerAnswer.Of(order.Number, result, sandbox.HasThreadLeft));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // Nobody waits for the rest.
        }
    }

    /// <summary>Makes the engine compile what a rehearsal needs, with a script of our own, until the caller has one.</summary>
    private static void WarmUp(CancellationToken cancel)
    {
        try
        {
            var script = ScriptGenerator.Generate(new DeprovisionPlan { Platform = DeprovisionPlatform.Windows });
            for (var round = 0; round < 3; round++)
            {
                foreach (var _ in WindowsRehearsal.Run(script.Content, WindowsScenarios.All, TimeSpan.FromHours(4), new SandboxLimits(), cancel))
                {
                    cancel.ThrowIfCancellationRequested();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Here is the script.
        }
    }

    // Not Environment.Exit, which waits for what a script may have left behind.
    private static void End() => Process.GetCurrentProcess().Kill();
}
