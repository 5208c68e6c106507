using System.Management.Automation;
using AibDeprovision.Deprovisioning;

namespace AibDeprovision.Commands;

/// <summary>Invoke-AibDeprovision: generalizes the build VM it runs on, and says how that went.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "AibDeprovision", SupportsShouldProcess = true)]
[OutputType(typeof(DeprovisionResult))]
public sealed class InvokeAibDeprovisionCommand : DeprovisionPlanCommand
{
    private static readonly string[] HostTags = ["PSHOST"];

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForThisItemUntilStopped(() =>
    {
        var isLinux = ThisMachine.LinuxSource() is not null;
        var plan = DeprovisionPlanRules.Check(PlanFor(isLinux ? DeprovisionPlatform.Linux : DeprovisionPlatform.Windows));
        var windows = isLinux ? null : ThisMachine.Windows(MyInvocation.MyCommand.Name, "Run it as the last step of an image build; elsewhere, rehearse with Invoke-AibDeprovisionRehearsal.");
        if (ShouldProcess("this machine", "Generalize"))
        {
            Finish(windows is null ? ThisMachine.DeprovisionLinux(plan, Tell, StopToken) : WindowsDeprovision.Run(windows, plan, Tell, StopToken));
        }
    });

    private void Finish(DeprovisionResult result)
    {
        // What Packer's wrapper round an inline customizer exits with.
        SessionState.PSVariable.Set("global:LASTEXITCODE", result.ExitCode);
        WriteObject(result);
        if (result.Verdict != DeprovisionExitCode.Sealed)
        {
            throw new AibException(ErrorId.DeprovisionFailed, $"This machine is not generalized: {result.Verdict} (exit code {result.ExitCode}): {result.Cause}",
                "Read the lines above that begin with '>>> AibDeprovision'.", result);
        }
    }

    // To the host and not to the output, so that 'exit (Invoke-AibDeprovision).ExitCode' leaves the lines in the log.
    private void Tell(string phase, string line)
    {
        WriteProgress(new ProgressRecord(0, "Generalizing this machine", phase));
        WriteInformation(new HostInformationMessage { Message = line }, HostTags);
    }
}
