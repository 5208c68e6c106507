using System.Management.Automation;
using AibDeprovision.Binding;
using AibDeprovision.Completion;
using AibDeprovision.Errors;
using AibDeprovision.Plans;
using AibDeprovision.Scripts;

namespace AibDeprovision.Commands;

/// <summary>New-AibDeprovisionScript: writes the script that generalizes a build VM of Azure Image Builder.</summary>
[Cmdlet(VerbsCommon.New, "AibDeprovisionScript", SupportsShouldProcess = true)]
[OutputType(typeof(DeprovisionScript))]
public sealed class NewAibDeprovisionScriptCommand : DeprovisionPlanCommand
{
    private readonly HashSet<string> _written = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The system that the image holds.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public DeprovisionPlatform Platform { get; set; }

    /// <summary>Hardened, or one of the documented defaults.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public DeprovisionProfile Profile { get; set; }

    /// <summary>Which of the documented defaults.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(GenericVersionCompleter))]
    public string? GenericVersion { get; set; }

    /// <summary>A script that only checks whether the machine can be generalized.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [SwitchText]
    public SwitchParameter ReadinessOnly { get; set; }

    /// <summary>Text that runs before the waits.</summary>
    [Parameter]
    [AllowEmptyString]
    public string BeforeScript { get; set; } = "";

    /// <summary>Text that runs after the seal has been verified.</summary>
    [Parameter]
    [AllowEmptyString]
    public string AfterScript { get; set; } = "";

    /// <summary>A file, or a folder that gets the script under its own name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Do not overwrite a file.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Create the folder when it is missing, and overwrite a read-only file.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>What came through the pipeline: a platform, or a row whose columns are options.</summary>
    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForThisItem(() =>
    {
        OptionRow.Check(InputObject, MyInvocation.MyCommand.Parameters.Values.SelectMany(p => p.Aliases.Append(p.Name)));
        var script = ScriptGenerator.Generate(PlanFor(Platform) with
        {
            Profile = Profile,
            GenericVersion = GenericVersion,
            ReadinessOnly = ReadinessOnly,
            BeforeScript = HookText.Parsed(nameof(BeforeScript), BeforeScript, Platform),
            AfterScript = HookText.Parsed(nameof(AfterScript), AfterScript, Platform),
        });
        foreach (var doubt in DeprovisionPlanRules.Doubts(script.Plan))
        {
            WriteWarning(doubt);
        }
        if (Path is not null)
        {
            Write(script, FileFor(script, Path));
        }
        WriteObject(script);
    }, Path);

    private string FileFor(DeprovisionScript script, string path)
    {
        var full = FileSystemPath(path);
        var isFolder = Directory.Exists(full) || path[^1] is '/' or '\\';
        return isFolder ? System.IO.Path.Combine(full, ScriptFile.NameOf(script)) : full;
    }

    private void Write(DeprovisionScript script, string file)
    {
        if (!_written.Add(file))
        {
            throw new AibException(ErrorId.FileExists, $"'{file}' was written by a script before this one in the same pipeline.", "Give each script a -Path of its own, or a folder when they are for different platforms.", file);
        }
        if (ShouldProcess(file, $"Write the {script.Platform} {(ReadinessOnly ? "readiness" : "deprovision")} script"))
        {
            ScriptFile.Write(script, file, overwrite: !NoClobber, Force);
            WriteVerbose($"Wrote {file}.");
        }
    }
}
