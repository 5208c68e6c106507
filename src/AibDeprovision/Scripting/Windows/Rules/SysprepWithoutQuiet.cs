using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Windows.Rules;

/// <summary>No /quiet.</summary>
internal sealed class SysprepWithoutQuiet() : SysprepCallRule(WindowsScriptRules.SysprepWithoutQuiet, call => call.Lacks("quiet"), (words, _) => words.Add("/quiet"));
