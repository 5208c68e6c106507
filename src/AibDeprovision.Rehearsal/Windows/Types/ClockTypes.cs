using System.Management.Automation;
using AibDeprovision.Rehearsal.Windows.Sandbox;

namespace AibDeprovision.Rehearsal.Windows.Types;

/// <summary>The time, a stopwatch and a sleep, all by the VM's clock.</summary>
internal static class ClockTypes
{
    /// <summary>The name of a stopwatch's type.</summary>
    public const string Stopwatch = "AibDeprovision.SimulatedStopwatch";

    /// <summary>Their members.</summary>
    public static IEnumerable<(string Name, SimulatedMember Member)> Members =>
    [
        ("DateTime::Now", (run, _) => Now(run)),
        ("DateTime::Today", (run, _) => Now(run).Date),
        ("DateTime::UtcNow", (run, _) => run.ReadClock()),
        ("DateTimeOffset::Now", (run, _) => new DateTimeOffset(run.ReadClock())),
        ("DateTimeOffset::UtcNow", (run, _) => new DateTimeOffset(run.ReadClock())),
        ("Environment::TickCount", (run, _) => (int)(run.ReadClock().Ticks / TimeSpan.TicksPerMillisecond % int.MaxValue)),
        ("Diagnostics.Stopwatch::StartNew", (run, _) => NewStopwatch(run, runs: true)),
        ("Diagnostics.Stopwatch::new", (run, _) => NewStopwatch(run, runs: false)),
        ("Threading.Thread::Sleep", Sleep),
    ];

    /// <summary>What a method of a stopwatch does.</summary>
    public static void Call(PSObject stopwatch, string method) => ((Watch)stopwatch.Properties["Clock"].Value).Call(method);

    private static DateTime Now(ScriptRun run) => DateTime.SpecifyKind(run.ReadClock(), DateTimeKind.Utc).ToLocalTime();

    private static object Sleep(ScriptRun run, object?[] arguments)
    {
        var time = arguments[0] is TimeSpan span ? span : TimeSpan.FromMilliseconds(LanguagePrimitives.ConvertTo<int>(arguments[0]));
        run.Sleep(time);
        return SimulatedTypes.Nothing;
    }

    private static PSObject NewStopwatch(ScriptRun run, bool runs)
    {
        var watch = new Watch(run);
        watch.Call(runs ? "Start" : "Reset");
        var result = new PSObject();
        result.TypeNames.Insert(0, Stopwatch);
        result.Properties.Add(new PSNoteProperty("Clock", watch), preValidated: true);
        result.Properties.Add(new PSVariableProperty(new LiveProperty("Elapsed", () => watch.Elapsed)), preValidated: true);
        result.Properties.Add(new PSVariableProperty(new LiveProperty("ElapsedMilliseconds", () => (long)watch.Elapsed.TotalMilliseconds)), preValidated: true);
        result.Properties.Add(new PSVariableProperty(new LiveProperty("IsRunning", () => watch.IsRunning)), preValidated: true);
        return result;
    }

    // It has no public members: to a script it is nothing.
    private sealed class Watch(ScriptRun run)
    {
        private TimeSpan _before;
        private TimeSpan? _since;

        internal bool IsRunning => _since is not null;

        internal TimeSpan Elapsed => _before + (_since is { } since ? run.Vm.Clock.Elapsed - since : TimeSpan.Zero);

        internal void Call(string method)
        {
            var elapsed = method is "Reset" or "Restart" ? TimeSpan.Zero : Elapsed;
            var goesOn = method is "Start" or "Restart" || (IsRunning && method is not ("Stop" or "Reset"));
            _before = elapsed;
            _since = goesOn ? run.Vm.Clock.Elapsed : null;
        }
    }
}
