using System.ComponentModel;
using System.Management.Automation;
using AibDeprovision.Errors;
using AibDeprovision.Plans;
using AibDeprovision.Rehearsal.Scenarios;
using AibDeprovision.Scripts;

namespace AibDeprovision.Commands;

/// <summary>A cmdlet that takes scripts: as objects, files or text.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class ScriptInputCommand : StoppableCommand
{
    /// <summary>Scripts of New-AibDeprovisionScript.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Script")]
    [ValidateNotNullOrEmpty]
    public DeprovisionScript[] Script { get; set; } = [];

    /// <summary>Script files.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Path")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Script files whose names are taken as they stand.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralPath")]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath")]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>The text of a script; through the pipeline, a text of one line is the path of one.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Text")]
    [AllowEmptyString]
    public string ScriptText { get; set; } = "";

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var script in Script)
        {
            ForThisItemUntilStopped(() => Take(script.Plan.GenericVersion ?? $"{script.Profile} {script.Platform}".ToLowerInvariant(), script.Content, script.Platform, script.Plan));
        }
        foreach (var path in Path.SelectMany(FileSystemPaths).Concat(LiteralPath))
        {
            ForThisItemUntilStopped(() => TakePath(path), path);
        }
        if (ParameterSetName != "Text")
        {
            return;
        }
        // As an argument it is what the parameter's name says.
        if (!MyInvocation.ExpectingInput || ScriptText.IndexOfAny(['\n', '\r']) >= 0)
        {
            ForThisItemUntilStopped(() => Take("(text)", ScriptText, RehearsedFile.PlatformOf("", ScriptText), plan: null));
        }
        else
        {
            ForThisItemUntilStopped(() => TakePath(ScriptText), ScriptText);
        }
    }

    /// <summary>Does the work on one script.</summary>
    /// <param name="name">Its path, or what it is.</param>
    /// <param name="text">Its text.</param>
    /// <param name="platform">The system that it is for.</param>
    /// <param name="plan">What it was written from; null where that is not known.</param>
    private protected abstract void Take(string name, string text, DeprovisionPlatform platform, DeprovisionPlan? plan);

    private void TakePath(string path)
    {
        if (path.Length == 0)
        {
            throw new AibException(ErrorId.FileNotFound, "An empty text is neither a path nor a script.", "Pipe the path of a script, or its whole text (Get-Content -Raw).", path);
        }
        TakeFile(FileSystemPath(path));
    }

    /// <summary>Does the work on a file.</summary>
    /// <param name="full">Its full path.</param>
    private protected virtual void TakeFile(string full)
    {
        var text = RehearsedFile.Read(full);
        Take(full, text, RehearsedFile.PlatformOf(full, text), plan: null);
    }
}
