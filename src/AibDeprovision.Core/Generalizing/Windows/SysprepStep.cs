using AibDeprovision.Errors;
using AibDeprovision.Machine.Windows;
using AibDeprovision.Rules;
using AibDeprovision.Rules.Windows;

namespace AibDeprovision.Generalizing.Windows;

/// <summary>
/// Sysprep from the look at the machine to the proof, for whoever runs it: refuses what is certain to fail, warns of the rest,
/// clears what an earlier run left, runs it, and on failure shows its logs.
/// </summary>
internal sealed class SysprepStep(IWindowsMachine machine)
{
    /// <summary>How many of the last lines of setuperr.log are shown.</summary>
    public const int ErrorLinesShown = 30;

    /// <summary>How many of the last lines of setupact.log are shown.</summary>
    public const int ActionLinesShown = 40;

    private readonly SysprepFiles _files = new(machine.WindowsFolder);
    private List<Finding> _findings = [];

    /// <summary>The switches that <see cref="SysprepArguments.Check"/> has let through.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = SysprepArguments.Default;

    /// <summary>File names of providers to take out of the registry.</summary>
    public IReadOnlyList<string> RemoveProviders { get; init; } = [];

    /// <summary>Whether what is only likely to fail is refused as well.</summary>
    public bool Strict { get; init; }

    /// <summary>Whether what is refused is only warned of.</summary>
    public bool Force { get; init; }

    /// <summary>Gets each step, as a phase and a sentence.</summary>
    public Action<string, string> Note { get; init; } = (_, _) => { };

    /// <summary>Gets what is wrong with the machine and does not stop it.</summary>
    public Action<Finding> Warn { get; init; } = _ => { };

    /// <summary>Gets the lines of Sysprep's logs after a failure.</summary>
    public Action<string> ShowLine { get; init; } = _ => { };

    /// <summary>What was found: before the run, what is in its way; after one that failed, its errors and what may be their cause.</summary>
    public IReadOnlyList<Finding> Findings => _findings;

    /// <summary>Looks at the machine, and takes providers out where that was asked for.</summary>
    /// <exception cref="AibException">It is refused (<see cref="ErrorId.NotReady"/>, the finding is the target), or something cannot be read.</exception>
    public void Prepare()
    {
        foreach (var provider in SysprepProviders.Remove(machine, RemoveProviders))
        {
            Note("prepare", $@"removed the provider {provider.Leaf} from SysPrepExternal\{provider.Part}");
        }
        _findings = [.. WindowsReadiness.Check(machine)];
        foreach (var finding in _findings)
        {
            if (!Force && WindowsReadiness.Refuses(finding, Strict))
            {
                throw new AibException(ErrorId.NotReady, finding.Message, finding.Remedy ?? "", finding);
            }
            Warn(finding);
        }
    }

    /// <summary>Runs Sysprep and proves the seal.</summary>
    /// <param name="timeout">The longest that it may take.</param>
    /// <param name="cancel">Ends the wait at once; Sysprep itself goes on.</param>
    /// <exception cref="AibException">It could not be started, has failed, or has taken too long.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public void Run(TimeSpan timeout, CancellationToken cancel)
    {
        EarlierRun.Clear(machine, text => Note("prepare", text));
        List<Finding> suspicions = [.. _findings.Where(WindowsReadiness.IsSuspicion)];
        var run = new SysprepRun(machine) { Note = text => Note("sysprep", text), Goal = SysprepSwitches.Parse(Arguments).Goal, Suspicions = suspicions };
        try
        {
            run.Execute(Arguments, timeout, cancel);
            _findings = [];
        }
        catch (AibException e) when (e.Id is ErrorId.SysprepNotSealed or ErrorId.SysprepTimedOut)
        {
            _findings = [.. run.Findings(), .. suspicions];
            ShowLogs();
            throw;
        }
    }

    // The machine is deleted after a failed build, and the build's log is all that is left of Sysprep's.
    private void ShowLogs()
    {
        foreach (var (log, most) in _files.Logs.Zip([ErrorLinesShown, ActionLinesShown], (log, most) => (log, most)))
        {
            IReadOnlyList<PantherLine> lines;
            try
            {
                lines = [.. PantherRun.LastIn(machine.Files.ReadText(log))];
            }
            catch (AibException e)
            {
                Note("sysprep", e.Message);
                continue;
            }
            Note("sysprep", $"{log.Substring(log.LastIndexOf('\\') + 1)} of this run: {lines.Count} lines, the last {most} of them:");
            foreach (var line in lines.Skip(Math.Max(0, lines.Count - most)))
            {
                ShowLine(line.Text);
            }
        }
    }
}
