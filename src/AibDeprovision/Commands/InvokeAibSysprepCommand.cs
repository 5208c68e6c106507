using System.Management.Automation;
using AibDeprovision.Completion;
using AibDeprovision.Errors;
using AibDeprovision.Generalizing.Windows;
using AibDeprovision.Machine.Windows;
using AibDeprovision.Plans;
using AibDeprovision.Rules;
using AibDeprovision.Rules.Windows;

namespace AibDeprovision.Commands;

/// <summary>Invoke-AibSysprep: runs Sysprep, watches it, and proves that the machine is sealed.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "AibSysprep", SupportsShouldProcess = true)]
[OutputType(typeof(SysprepState), typeof(Finding))]
public sealed class InvokeAibSysprepCommand : StoppableCommand
{
    /// <summary>The switches.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string[] ArgumentList { get; set; } = [.. SysprepArguments.Default];

    /// <summary>Sysprep's /mode:vm.</summary>
    [Parameter]
    public SwitchParameter ModeVm { get; set; }

    /// <summary>File names of provider DLLs to take out of SysPrepExternal.</summary>
    [Parameter]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(SysprepProviderCompleter))]
    public string[] RemoveSysprepProvider { get; set; } = [];

    /// <summary>The longest that Sysprep may take.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DurationCompleter))]
    public Duration Timeout { get; set; } = new DeprovisionPlan().SysprepTimeout;

    /// <summary>Run it although it cuts the build off, does not generalize, or is not ready.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Write the state afterwards.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForThisItemUntilStopped(() =>
    {
        IReadOnlyList<string> arguments = ModeVm && !ArgumentList.Any(IsModeVm) ? [.. ArgumentList, "/mode:vm"] : ArgumentList;
        SysprepArguments.Check(arguments, Force);
        var providers = DeprovisionPlanRules.ProviderNames(nameof(RemoveSysprepProvider), RemoveSysprepProvider);
        if (Timeout <= TimeSpan.Zero)
        {
            throw new AibException(ErrorId.InvalidOptionValue, $"-Timeout is {Timeout}: Sysprep would be started and given up in the same moment.", "Give it minutes, or leave -Timeout out.", Timeout);
        }
        var machine = ThisMachine.Here.Windows(MyInvocation.MyCommand.Name, "Run it as the last step of an image build; elsewhere, rehearse with Invoke-AibDeprovisionRehearsal.");
        if (!machine.IsElevated)
        {
            throw new AibException(ErrorId.NotElevated, WindowsRules.NotElevated.Message, WindowsRules.NotElevated.Remedy!, MyInvocation.MyCommand.Name);
        }
        if (ShouldProcess("this machine", $"Run Sysprep {SysprepArguments.Text(arguments)}"))
        {
            Generalize(machine, arguments, providers);
        }
    });

    private void Generalize(IWindowsMachine machine, IReadOnlyList<string> arguments, IReadOnlyList<string> providers)
    {
        var step = new SysprepStep(machine)
        {
            Arguments = arguments,
            RemoveProviders = providers,
            Force = Force,
            Note = (_, text) => Tell(text),
            Warn = finding => WriteWarning($"{finding.Message} {finding.Remedy}"),
            ShowLine = WriteVerbose,
        };
        try
        {
            step.Prepare();
            step.Run(Timeout, StopToken);
        }
        catch (AibException e) when (e.Id == ErrorId.NotReady)
        {
            throw new AibException(e.Id, e.Message, $"{e.Advice} -Force tries it all the same.", e.Target);
        }
        catch (AibException e) when (e.Id is ErrorId.SysprepNotSealed or ErrorId.SysprepTimedOut)
        {
            WriteObject(step.Findings, enumerateCollection: true);
            throw;
        }
        if (PassThru)
        {
            WriteObject(SysprepStateReader.Read(machine));
        }
    }

    private static bool IsModeVm(string argument) => argument.TrimStart('/', '-').Equals("mode:vm", StringComparison.OrdinalIgnoreCase);

    private void Tell(string text)
    {
        WriteVerbose(text);
        ShowProgress("Sysprep", text);
    }
}
