using AibDeprovision.Errors;
using AibDeprovision.Plans;
using AibDeprovision.Rules.Windows;
using AibDeprovision.Scripts.Quoting;

namespace AibDeprovision.Scripts;

/// <summary>A plan in, the text of a script out.</summary>
internal static class ScriptGenerator
{
    // The facts are the same for every plan.
    private static readonly Lazy<string> HardenedWindows = new(() => ScriptPart.Fill(ScriptPart.Load("hardened.windows.ps1"), ScriptPart.Facts, WindowsFacts.Lines));
    private static readonly Lazy<string> HardenedLinux = new(() => ScriptPart.Fill(ScriptPart.Load("hardened.linux.sh"), ScriptPart.Facts, LinuxFacts.Lines));

    private static readonly Lazy<string> ReadinessWindows = new(() => Readiness("readiness.windows.ps1", "hardened.windows.ps1", WindowsFacts.ReadinessLines));
    private static readonly Lazy<string> ReadinessLinux = new(() => Readiness("readiness.linux.sh", "hardened.linux.sh", LinuxFacts.ReadinessLines));

    /// <summary>Makes the script of a plan. The same plan always gives the same text.</summary>
    /// <exception cref="AibException">The plan holds something that cannot be done; the target is the value at fault.</exception>
    public static DeprovisionScript Generate(DeprovisionPlan plan)
    {
        plan = DeprovisionPlanRules.Check(plan);
        var text = (plan.Profile, plan.Platform) switch
        {
            (DeprovisionProfile.Generic, DeprovisionPlatform.Windows) => ScriptPart.Load($"{plan.GenericVersion}.ps1"),
            (DeprovisionProfile.Generic, _) => ScriptPart.Load($"{plan.GenericVersion}.sh"),
            (_, DeprovisionPlatform.Windows) when plan.ReadinessOnly => ScriptPart.Fill(ReadinessWindows.Value, ScriptPart.Settings, ReadinessSettings(plan)),
            _ when plan.ReadinessOnly => ScriptPart.Fill(ReadinessLinux.Value, ScriptPart.Settings, Lines($"DEADLINE={ShText.Quote(LinuxReadinessDeadline)}")),
            (_, DeprovisionPlatform.Windows) => ScriptPart.Fill(HardenedWindows.Value, ScriptPart.Settings, WindowsSettings(plan)),
            _ => ScriptPart.Fill(HardenedLinux.Value, ScriptPart.Settings, LinuxSettings(plan)),
        };
        // The parts are kept with LF, and a hook's text has been given the platform's line ends: only lone LFs are the parts'.
        return new DeprovisionScript(plan, plan.Platform == DeprovisionPlatform.Windows ? LineEnds.ToCrLf(text) : text);
    }

    private static readonly TimeSpan LinuxReadinessDeadline = TimeSpan.FromMinutes(5);

    private static string Readiness(string name, string source, string facts) =>
        ScriptPart.Fill(ScriptPart.Fill(ScriptPart.Load(name), ScriptPart.Facts, facts), ScriptPart.Shared, ScriptPart.Read(ScriptPart.Load(source), ScriptPart.Shared));

    private static string ReadinessSettings(DeprovisionPlan plan) => Lines(
        "$Settings = @{",
        $"    Strict          = {PowerShellText.Quote(plan.Strict)}",
        $"    QuestionTimeout = {PowerShellText.Quote(SlowAnswers.Limit)}",
        "}");

    private static string WindowsSettings(DeprovisionPlan plan) => Lines(
        "$Settings = @{",
        $"    ModeVm                 = {PowerShellText.Quote(plan.ModeVm)}",
        $"    RequiredServices       = {PowerShellText.Quote(plan.RequiredServices)}",
        $"    OptionalServices       = {PowerShellText.Quote(plan.OptionalServices)}",
        $"    ServiceTimeout         = {PowerShellText.Quote(plan.ServiceTimeout)}",
        $"    SysprepTimeout         = {PowerShellText.Quote(plan.SysprepTimeout)}",
        $"    Deadline               = {PowerShellText.Quote(plan.Deadline)}",
        $"    RemoveSysprepProviders = {PowerShellText.Quote(plan.RemoveSysprepProviders)}",
        $"    Strict                 = {PowerShellText.Quote(plan.Strict)}",
        $"    NoTrace                = {PowerShellText.Quote(plan.NoTrace)}",
        $"    BeforeScript           = {PowerShellText.Quote(plan.BeforeScript)}",
        $"    AfterScript            = {PowerShellText.Quote(plan.AfterScript)}",
        "}");

    private static string LinuxSettings(DeprovisionPlan plan) => Lines(
        $"KEEP_USER={ShText.Quote(plan.KeepUser)}",
        $"KEEP_MACHINE_ID={Keeps(plan, ResidueKinds.MachineId)}",
        $"KEEP_CLOUD_INIT={Keeps(plan, ResidueKinds.CloudInit)}",
        $"KEEP_LOGS={Keeps(plan, ResidueKinds.Logs)}",
        $"KEEP_HISTORY={Keeps(plan, ResidueKinds.History)}",
        $"KEEP_TEMP_FILES={Keeps(plan, ResidueKinds.TempFiles)}",
        $"KEEP_ROOT_SSH_KEYS={Keeps(plan, ResidueKinds.RootSshKeys)}",
        $"KEEP_CREDENTIALS={Keeps(plan, ResidueKinds.Credentials)}",
        $"KEEP_SUBSCRIPTIONS={Keeps(plan, ResidueKinds.Subscriptions)}",
        $"KEEP_DOMAIN_JOIN={Keeps(plan, ResidueKinds.DomainJoin)}",
        $"KEEP_AGENTS={Keeps(plan, ResidueKinds.Agents)}",
        $"AGENT_TIMEOUT={ShText.Quote(plan.ServiceTimeout)}",
        $"DEADLINE={ShText.Quote(plan.Deadline)}",
        $"NO_TRACE={ShText.Quote(plan.NoTrace)}",
        $"BEFORE_SCRIPT={ShText.Quote(plan.BeforeScript)}",
        $"AFTER_SCRIPT={ShText.Quote(plan.AfterScript)}");

    private static string Keeps(DeprovisionPlan plan, ResidueKinds item) => ShText.Quote(plan.Keep.HasFlag(item));

    private static string Lines(params string[] lines) => string.Concat(lines.Select(line => line + "\n"));
}
