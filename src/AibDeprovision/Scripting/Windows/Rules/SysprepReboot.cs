using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Windows.Rules;

/// <summary>/reboot.</summary>
internal sealed class SysprepReboot() : SysprepCallRule(WindowsScriptRules.SysprepReboot, call => call.Has("reboot"), (words, call) => call.Has("quit") ? words.Remove("reboot") : words.Replace("reboot", "/quit"), isWatched: true);
