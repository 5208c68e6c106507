using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Windows.Rules;

/// <summary>No /oobe.</summary>
internal sealed class SysprepWithoutOobe() : SysprepCallRule(WindowsScriptRules.SysprepWithoutOobe, call => call.Lacks("oobe") && !call.Has("audit"), (words, _) => words.Add("/oobe"));
