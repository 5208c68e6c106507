using AibDeprovision.Generalizing;
using AibDeprovision.Machine.Linux;
using AibDeprovision.Machine.Linux.Live;
using AibDeprovision.Machine.Windows;
using AibDeprovision.Plans;

namespace AibDeprovision.Tests.Engine;

/// <summary>What a session of the tests takes for its machine: neither Windows nor Linux until a test says so. Nothing ever generalizes the machine that the tests run on.</summary>
internal sealed class OtherMachine : ThisMachine
{
    public Func<IWindowsMachine?> OnWindows { get; set; } = () => null;

    public Func<LinuxMachine?> OnLinux { get; set; } = () => null;

    public Func<ILinuxSystem?> ToCheck { get; set; } = () => null;

    public Func<ILinuxFiles?> WithFiles { get; set; } = () => null;

    public Func<DeprovisionPlan, Action<string, string>, CancellationToken, DeprovisionResult> Deprovision { get; set; } =
        (_, _, _) => throw new InvalidOperationException("A test was about to generalize the machine it runs on.");

    public override IWindowsMachine? Windows() => OnWindows();

    public override LinuxMachine? Linux() => OnLinux();

    public override ILinuxSystem? LinuxVm() => ToCheck();

    public override ILinuxFiles? LinuxFiles() => WithFiles();

    public override DeprovisionResult DeprovisionLinux(DeprovisionPlan plan, Action<string, string> write, CancellationToken cancel) => Deprovision(plan, write, cancel);
}
