using System.Management.Automation;
using AibDeprovision.Machine.Windows;

namespace AibDeprovision.Commands;

/// <summary>Get-AibSysprepState: how far a Windows machine, or a mounted image, has been generalized.</summary>
[Cmdlet(VerbsCommon.Get, "AibSysprepState")]
[OutputType(typeof(SysprepState))]
public sealed class GetAibSysprepStateCommand : AibCommand
{
    /// <summary>Folders of mounted Windows images.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath")]
    public string[] Root { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Root.Length == 0)
        {
            ForThisItem(() => WriteObject(SysprepStateReader.Read(ThisMachine.Here.Windows(MyInvocation.MyCommand.Name, "Name the folder of a mounted Windows image with -Root."))));
        }
        foreach (var root in Root)
        {
            ForThisItem(() => WriteObject(SysprepStateReader.Read(FileSystemPath(root), WriteWarning)), root);
        }
    }
}
