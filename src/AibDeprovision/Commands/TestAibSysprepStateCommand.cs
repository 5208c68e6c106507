using System.Management.Automation;
using AibDeprovision.Completion;
using AibDeprovision.Machine;
using AibDeprovision.Machine.Windows;

namespace AibDeprovision.Commands;

/// <summary>Test-AibSysprepState: whether a Windows machine, or a mounted image, is in an image state.</summary>
[Cmdlet(VerbsDiagnostic.Test, "AibSysprepState")]
[OutputType(typeof(bool))]
public sealed class TestAibSysprepStateCommand : AibCommand
{
    /// <summary>The image state that is asked about.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageStateCompleter))]
    public string ImageState { get; set; } = ImageStates.GeneralizedToOobe;

    /// <summary>Folders of mounted Windows images.</summary>
    [Parameter(ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath")]
    public string[] Root { get; set; } = [];

    private string _asked = "";

    /// <inheritdoc/>
    protected override void BeginProcessing() => ForThisCall(() => _asked = SysprepStateReader.Known(ImageState));

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Root.Length == 0)
        {
            ForThisItem(() => Answer(SysprepStateReader.ImageState(ThisMachine.Here.Windows(MyInvocation.MyCommand.Name, "Name the folder of a mounted Windows image with -Root.").Registry)));
        }
        foreach (var root in Root)
        {
            ForThisItem(() => Answer(SysprepStateReader.ImageState(FileSystemPath(root), WriteWarning)), root);
        }
    }

    private void Answer(string? state) => WriteObject(_asked.Equals(state, StringComparison.OrdinalIgnoreCase));
}
