using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Windows.Rules;

/// <summary>/audit.</summary>
internal sealed class SysprepAudit() : SysprepCallRule(WindowsScriptRules.SysprepAudit, call => call.Has("audit"), (words, call) => call.Has("oobe") ? words.Remove("audit") : words.Replace("audit", "/oobe"));
