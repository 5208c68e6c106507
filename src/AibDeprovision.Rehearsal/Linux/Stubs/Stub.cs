using AibDeprovision.Scripts;

namespace AibDeprovision.Rehearsal.Linux.Stubs;

/// <summary>The programs of the simulated machine: sh scripts that stand in for the real ones.</summary>
internal static class Stub
{
    /// <summary>The text of one, by its name without .sh.</summary>
    public static string Load(string name) => ScriptPart.Load($"rehearsal/{name}.sh", typeof(Stub).Assembly);
}
