using System.Management.Automation;
using AibDeprovision.Errors;
using AibDeprovision.Plans;
using AibDeprovision.Rules;
using AibDeprovision.Rules.Linux;
using AibDeprovision.Rules.Windows;

namespace AibDeprovision.Commands;

/// <summary>Test-AibGeneralization: build-specific state left on this machine or in a mounted image.</summary>
[Cmdlet(VerbsDiagnostic.Test, "AibGeneralization")]
[OutputType(typeof(Finding), typeof(bool))]
public sealed class TestAibGeneralizationCommand : StoppableCommand
{
    /// <summary>Folders of mounted Linux or Windows images.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath")]
    public string[] Root { get; set; } = [];

    /// <summary>Residue that is meant to stay.</summary>
    [Parameter]
    public ResidueKinds Keep { get; set; }

    /// <summary>The provisioned user is meant to stay.</summary>
    [Parameter]
    public SwitchParameter KeepUser { get; set; }

    /// <summary>The users that were made for the build.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] User { get; set; } = [];

    /// <summary>Look at what Marketplace certification looks at too.</summary>
    [Parameter]
    public SwitchParameter Certification { get; set; }

    /// <summary>Write only whether nothing is left.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => ForThisCall(() =>
    {
        if (User.FirstOrDefault(name => !LinuxAccounts.IsUserName(name)) is { } wrong)
        {
            throw new AibException(ErrorId.InvalidOptionValue, $"-User '{PrintableText.Of(wrong)}' is no name of a user that could have been made for a build.",
                "Give the plain name of an account other than root.", wrong);
        }
    });

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var policy = new GeneralizationPolicy { Keep = Keep, KeepUser = KeepUser, Users = User, Certification = Certification };
        if (Root.Length == 0)
        {
            ForThisItemUntilStopped(() => Answer(OfThisMachine(policy)));
        }
        foreach (var root in Root)
        {
            ForThisItemUntilStopped(() => Answer(Generalization.Check(FileSystemPath(root), policy, WriteWarning, StopToken)), root);
        }
    }

    private IReadOnlyList<Finding> OfThisMachine(GeneralizationPolicy policy)
    {
        const string Instead = "Name the folder of a mounted image with -Root.";
        var name = MyInvocation.MyCommand.Name;
        return ThisMachine.Here.Windows() is not null ? WindowsResidue.Check(ThisMachine.Here.Windows(name, Instead), policy, WriteWarning)
            : ThisMachine.Here.LinuxFiles() is { } linux ? LinuxResidue.Check(linux, policy, StopToken)
            : throw new AibException(ErrorId.PlatformNotSupported, $"{name} without -Root works on the VM itself, and this is neither Windows nor Linux.", Instead, name);
    }

    private void Answer(IReadOnlyList<Finding> findings)
    {
        if (Quiet)
        {
            WriteObject(findings.All(finding => finding.Severity == Severity.Information));
        }
        else
        {
            WriteObject(findings, enumerateCollection: true);
        }
    }
}
