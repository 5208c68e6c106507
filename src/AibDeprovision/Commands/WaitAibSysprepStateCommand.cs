using System.Management.Automation;
using AibDeprovision.Completion;
using AibDeprovision.Errors;
using AibDeprovision.Generalizing;
using AibDeprovision.Generalizing.Windows;
using AibDeprovision.Machine;
using AibDeprovision.Machine.Windows;
using AibDeprovision.Plans;

namespace AibDeprovision.Commands;

/// <summary>Wait-AibSysprepState: waits for an image state, and no longer than it can still come.</summary>
[Cmdlet(VerbsLifecycle.Wait, "AibSysprepState")]
[OutputType(typeof(WaitOutcome))]
public sealed class WaitAibSysprepStateCommand : StoppableCommand
{
    /// <summary>The image state that is to come.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageStateCompleter))]
    public string ImageState { get; set; } = ImageStates.GeneralizedToOobe;

    /// <summary>The longest wait.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DurationCompleter))]
    public Duration Timeout { get; set; } = new DeprovisionPlan().SysprepTimeout;

    /// <summary>Write how the wait has ended.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForThisItemUntilStopped(() =>
    {
        var machine = ThisMachine.Here.Windows(MyInvocation.MyCommand.Name, "For a mounted image use Test-AibSysprepState -Root.");
        var outcome = SysprepStateWait.Run(machine, SysprepStateReader.Known(ImageState), Timeout, Tell, StopToken);
        if (PassThru)
        {
            WriteObject(outcome);
        }
        if (outcome.Error is { } error)
        {
            throw new AibException(error, outcome.Reason!, @"Read System32\Sysprep\Panther\setuperr.log: the first error of the last run is the cause.", ImageState);
        }
    });

    private void Tell(string text)
    {
        WriteVerbose(text);
        ShowProgress($"Waiting for {ImageState}", text);
    }
}
