using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Windows.Rules;

/// <summary>/unattend.</summary>
internal sealed class SysprepAnswerFile() : SysprepCallRule(WindowsScriptRules.SysprepAnswerFile, call => call.Has("unattend"), (words, _) => words.Remove("unattend"));
