using System.Management.Automation;

namespace AibDeprovision.Rehearsal.Windows.Commands;

[Cmdlet(VerbsLifecycle.Start, "Sleep")]
internal sealed class StartSleepCommand : SimulatedCommand
{
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ConvertedBefore(typeof(double))]
    [ValidateRange(0, 2147483)]
    public double Seconds { get; set; }

    [Parameter]
    [Alias("ms")]
    [ValidateRange(0, int.MaxValue)]
    public int Milliseconds { get; set; }

    protected override void ProcessRecord()
    {
        if (Run.IsHung(this))
        {
            Run.Hang();
        }
        Run.Sleep(TimeSpan.FromSeconds(Seconds) + TimeSpan.FromMilliseconds(Milliseconds));
    }
}

[Cmdlet(VerbsCommon.Get, "Date")]
internal sealed class GetDateCommand : SimulatedCommand
{
    [Parameter(Position = 0)]
    public DateTime? Date { get; set; }

    [Parameter]
    public string? Format { get; set; }

    [Parameter]
    public string? UFormat { get; set; }

    protected override void ProcessRecord()
    {
        if (UFormat is not null)
        {
            Run.RefuseHere("Get-Date -UFormat");
        }
        // The VM's zone is UTC; its time is local time all the same, as it is for Get-Date.
        var now = Date ?? DateTime.SpecifyKind(Run.ReadClock(), DateTimeKind.Utc).ToLocalTime();
        WriteObject(Format is null ? now : now.ToString(Format, System.Globalization.CultureInfo.InvariantCulture));
    }
}

[Cmdlet(VerbsCommon.New, "TimeSpan")]
internal sealed class NewTimeSpanCommand : SimulatedCommand
{
    [Parameter(Position = 0)]
    public DateTime? Start { get; set; }

    [Parameter(Position = 1)]
    public DateTime? End { get; set; }

    [Parameter]
    public int Days { get; set; }

    [Parameter]
    public int Hours { get; set; }

    [Parameter]
    public int Minutes { get; set; }

    [Parameter]
    public int Seconds { get; set; }

    protected override void ProcessRecord()
    {
        if (Start is null && End is null)
        {
            WriteObject(new TimeSpan(Days, Hours, Minutes, Seconds));
            return;
        }
        var now = Run.ReadClock().ToLocalTime();
        WriteObject((End ?? now) - (Start ?? now));
    }
}
