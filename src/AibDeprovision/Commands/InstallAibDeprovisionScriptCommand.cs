using System.Management.Automation;
using AibDeprovision.Scripts;

namespace AibDeprovision.Commands;

/// <summary>Install-AibDeprovisionScript: puts scripts where Azure Image Builder runs them.</summary>
[Cmdlet(VerbsLifecycle.Install, "AibDeprovisionScript", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class InstallAibDeprovisionScriptCommand : AibCommand
{
    /// <summary>The scripts.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public DeprovisionScript[] Script { get; set; } = [];

    /// <summary>The folder in which the image's file system begins.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Root { get; set; }

    /// <summary>Keep what stood there.</summary>
    [Parameter]
    public SwitchParameter Backup { get; set; }

    /// <summary>Write the installed file.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var script in Script)
        {
            ForThisItem(() => Install(script), Root);
        }
    }

    private void Install(DeprovisionScript script)
    {
        var destination = ScriptInstaller.DestinationOf(script, Root is null ? null : FileSystemPath(Root));
        if (!ShouldProcess(destination, $"Install the {script.Platform} deprovision script"))
        {
            return;
        }
        var kept = ScriptInstaller.Install(script, destination, Backup);
        if (kept is not null)
        {
            WriteVerbose($"Kept what stood there as {kept}.");
        }
        WriteVerbose($"Installed {destination}, SHA-256 {script.Sha256}.");
        if (PassThru)
        {
            WriteObject(new FileInfo(destination));
        }
    }
}
