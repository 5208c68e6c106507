using System.Management.Automation;
using AibDeprovision.Rehearsal.Windows.Sandbox;

namespace AibDeprovision.Rehearsal.Windows.Commands;

[Cmdlet("ForEach", "Object")]
internal sealed class ForEachObjectCommand : SimulatedCommand
{
    [Parameter(Mandatory = true, Position = 0, ValueFromRemainingArguments = true)]
    [AllowNull]
    public object?[] Process { get; set; } = [];

    [Parameter]
    public ScriptBlock? Begin { get; set; }

    [Parameter]
    public ScriptBlock? End { get; set; }

    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    public object? InputObject { get; set; }

    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (Array.Find(Process, part => part is string text && text.StartsWith("-", StringComparison.Ordinal)) is string later)
        {
            // -Parallel and the like: Windows PowerShell takes the word for one more block.
            ThrowTerminatingError(new ErrorRecord(new InvalidOperationException(
                $"Cannot bind parameter 'RemainingScripts'. Cannot convert the \"{later}\" value of type \"System.String\" to type \"System.Management.Automation.ScriptBlock\"."), "CannotConvertArgumentNoMessage", ErrorCategory.InvalidArgument, later));
        }
        // As the real one: of two blocks the first begins, of three the last ends.
        var blocks = Process.Where(p => p is ScriptBlock).Cast<ScriptBlock>().ToList();
        Begin ??= blocks.Count > 1 ? blocks[0] : null;
        End ??= blocks.Count > 2 ? blocks[blocks.Count - 1] : null;
        Process = blocks.Count > 1 ? [.. blocks.Where(b => b != Begin && b != End)] : Process;
        Block.Run(this, Begin, null);
    }

    protected override void ProcessRecord()
    {
        foreach (var step in Process)
        {
            if (step is ScriptBlock block)
            {
                Block.Run(this, block, InputObject);
            }
            else if (InputObject is not null && step is not null)
            {
                WriteObject(ObjectProperty.Of(this, InputObject, step), enumerateCollection: true);
            }
        }
    }

    protected override void EndProcessing() => Block.Run(this, End, null);
}

[Cmdlet(VerbsCommon.Select, "Object")]
internal sealed class SelectObjectCommand : SimulatedCommand
{
    private readonly List<object?> _items = [];

    [Parameter(Position = 0)]
    public object[] Property { get; set; } = [];

    [Parameter]
    public string? ExpandProperty { get; set; }

    [Parameter]
    public int First { get; set; } = -1;

    [Parameter]
    public int Last { get; set; } = -1;

    [Parameter]
    public int Skip { get; set; }

    [Parameter]
    public int[]? Index { get; set; }

    [Parameter]
    public SwitchParameter Unique { get; set; }

    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    public object? InputObject { get; set; }

    protected override void ProcessRecord() => _items.Add(InputObject);

    protected override void EndProcessing()
    {
        IEnumerable<object?> chosen = _items.Skip(Skip);
        chosen = First >= 0 ? chosen.Take(First) : Last >= 0 ? chosen.Skip(Math.Max(0, _items.Count - Skip - Last)) : chosen;
        chosen = Index is { } indexes ? indexes.Where(i => i >= 0 && i < _items.Count).Select(i => _items[i]) : chosen;
        foreach (var item in Unique ? chosen.Distinct(ObjectProperty.SameText) : chosen)
        {
            if (ExpandProperty is not null)
            {
                WriteObject(ObjectProperty.Of(this, item, ExpandProperty), enumerateCollection: true);
            }
            else
            {
                WriteObject(Property.Length == 0 ? item : Project(item));
            }
        }
    }

    private PSObject Project(object? item)
    {
        var result = new PSObject();
        foreach (var property in Property)
        {
            result.Properties.Add(new PSNoteProperty(ObjectProperty.NameOf(property), ObjectProperty.Of(this, item, property)));
        }
        return result;
    }
}

[Cmdlet(VerbsLifecycle.Invoke, "Expression")]
internal sealed class InvokeExpressionCommand : SimulatedCommand
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowEmptyString]
    public string Command { get; set; } = "";

    protected override void ProcessRecord()
    {
        var gate = ScriptGate.Read(Command);
        if (gate.Refusal is { } refusal)
        {
            Run.RefuseHere($"Invoke-Expression with {refusal.Construct}");
        }
        if (gate.SyntaxError is { } error)
        {
            ThrowTerminatingError(new ErrorRecord(new ParseException(error), "ParseException", ErrorCategory.ParserError, Command));
        }
        Run.Adopt(gate);
        Block.Run(this, InvokeCommand.NewScriptBlock(gate.Text), null);
    }
}
