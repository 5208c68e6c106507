using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;
using AibDeprovision.Rehearsal.Windows.Sandbox;

namespace AibDeprovision.Rehearsal.Windows.Commands;

[Cmdlet("Where", "Object")]
internal sealed class WhereObjectCommand : SimulatedCommand
{
    [Parameter(Mandatory = true, Position = 0)]
    public object Property { get; set; } = "";

    [Parameter(Position = 1)]
    [AllowNull]
    public object? Value { get; set; }

    [Parameter]
    public ScriptBlock? FilterScript { get; set; }

    [Parameter]
    public SwitchParameter EQ { get; set; }

    [Parameter]
    public SwitchParameter NE { get; set; }

    [Parameter]
    public SwitchParameter GT { get; set; }

    [Parameter]
    public SwitchParameter GE { get; set; }

    [Parameter]
    public SwitchParameter LT { get; set; }

    [Parameter]
    public SwitchParameter LE { get; set; }

    [Parameter]
    public SwitchParameter Match { get; set; }

    [Parameter]
    public SwitchParameter NotMatch { get; set; }

    [Parameter]
    public SwitchParameter Like { get; set; }

    [Parameter]
    public SwitchParameter NotLike { get; set; }

    [Parameter]
    public SwitchParameter In { get; set; }

    [Parameter]
    public SwitchParameter NotIn { get; set; }

    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    public object? InputObject { get; set; }

    protected override void ProcessRecord()
    {
        var passes = (FilterScript ?? Property as ScriptBlock) is { } block
            ? LanguagePrimitives.IsTrue(Block.Results(this, block, InputObject))
            : Compare(ObjectProperty.Of(this, InputObject, Property));
        if (passes)
        {
            WriteObject(InputObject);
        }
    }

    private bool Compare(object? left)
    {
        var text = left?.ToString() ?? "";
        var other = Value?.ToString() ?? "";
        return this switch
        {
            { EQ.IsPresent: true } => Same(left, Value),
            { NE.IsPresent: true } => !Same(left, Value),
            { GT.IsPresent: true } => Order(left) > 0,
            { GE.IsPresent: true } => Order(left) >= 0,
            { LT.IsPresent: true } => Order(left) < 0,
            { LE.IsPresent: true } => Order(left) <= 0,
            { Match.IsPresent: true } => Regex.IsMatch(text, other, RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1)),
            { NotMatch.IsPresent: true } => !Regex.IsMatch(text, other, RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1)),
            { Like.IsPresent: true } => WildcardPattern.Get(other, WildcardOptions.IgnoreCase).IsMatch(text),
            { NotLike.IsPresent: true } => !WildcardPattern.Get(other, WildcardOptions.IgnoreCase).IsMatch(text),
            { In.IsPresent: true } => Members().Any(member => Same(left, member)),
            { NotIn.IsPresent: true } => !Members().Any(member => Same(left, member)),
            _ => LanguagePrimitives.IsTrue(left),
        };
    }

    private IEnumerable<object?> Members() => (LanguagePrimitives.GetEnumerable(Value) ?? (IEnumerable)new[] { Value }).Cast<object?>();

    private int Order(object? left) => LanguagePrimitives.Compare(left, Value, ignoreCase: true, CultureInfo.InvariantCulture);

    private static bool Same(object? left, object? right) => LanguagePrimitives.Equals(left, right, ignoreCase: true, CultureInfo.InvariantCulture);
}
