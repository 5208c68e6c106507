using System.Management.Automation;
using System.Text;
using AibDeprovision.Rehearsal.Windows.Sandbox;

namespace AibDeprovision.Rehearsal.Windows.Commands;

[Cmdlet(VerbsCommon.Get, "Content")]
internal sealed class GetContentCommand : PathCommand
{
    [Parameter]
    public SwitchParameter Raw { get; set; }

    [Parameter]
    [Alias("Last")]
    public int Tail { get; set; } = -1;

    [Parameter]
    [Alias("First", "Head")]
    public long TotalCount { get; set; } = -1;

    [Parameter]
    public long ReadCount { get; set; } = 1;

    [Parameter]
    public SwitchParameter Wait { get; set; }

    [Parameter]
    public object? Encoding { get; set; }

    protected override void ProcessRecord() => ForEachItem(path =>
    {
        if (path.Store == VmStore.Environment)
        {
            WriteObject(Vm.Environment[path.Full]);
            return;
        }
        if (Vm.Files.Read(path.Full) is not { } text)
        {
            Fail($"Access to the path '{path.Full}' is denied.", "GetContentReaderUnauthorizedAccessError", ErrorCategory.PermissionDenied, path.Full, "UnauthorizedAccessException");
            return;
        }
        var lines = text.Replace("\r\n", "\n").Split('\n');
        foreach (var line in lines)
        {
            Run.Output.Quote(line);
        }
        if (Raw)
        {
            WriteObject(text);
            return;
        }
        var count = text.Length == 0 ? 0 : lines[lines.Length - 1].Length == 0 ? lines.Length - 1 : lines.Length;
        var skip = Tail >= 0 ? Math.Max(0, count - Tail) : 0;
        var wanted = lines.Take(count).Skip(skip).Take(TotalCount >= 0 ? (int)TotalCount : int.MaxValue).ToArray();
        WriteObject(wanted, enumerateCollection: ReadCount != 0);
        if (Wait)
        {
            Run.WaitUntil(() => false, null, "more lines in a file");
        }
    });
}

/// <summary>The commands that write lines into a file.</summary>
internal abstract class WriteContentCommand : PathCommand
{
    private readonly StringBuilder _text = new();

    [Parameter]
    public object? Encoding { get; set; }

    [Parameter]
    public SwitchParameter NoNewline { get; set; }

    private protected void AddLines(IEnumerable<object?> values)
    {
        foreach (var value in values)
        {
            _text.Append(LanguagePrimitives.ConvertTo<string>(value)).Append(NoNewline ? "" : "\r\n");
        }
    }

    private protected void WriteFiles(bool append) => ForEachPath(path =>
    {
        if (path.Store == VmStore.Environment)
        {
            Vm.Environment[path.Full] = _text.ToString().TrimEnd('\r', '\n');
        }
        else if (append)
        {
            Vm.Files.Append(path.Full, _text.ToString());
        }
        else
        {
            Vm.Files.Write(path.Full, _text.ToString());
        }
    });
}

[Cmdlet(VerbsCommon.Set, "Content", SupportsShouldProcess = true)]
internal class SetContentCommand : WriteContentCommand
{
    [Parameter(Position = 1, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyCollection]
    [AllowEmptyString]
    public object?[] Value { get; set; } = [];

    private protected virtual bool Appends => false;

    protected override void ProcessRecord() => AddLines(Value);

    protected override void EndProcessing()
    {
        if (ShouldProcess(string.Join(", ", Path.Concat(LiteralPath))))
        {
            WriteFiles(Appends);
        }
    }
}

[Cmdlet(VerbsCommon.Clear, "Content", SupportsShouldProcess = true)]
internal sealed class ClearContentCommand : PathCommand
{
    protected override void ProcessRecord() => ForEachItem(path =>
    {
        if (ShouldProcess(path.Full))
        {
            Vm.Files.Write(path.Full, "");
        }
    });
}

[Cmdlet(VerbsCommon.Add, "Content", SupportsShouldProcess = true)]
internal sealed class AddContentCommand : SetContentCommand
{
    private protected override bool Appends => true;
}

[Cmdlet(VerbsData.Out, "File")]
internal sealed class OutFileCommand : WriteContentCommand
{
    [Parameter(Position = 0)]
    public string? FilePath { get; set; }

    [Parameter]
    public SwitchParameter Append { get; set; }

    [Parameter]
    public int Width { get; set; }

    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    protected override void ProcessRecord() => AddLines([InputObject]);

    protected override void EndProcessing()
    {
        Path = FilePath is null ? [] : [FilePath];
        WriteFiles(Append);
    }
}
