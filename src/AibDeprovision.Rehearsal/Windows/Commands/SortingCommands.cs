using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;
using AibDeprovision.Rehearsal.Windows.Sandbox;

namespace AibDeprovision.Rehearsal.Windows.Commands;

[Cmdlet("Sort", "Object")]
internal sealed class SortObjectCommand : SimulatedCommand
{
    private readonly List<object?> _items = [];

    [Parameter(Position = 0)]
    public object[] Property { get; set; } = [];

    [Parameter]
    public SwitchParameter Descending { get; set; }

    [Parameter]
    public SwitchParameter Unique { get; set; }

    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    public object? InputObject { get; set; }

    protected override void ProcessRecord() => _items.Add(InputObject);

    protected override void EndProcessing()
    {
        var order = Comparer<object?>.Create(Compare);
        var sorted = Descending ? _items.OrderByDescending(i => i, order) : _items.OrderBy(i => i, order);
        WriteObject(Unique ? sorted.Distinct(ObjectProperty.SameText) : sorted, enumerateCollection: true);
    }

    private int Compare(object? x, object? y)
    {
        foreach (var property in Property)
        {
            if (CompareValues(ObjectProperty.Of(this, x, property), ObjectProperty.Of(this, y, property)) is not 0 and var result)
            {
                return result;
            }
        }
        return Property.Length == 0 ? CompareValues(x, y) : 0;
    }

    private static int CompareValues(object? x, object? y)
    {
        try
        {
            return LanguagePrimitives.Compare(x, y, ignoreCase: true, CultureInfo.InvariantCulture);
        }
        catch (ArgumentException)
        {
            return string.Compare(x?.ToString(), y?.ToString(), StringComparison.OrdinalIgnoreCase);
        }
    }
}

[Cmdlet(VerbsDiagnostic.Measure, "Object")]
internal sealed class MeasureObjectCommand : SimulatedCommand
{
    private readonly List<double> _values = [];
    private int _count;

    [Parameter(Position = 0)]
    public string? Property { get; set; }

    [Parameter]
    public SwitchParameter Sum { get; set; }

    [Parameter]
    public SwitchParameter Average { get; set; }

    [Parameter]
    public SwitchParameter Maximum { get; set; }

    [Parameter]
    public SwitchParameter Minimum { get; set; }

    [Parameter]
    public SwitchParameter Line { get; set; }

    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    public object? InputObject { get; set; }

    protected override void ProcessRecord()
    {
        _count++;
        var value = Property is null ? InputObject : ObjectProperty.Of(this, InputObject, Property);
        if (LanguagePrimitives.TryConvertTo<double>(value, CultureInfo.InvariantCulture, out var number))
        {
            _values.Add(number);
        }
    }

    protected override void EndProcessing()
    {
        var result = new PSObject();
        result.Properties.Add(new PSNoteProperty("Count", _count));
        result.Properties.Add(new PSNoteProperty("Lines", _count));
        result.Properties.Add(new PSNoteProperty("Sum", Sum ? _values.Sum() : null));
        result.Properties.Add(new PSNoteProperty("Average", Average && _values.Count > 0 ? _values.Average() : null));
        result.Properties.Add(new PSNoteProperty("Maximum", Maximum && _values.Count > 0 ? _values.Max() : null));
        result.Properties.Add(new PSNoteProperty("Minimum", Minimum && _values.Count > 0 ? _values.Min() : null));
        WriteObject(result);
    }
}

[Cmdlet(VerbsCommon.Select, "String")]
internal sealed class SelectStringCommand : SimulatedCommand
{
    [Parameter(Mandatory = true, Position = 0)]
    public string[] Pattern { get; set; } = [];

    [Parameter(Position = 1)]
    public string[] Path { get; set; } = [];

    [Parameter]
    public string[] LiteralPath { get; set; } = [];

    [Parameter]
    public SwitchParameter SimpleMatch { get; set; }

    [Parameter]
    public SwitchParameter CaseSensitive { get; set; }

    [Parameter]
    public SwitchParameter Quiet { get; set; }

    [Parameter]
    public SwitchParameter NotMatch { get; set; }

    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    public object? InputObject { get; set; }

    protected override void ProcessRecord()
    {
        if (Path.Length + LiteralPath.Length == 0)
        {
            Examine("InputStream", ObjectText.Of(InputObject).Split('\n'));
        }
        foreach (var path in Path.Concat(LiteralPath))
        {
            OnPath(path, target =>
            {
                foreach (var file in target.Expand(Vm))
                {
                    Examine(file.Full, (Vm.Files.Read(file.Full) ?? "").Replace("\r\n", "\n").Split('\n'));
                }
            });
        }
    }

    private void Examine(string file, string[] lines)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            if (Pattern.Any(p => IsIn(lines[i], p)) == NotMatch)
            {
                continue;
            }
            if (Quiet)
            {
                WriteObject(true);
                return;
            }
            Run.Output.Quote(lines[i]);
            var match = new PSObject();
            match.Properties.Add(new PSNoteProperty("Path", file));
            match.Properties.Add(new PSNoteProperty("LineNumber", i + 1));
            match.Properties.Add(new PSNoteProperty("Line", lines[i]));
            WriteObject(match);
        }
    }

    private bool IsIn(string line, string pattern) => SimpleMatch
        ? line.IndexOf(pattern, CaseSensitive ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase) >= 0
        : Regex.IsMatch(line, pattern, CaseSensitive ? RegexOptions.None : RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1));
}
