using System.Globalization;
using System.Management.Automation;

namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>
/// Makes times of texts, in whatever way a script has that done: a cast, a comparison, a parameter. What a text leaves
/// out, the day of '12:00' for instance, .NET takes from the clock of this machine; here it is the VM's.
/// </summary>
internal sealed class VmTime : PSTypeConverter
{
    [ThreadStatic]
    private static ScriptRun? s_run;

    /// <summary>Whose clock counts on this thread.</summary>
    public static void Use(ScriptRun? run) => s_run = run;

    public override bool CanConvertFrom(object sourceValue, Type destinationType) => s_run is not null && sourceValue is string;

    public override object ConvertFrom(object sourceValue, Type destinationType, IFormatProvider formatProvider, bool ignoreCase)
    {
        var format = (DateTimeFormatInfo)CultureInfo.InvariantCulture.DateTimeFormat.Clone();
        format.Calendar = new CalendarOfVm(s_run!);
        try
        {
            return DateTime.Parse((string)sourceValue, format);
        }
        catch (FormatException e)
        {
            throw new PSInvalidCastException(e.Message, e);
        }
    }

    public override bool CanConvertTo(object sourceValue, Type destinationType) => false;

    public override object ConvertTo(object sourceValue, Type destinationType, IFormatProvider formatProvider, bool ignoreCase) => throw new NotSupportedException();

    /// <summary>The calendar is asked for the parts of one time only: the present one, to make up for what is missing.</summary>
    private sealed class CalendarOfVm(ScriptRun run) : GregorianCalendar(GregorianCalendarTypes.Localized)
    {
        public override int GetYear(DateTime time) => base.GetYear(run.ReadClock());

        public override int GetMonth(DateTime time) => base.GetMonth(run.ReadClock());

        public override int GetDayOfMonth(DateTime time) => base.GetDayOfMonth(run.ReadClock());
    }
}
