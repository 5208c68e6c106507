using System.Management.Automation;
using AibDeprovision.Rehearsal.Scenarios;
using AibDeprovision.Rehearsal.Windows.Vm;

namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>
/// One script on one VM: what the simulated commands share. Every command passes through <see cref="Charge"/>,
/// so that is where a run that is over gets stopped.
/// </summary>
internal sealed class ScriptRun
{
    // Many commands in a row without a sleep: a loop that polls as fast as it can. Its time is made to pass faster.
    private const int BusyAfter = 2_000;
    private static readonly TimeSpan CommandTime = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan BuildTail = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BusyCommandTime = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _buildTimeout;
    private readonly CancellationToken _cancel;
    private readonly HangProof _hangProof;
    private int _sinceSleep;
    private int _numbers;

    public ScriptRun(SimulatedVm vm, TimeSpan buildTimeout, CancellationToken cancel)
    {
        Vm = vm;
        _buildTimeout = buildTimeout;
        _cancel = cancel;
        _hangProof = new HangProof(this);
    }

    public SimulatedVm Vm { get; }

    public OutputLog Output { get; } = new();

    /// <summary>What the script has looked at since it slept last.</summary>
    public RecentLooks Looks { get; } = new();

    /// <summary>The script as it runs; empty before it does.</summary>
    public string Text { get; private set; } = "";

    /// <summary>The script as it was written.</summary>
    public string Original { get; private set; } = "";

    /// <summary>Commands that whoever rehearses lets be taken as done.</summary>
    public IReadOnlyCollection<string> AlsoDone { get; init; } = [];

    /// <summary>Whether a command is to be taken as done, because whoever rehearses says so.</summary>
    public bool AssumesDone(string name) => AlsoDone.Any(done => AssumedDone.NameOf(done).Equals(AssumedDone.NameOf(name), StringComparison.OrdinalIgnoreCase));

    /// <summary>Takes note of a text that is about to run.</summary>
    public void Adopt(ScriptGate gate, bool isScript = false)
    {
        (Text, Original) = isScript ? (gate.Text, gate.Original) : (Text, Original);
        Functions.UnionWith(gate.Functions);
        HiddenState += gate.HidesState ? 1 : 0;
    }

    /// <summary>Names that the script has defined as functions; they go before commands of the same name.</summary>
    public HashSet<string> Functions { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What ended the run before the script did; null as long as nothing has.</summary>
    public Ending? EndedBy { get; private set; }

    /// <summary>
    /// Above 0 while, or because, the script's next step depends on something that its variables do not show: a pipeline
    /// that is under way, a variable of another scope.
    /// </summary>
    public int HiddenState { get; set; }

    /// <summary>Where Pop-Location goes back to.</summary>
    public Stack<string> Locations { get; } = new();

    /// <summary>Commands that were taken as done.</summary>
    public NotSimulated NotSimulated { get; } = new();

    /// <summary>The script's call stack; null before the engine is there.</summary>
    public Func<IEnumerable<CallStackFrame>>? StackOf { get; set; }

    /// <summary>Stops the engine from another thread.</summary>
    public Action? Stop { get; set; }

    /// <summary>How often the script has looked at the clock.</summary>
    public long ClockReads { get; private set; }

    /// <summary>Another number at each call, the same ones in every run.</summary>
    public int NextNumber() => ++_numbers;

    /// <summary>The time on the wall, as the script asks for it.</summary>
    public DateTime ReadClock()
    {
        ClockReads++;
        return Vm.Clock.UtcNow;
    }

    /// <summary>Lets a command take its moment, unless the run is over: then the script is stopped.</summary>
    public void Charge() => Pass(++_sinceSleep > BusyAfter ? BusyCommandTime : CommandTime);

    /// <summary>Whether the script that is about to sleep can be proven to do nothing else ever after.</summary>
    public bool IsHung(PSCmdlet sleep) => StackOf is { } stack && _hangProof.IsFor(sleep, stack);

    /// <summary>Lets the script sleep.</summary>
    public void Sleep(TimeSpan time)
    {
        _sinceSleep = 0;
        Pass(time);
        Looks.Clear();
    }

    /// <summary>Lets the script wait for something to become true.</summary>
    /// <param name="isTrue">What it waits for.</param>
    /// <param name="limit">The longest it waits; null for ever.</param>
    /// <param name="what">What it waits for, in words.</param>
    /// <returns>Whether it became true.</returns>
    public bool WaitUntil(Func<bool> isTrue, TimeSpan? limit, string what)
    {
        var until = Vm.Clock.Elapsed + (limit ?? TimeSpan.FromDays(365));
        while (!isTrue())
        {
            var left = until - Vm.Clock.Elapsed;
            if (left <= TimeSpan.Zero)
            {
                return false;
            }
            if (Vm.Clock.UntilNext is not { } next)
            {
                if (limit is null)
                {
                    Hang(what);
                }
                next = left;
            }
            Sleep(next < left ? next : left);
        }
        return true;
    }

    /// <summary>Lets the build do its own last steps after the script has ended well: the session has to live on for them.</summary>
    public void WaitForBuild()
    {
        if (EndedBy is null)
        {
            Vm.Clock.Advance(BuildTail);
            EndedBy = Vm.SessionLost is { } cause ? new Ending(RehearsalOutcome.SessionLost, cause) : null;
        }
    }

    /// <summary>Ends the run where the script does something that cannot be rehearsed.</summary>
    public void Refuse(int line, string construct) =>
        EndedBy ??= new Ending(RehearsalOutcome.NotRehearsable, line > 0 ? $"{construct}, line {line}" : construct);

    /// <summary>Ends the run where the script does something that cannot be rehearsed, and stops the script there.</summary>
    public void RefuseHere(string construct)
    {
        Refuse(WaitingPlace.LineOf(this), construct);
        StopIfOver();
    }

    /// <summary>Ends the run for a script that will never go on.</summary>
    /// <param name="what">What it waits for; null for what its own words say.</param>
    public void Hang(string? what = null) => Pass(_buildTimeout - Vm.Clock.Elapsed, what);

    /// <summary>What the script has exited with from within an expression; null where it has not.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>Ends the script here with an exit code.</summary>
    public void ExitNow(int code)
    {
        ExitCode = code;
        throw new PipelineStoppedException();
    }

    /// <summary>Stops the script here if the run is over.</summary>
    public void StopIfOver()
    {
        if (EndedBy is not null || ExitCode is not null || _cancel.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
    }

    private void Pass(TimeSpan time, string? what = null)
    {
        StopIfOver();
        var left = _buildTimeout - Vm.Clock.Elapsed;
        Vm.Clock.Advance(time < left ? time : left);
        if (Vm.SessionLost is { } cause)
        {
            EndedBy = new Ending(RehearsalOutcome.SessionLost, cause);
        }
        else if (Vm.Clock.Elapsed >= _buildTimeout)
        {
            EndedBy = new Ending(RehearsalOutcome.Hung, WaitingPlace.Describe(this, what));
        }
        StopIfOver();
    }

    /// <summary>How a run ended that the script did not end itself.</summary>
    public sealed record Ending(RehearsalOutcome Outcome, string? Detail);
}
