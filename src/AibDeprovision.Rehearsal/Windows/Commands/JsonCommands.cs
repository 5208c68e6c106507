using System.Globalization;
using System.Management.Automation;
using System.Runtime.Serialization.Json;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace AibDeprovision.Rehearsal.Windows.Commands;

/// <summary>ConvertFrom-Json of plain values: settings that a script reads from a file of the VM.</summary>
[Cmdlet(VerbsData.ConvertFrom, "Json")]
internal sealed class ConvertFromJsonCommand : SimulatedCommand
{
    private const int Deepest = 100;

    private readonly List<string> _lines = [];

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowEmptyString]
    public string InputObject { get; set; } = "";

    protected override void ProcessRecord() => _lines.Add(InputObject);

    protected override void EndProcessing()
    {
        var text = Encoding.UTF8.GetBytes(string.Join("\n", _lines));
        if (text.All(b => char.IsWhiteSpace((char)b)))
        {
            return;
        }
        XElement root;
        try
        {
            using var reader = JsonReaderWriterFactory.CreateJsonReader(text, 0, text.Length,
                new XmlDictionaryReaderQuotas { MaxDepth = Deepest, MaxStringContentLength = text.Length, MaxArrayLength = text.Length, MaxBytesPerRead = text.Length, MaxNameTableCharCount = text.Length + 1024 });
            root = XElement.Load(reader);
        }
        catch (Exception e) when (e is XmlException or FormatException or ArgumentException)
        {
            ThrowTerminatingError(new ErrorRecord(new FormatException("Invalid JSON primitive."), "System.ArgumentException", ErrorCategory.NotSpecified, null));
            return;
        }
        // An array comes out as one object in Windows PowerShell 5.1.
        WriteObject(ValueOf(root), enumerateCollection: false);
    }

    private static object? ValueOf(XElement element) => (string?)element.Attribute("type") switch
    {
        "object" => Object(element),
        "array" => element.Elements().Select(ValueOf).ToArray(),
        "number" => Number(element.Value),
        "boolean" => element.Value == "true",
        "null" => null,
        _ => element.Value,
    };

    private static PSObject Object(XElement element)
    {
        var made = new PSObject();
        foreach (var member in element.Elements())
        {
            // What is no name in XML stands in an attribute.
            var name = (string?)member.Attribute("item") ?? member.Name.LocalName;
            made.Properties.Remove(name);
            made.Properties.Add(new PSNoteProperty(name, ValueOf(member)));
        }
        return made;
    }

    private static object Number(string text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var small) ? small
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var large) ? large
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var fraction) ? fraction : text;
}
