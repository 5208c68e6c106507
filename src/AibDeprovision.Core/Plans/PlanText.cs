using System.Globalization;
using AibDeprovision.Scripts;

namespace AibDeprovision.Plans;

/// <summary>A plan as a person reads it: what the script will do, a line each.</summary>
internal static class PlanText
{
    private static readonly (ResidueKinds Item, string Name)[] Residue =
    [
        (ResidueKinds.MachineId, "machine-id"), (ResidueKinds.CloudInit, "cloud-init state"), (ResidueKinds.Logs, "logs"),
        (ResidueKinds.History, "histories"), (ResidueKinds.TempFiles, "temporary files"), (ResidueKinds.RootSshKeys, "root's SSH keys"),
        (ResidueKinds.Credentials, "root's credentials"),
        (ResidueKinds.Subscriptions, "subscriptions"), (ResidueKinds.DomainJoin, "domain membership"), (ResidueKinds.Agents, "identities of agents"),
    ];

    public static string Of(DeprovisionPlan plan) => string.Join("\n", (plan.Profile, plan.Platform) switch
    {
        (DeprovisionProfile.Generic, _) => [$"the documented text {plan.GenericVersion}: {GenericScripts.DescriptionOf(plan.GenericVersion ?? GenericScripts.NewestOf(plan.Platform))}"],
        _ when plan.ReadinessOnly => [$"looks whether the machine can be generalized, and changes nothing; exit code {(int)DeprovisionExitCode.NotReady} where it cannot{(plan.Strict ? ", or may not" : "")}"],
        (_, DeprovisionPlatform.Windows) => Windows(plan),
        _ => Linux(plan),
    });

    private static IEnumerable<string> Windows(DeprovisionPlan plan) =>
    [
        .. Hook("before the waits", plan.BeforeScript),
        $"waits for {List(plan.RequiredServices)}, at most {Time(plan.ServiceTimeout)}" + (plan.OptionalServices.Count > 0 ? $"; where installed also {List(plan.OptionalServices)}" : ""),
        .. plan.RemoveSysprepProviders.Select(dll => $"removes the Sysprep provider {dll}"),
        .. plan.Strict ? (string[])["refuses a machine on which Sysprep only may fail: an update that waits for a restart, a GeneralizationState other than 7"] : [],
        $"Sysprep /oobe /generalize /quiet /quit{(plan.ModeVm ? " /mode:vm" : "")}, at most {Time(plan.SysprepTimeout)}",
        "proves the seal by image state and success tag",
        .. Hook("after the seal", plan.AfterScript),
        .. plan.NoTrace ? (string[])["leaves no trace of the seal"] : [],
        $"ends within {Time(plan.Deadline)}",
    ];

    private static IEnumerable<string> Linux(DeprovisionPlan plan) =>
    [
        .. Hook("before the waits", plan.BeforeScript),
        $"waits for the package manager and cloud-init, at most {Time(plan.ServiceTimeout)}",
        $"waagent -force {(plan.KeepUser ? "-deprovision" : "-deprovision+user")}, judged by its result",
        $"clears {List(Residue.Where(r => !plan.Keep.HasFlag(r.Item)).Select(r => r.Name).Append("what waagent leaves"))}",
        .. plan.Keep == ResidueKinds.None ? Array.Empty<string>() : [$"keeps {List(Residue.Where(r => plan.Keep.HasFlag(r.Item)).Select(r => r.Name))}"],
        "verifies that nothing of it is left",
        .. Hook("after the seal", plan.AfterScript),
        .. plan.NoTrace ? (string[])["leaves no trace of the seal"] : [],
        $"ends within {Time(plan.Deadline)}",
    ];

    private static string[] Hook(string when, string text) =>
        text.Length == 0 ? [] : [$"runs {text.TrimEnd().Count(c => c == '\n') + 1} line(s) of your script {when}"];

    private static string List(IEnumerable<string> names) => string.Join(", ", names);

    private static string Time(TimeSpan time) => time.Seconds == 0
        ? time.TotalMinutes.ToString("0 'min'", CultureInfo.InvariantCulture)
        : time.TotalSeconds.ToString("0 's'", CultureInfo.InvariantCulture);
}
