using AibDeprovision.Rules.Scripts;

namespace AibDeprovision.Scripting.Windows.Rules;

/// <summary>/shutdown.</summary>
internal sealed class SysprepShutdown() : SysprepCallRule(WindowsScriptRules.SysprepShutdown, call => call.Has("shutdown"), (words, call) => call.Has("quit") ? words.Remove("shutdown") : words.Replace("shutdown", "/quit"), isWatched: true);
