using System.Collections;
using System.Management.Automation;
using System.Text;
using AibDeprovision.Rehearsal.Windows.Sandbox;

namespace AibDeprovision.Rehearsal.Windows.Commands;

/// <summary>Format-Table and Format-List: the properties as lines; no columns are drawn.</summary>
internal abstract class FormatCommand : SimulatedCommand
{
    [Parameter(Position = 0)]
    public object[] Property { get; set; } = [];

    [Parameter]
    public SwitchParameter AutoSize { get; set; }

    [Parameter]
    public SwitchParameter Wrap { get; set; }

    [Parameter]
    public SwitchParameter HideTableHeaders { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    public object? InputObject { get; set; }

    protected override void ProcessRecord() => WriteObject(Property.Length == 0 || Property.Any(p => p is string text && WildcardPattern.ContainsWildcardCharacters(text))
        ? ObjectText.Of(InputObject)
        : string.Join("\n", Property.Select(p => $"{ObjectProperty.NameOf(p)} : {ObjectText.Of(ObjectProperty.Of(this, InputObject, p))}")));
}

[Cmdlet("Format", "Table")]
internal sealed class FormatTableCommand : FormatCommand;

[Cmdlet("Format", "List")]
internal sealed class FormatListCommand : FormatCommand;

[Cmdlet(VerbsData.Out, "Default")]
internal sealed class OutDefaultCommand : SimulatedCommand
{
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    protected override void ProcessRecord() => Run.Output.Add(ObjectText.Of(InputObject));
}

/// <summary>Tee-Object into a file.</summary>
[Cmdlet("Tee", "Object")]
internal sealed class TeeObjectCommand : SimulatedCommand
{
    private readonly StringBuilder _text = new();

    [Parameter(Mandatory = true, Position = 0)]
    [Alias("Path")]
    public string FilePath { get; set; } = "";

    [Parameter]
    public SwitchParameter Append { get; set; }

    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    protected override void ProcessRecord()
    {
        _text.Append(ObjectText.Of(InputObject)).Append("\r\n");
        WriteObject(InputObject);
    }

    protected override void EndProcessing() => OnPath(FilePath, path => Vm.Files.Write(path.Full, (Append ? Vm.Files.Read(path.Full) : "") + _text));
}

/// <summary>Add-Member of a property.</summary>
[Cmdlet(VerbsCommon.Add, "Member")]
internal sealed class AddMemberCommand : SimulatedCommand
{
    [Parameter]
    [Alias("Type")]
    public string MemberType { get; set; } = "NoteProperty";

    [Parameter(Position = 0)]
    [Alias("NotePropertyName")]
    public object? Name { get; set; }

    [Parameter(Position = 1)]
    [Alias("NotePropertyValue")]
    [AllowNull]
    public object? Value { get; set; }

    [Parameter]
    public IDictionary? NotePropertyMembers { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public PSObject InputObject { get; set; } = new();

    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        // Positions are: the type, the name, the value.
        if (Name is string kind && kind.EndsWith("Property", StringComparison.OrdinalIgnoreCase) && !MyInvocation.BoundParameters.ContainsKey(nameof(MemberType)))
        {
            Run.RefuseHere("Add-Member without the names of its parameters");
        }
        if (!MemberType.Equals("NoteProperty", StringComparison.OrdinalIgnoreCase) || Name is not (null or string))
        {
            Run.RefuseHere($"Add-Member {MemberType}");
        }
    }

    protected override void ProcessRecord()
    {
        if (Name is string name)
        {
            InputObject.Properties.Remove(name);
            InputObject.Properties.Add(new PSNoteProperty(name, Value));
        }
        foreach (DictionaryEntry member in NotePropertyMembers ?? new Hashtable())
        {
            InputObject.Properties.Add(new PSNoteProperty(member.Key.ToString()!, member.Value));
        }
        if (PassThru)
        {
            WriteObject(InputObject);
        }
    }
}
