using System.Collections;
using System.Management.Automation;
using AibDeprovision.Binding;
using AibDeprovision.Errors;
using AibDeprovision.Machine;
using AibDeprovision.Plans;
using AibDeprovision.Scripts;
using AibDeprovision.Templates.Steps;
using Newtonsoft.Json.Linq;

namespace AibDeprovision.Commands;

/// <summary>ConvertTo-AibCustomizer: the step of an image template that puts a deprovision script in its place.</summary>
[Cmdlet(VerbsData.ConvertTo, "AibCustomizer", SupportsShouldProcess = true, DefaultParameterSetName = "Inline")]
[OutputType(typeof(PSObject), typeof(string), typeof(Hashtable))]
public sealed class ConvertToAibCustomizerCommand : AibCommand
{
    private readonly HashSet<string> _written = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The scripts.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public DeprovisionScript[] Script { get; set; } = [];

    /// <summary>The form.</summary>
    [Parameter]
    public StepForm As { get; set; }

    /// <summary>The step's name.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = CustomizeStep.DefaultName;

    /// <summary>Where the text that writes the script will be.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "ScriptUri")]
    public Uri? ScriptUri { get; set; }

    /// <summary>A file for that text.</summary>
    [Parameter(ParameterSetName = "ScriptUri")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Where the script itself will be.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "SourceUri")]
    public Uri? SourceUri { get; set; }

    /// <summary>A restart before it.</summary>
    [Parameter]
    public SwitchParameter Restart { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var script in Script)
        {
            ForThisItem(() => Convert(script), Path);
        }
    }

    private void Convert(DeprovisionScript script)
    {
        List<JObject> steps = [StepOf(script)];
        if (Restart)
        {
            steps.Insert(0, script.Platform == DeprovisionPlatform.Windows ? CustomizeStep.Restart()
                : throw new AibException(ErrorId.OptionNotForPlatform, "-Restart is an option for Windows, and this script is for Linux.", "Leave out -Restart.", nameof(Restart)));
        }
        // All of them first, so that an error leaves neither a file nor half an answer.
        var written = steps.Select(step => As == StepForm.PackerHcl ? PackerProvisioner.Of(step, script) : StepOutput.Of(step, As)).ToList();
        if (Path is not null)
        {
            var file = FileSystemPath(Path);
            if (!_written.Add(file))
            {
                throw new AibException(ErrorId.FileExists, $"'{file}' was written for a script before this one in the same pipeline.", "Make a call for each script, with a -ScriptUri and a -Path of its own.", file);
            }
            if (ShouldProcess(file, "Write the file that -ScriptUri leads to"))
            {
                AtomicFile.Write(file, OverrideWriter.FileOf(script), overwrite: true);
            }
        }
        WriteObject(written, enumerateCollection: true);
    }

    private JObject StepOf(DeprovisionScript script) =>
        ScriptUri is not null ? CustomizeStep.FromScriptUri(script, ScriptUri, Name)
        : SourceUri is not null ? CustomizeStep.FromSourceUri(script, SourceUri, Name)
        : CustomizeStep.Inline(script, Name);
}
