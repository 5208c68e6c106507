using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Windows.Rules;

/// <summary>No /generalize.</summary>
internal sealed class SysprepWithoutGeneralize() : SysprepCallRule(WindowsScriptRules.SysprepWithoutGeneralize, call => call.Lacks("generalize"), (words, _) => words.Add("/generalize"));
