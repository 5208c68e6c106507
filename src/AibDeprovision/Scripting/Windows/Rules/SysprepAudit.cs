using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Windows.Rules;

/// <summary>/audit.</summary>
internal sealed class SysprepAudit() : SysprepCallRule(WindowsScriptRules.SysprepAudit, call => call.Has("audit"));
