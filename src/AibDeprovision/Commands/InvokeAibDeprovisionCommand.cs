using System.Management.Automation;
using AibDeprovision.Errors;
using AibDeprovision.Generalizing;
using AibDeprovision.Generalizing.Windows;
using AibDeprovision.Plans;

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
        DeprovisionResult? result;
        Exception? failure = null;
        try
        {
            result = Deprovision();
        }
        catch (Exception e) when (e is not (PipelineStoppedException or FlowControlException) && !StopToken.IsCancellationRequested)
        {
            // Without a result, a script that exits with its code would exit with 0.
            failure = e;
            result = Broken(e);
        }
        if (result is not null)
        {
            Finish(result, failure);
        }
    });

    // Null where nobody wants it done.
    private DeprovisionResult? Deprovision()
    {
        var isLinux = ThisMachine.Here.Linux() is not null;
        var plan = DeprovisionPlanRules.Check(PlanFor(isLinux ? DeprovisionPlatform.Linux : DeprovisionPlatform.Windows));
        foreach (var doubt in DeprovisionPlanRules.Doubts(plan))
        {
            WriteWarning(doubt);
        }
        var windows = isLinux ? null : ThisMachine.Here.Windows(MyInvocation.MyCommand.Name, "Run it as the last step of an image build; elsewhere, rehearse with Invoke-AibDeprovisionRehearsal.");
        return !ShouldProcess("this machine", "Generalize") ? null
            : windows is null ? ThisMachine.Here.DeprovisionLinux(plan, Tell, StopToken)
            : WindowsDeprovision.Run(windows, plan, Tell, StopToken);
    }

    private static DeprovisionResult Broken(Exception failure) => new()
    {
        Verdict = failure is AibException { Id: ErrorId.PlatformNotSupported } ? DeprovisionExitCode.NotReady : DeprovisionExitCode.Unexpected,
        Cause = DeprovisionLog.OneLine(failure is AibException known ? known.Explanation : failure.Message),
    };

    private void Finish(DeprovisionResult result, Exception? failure)
    {
        // What Packer's wrapper round an inline customizer exits with.
        SessionState.PSVariable.Set("global:LASTEXITCODE", result.ExitCode);
        WriteObject(result);
        if (failure is AibException known)
        {
            throw known;
        }
        if (result.Verdict != DeprovisionExitCode.Sealed)
        {
            throw new AibException(ErrorId.DeprovisionFailed, $"This machine is not generalized: {result.Verdict} (exit code {result.ExitCode}): {result.Cause}",
                "Read the lines above that begin with '>>> AibDeprovision'.", result, failure);
        }
    }

    // To the host and not to the output, so that a script that exits with the result's code leaves the lines in the log.
    private void Tell(string phase, string line)
    {
        ShowProgress("Generalizing this machine", phase);
        WriteInformation(new HostInformationMessage { Message = line }, HostTags);
    }
}
