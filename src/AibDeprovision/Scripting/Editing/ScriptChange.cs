using AibDeprovision.Rules;

namespace AibDeprovision.Scripting.Editing;

/// <summary>What is to be changed in a script.</summary>
internal sealed record ScriptChange
{
    /// <summary>Windows: every call of Sysprep is given /mode:vm.</summary>
    public bool ModeVm { get; init; }

    /// <summary>Windows: the limit of every wait that has none; null to leave them.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Windows: services that are waited for only where they are installed.</summary>
    public IReadOnlyList<string> GuardServices { get; init; } = [];

    /// <summary>Windows: file names of provider DLLs to take out of SysPrepExternal before Sysprep runs.</summary>
    public IReadOnlyList<string> RemoveProviders { get; init; } = [];

    /// <summary>Rules whose findings are mended.</summary>
    public IReadOnlyList<RuleFix> Fixes { get; init; } = [];

    /// <summary>The option of it that scripts for Windows alone have; null for none.</summary>
    public string? WindowsOption => ModeVm ? "ModeVm" : Timeout is not null ? "AddTimeout" : GuardServices.Count > 0 ? "GuardService" : RemoveProviders.Count > 0 ? "RemoveProvider" : null;
}

/// <summary>A script that was changed.</summary>
/// <param name="Text">Its text afterwards.</param>
/// <param name="Done">What was done, as options; empty where all of it was so already.</param>
/// <param name="Left">What could not be done and was not asked for by name, as sentences.</param>
internal sealed record ChangedScript(string Text, IReadOnlyList<string> Done, IReadOnlyList<string> Left);

/// <summary>A rule whose findings are mended.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="IsNamed">Whether it was asked for by its name, and not by a pattern.</param>
internal sealed record RuleFix(Rule Rule, bool IsNamed);
