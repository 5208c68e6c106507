using System.Management.Automation;
using AibDeprovision.Rehearsal.Windows.Sandbox;

namespace AibDeprovision.Rehearsal.Windows.Commands;

[Cmdlet(VerbsCommunications.Write, "Output")]
internal sealed class WriteOutputCommand : SimulatedCommand
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromRemainingArguments = true)]
    [AllowNull]
    [AllowEmptyCollection]
    public PSObject?[]? InputObject { get; set; }

    [Parameter]
    public SwitchParameter NoEnumerate { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var item in InputObject ?? [null])
        {
            WriteObject(item, enumerateCollection: !NoEnumerate);
        }
    }
}

[Cmdlet(VerbsCommunications.Write, "Host")]
internal sealed class WriteHostCommand : SimulatedCommand
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromRemainingArguments = true)]
    [Alias("Msg", "Message")]
    public object? Object { get; set; }

    [Parameter]
    public SwitchParameter NoNewline { get; set; }

    [Parameter]
    public object Separator { get; set; } = " ";

    [Parameter]
    public ConsoleColor ForegroundColor { get; set; }

    [Parameter]
    public ConsoleColor BackgroundColor { get; set; }

    protected override void ProcessRecord()
    {
        var parts = LanguagePrimitives.GetEnumerable(Object) is { } many ? many.Cast<object?>() : [Object];
        Run.Output.Add(string.Join(Separator.ToString(), parts.Select(ObjectText.Of)));
    }
}

/// <summary>Write-Warning, Write-Verbose, Write-Debug: what they say goes where the preferences send it.</summary>
internal abstract class WriteMessageCommand : SimulatedCommand
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("Msg")]
    [AllowEmptyString]
    public string Message { get; set; } = "";
}

[Cmdlet(VerbsCommunications.Write, "Warning")]
internal sealed class WriteWarningCommand : WriteMessageCommand
{
    protected override void ProcessRecord() => WriteWarning(Message);
}

[Cmdlet(VerbsCommunications.Write, "Verbose")]
internal sealed class WriteVerboseCommand : WriteMessageCommand
{
    protected override void ProcessRecord() => WriteVerbose(Message);
}

[Cmdlet(VerbsCommunications.Write, "Debug")]
internal sealed class WriteDebugCommand : WriteMessageCommand
{
    protected override void ProcessRecord() => WriteDebug(Message);
}

[Cmdlet(VerbsCommunications.Write, "Information")]
internal sealed class WriteInformationCommand : SimulatedCommand
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("Msg", "Message")]
    public object MessageData { get; set; } = "";

    [Parameter(Position = 1)]
    public string[] Tags { get; set; } = [];

    protected override void ProcessRecord() => WriteInformation(MessageData, Tags);
}

[Cmdlet(VerbsCommunications.Write, "Progress")]
internal sealed class WriteProgressCommand : SimulatedCommand
{
    [Parameter(Position = 0)]
    public string? Activity { get; set; }

    [Parameter(Position = 1)]
    public string? Status { get; set; }

    [Parameter]
    public int PercentComplete { get; set; }

    [Parameter]
    public int SecondsRemaining { get; set; }

    [Parameter]
    public int Id { get; set; }

    [Parameter]
    public SwitchParameter Completed { get; set; }
}

[Cmdlet(VerbsCommunications.Write, "Error")]
internal sealed class WriteErrorCommand : SimulatedCommand
{
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [Alias("Msg")]
    [AllowEmptyString]
    public string? Message { get; set; }

    [Parameter]
    public Exception? Exception { get; set; }

    [Parameter]
    public ErrorRecord? ErrorRecord { get; set; }

    [Parameter]
    public ErrorCategory Category { get; set; }

    [Parameter]
    public string? ErrorId { get; set; }

    [Parameter]
    public object? TargetObject { get; set; }

    protected override void ProcessRecord()
    {
        var error = Exception ?? new InvalidOperationException(Message ?? "");
        var record = ErrorRecord ?? new ErrorRecord(error, ErrorId ?? "Microsoft.PowerShell.Commands.WriteErrorException", Category, TargetObject);
        if (Exception is null && ErrorRecord is null)
        {
            record.CategoryInfo.Reason = "WriteErrorException";
        }
        WriteError(record);
    }
}

[Cmdlet(VerbsData.Out, "String")]
internal sealed class OutStringCommand : SimulatedCommand
{
    private readonly List<string> _lines = [];

    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    [Parameter]
    public SwitchParameter Stream { get; set; }

    [Parameter]
    public int Width { get; set; }

    protected override void ProcessRecord() => _lines.Add(ObjectText.Of(InputObject));

    protected override void EndProcessing()
    {
        if (Stream)
        {
            WriteObject(_lines, enumerateCollection: true);
        }
        else
        {
            WriteObject(string.Concat(_lines.Select(line => line + "\r\n")));
        }
    }
}

[Cmdlet(VerbsData.Out, "Host")]
internal sealed class OutHostCommand : SimulatedCommand
{
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    protected override void ProcessRecord() => Run.Output.Add(ObjectText.Of(InputObject));
}

[Cmdlet(VerbsData.Out, "Null")]
internal sealed class OutNullCommand : SimulatedCommand
{
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    public object? InputObject { get; set; }
}
