using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Windows.Rules;

/// <summary>No /quit.</summary>
internal sealed class SysprepWithoutQuit() : SysprepCallRule(WindowsScriptRules.SysprepWithoutQuit, call => call.Lacks("quit") && !call.Has("shutdown") && !call.Has("reboot"), (words, _) => words.Add("/quit"));
