using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.LinuxBed;

/// <summary>The module itself on a build VM: .NET, the real PowerShell, and the staged module of this checkout among its modules, all read-only.</summary>
internal static class BedModule
{
    // The bed's root has no ICU.
    private static readonly string[] Environment =
        ["env", "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1", .. Pwsh.Environment.Select(variable => $"{variable.Key}={variable.Value}")];

    /// <summary>Makes a machine on which <see cref="Run"/> works; skips the test where there can be none.</summary>
    /// <param name="before">sh commands run in it after the seed.</param>
    /// <param name="size">The space for all that is written, in the notation of tmpfs.</param>
    public static BedMachine Start(string before = "", string size = "512m") => BedMachine.Start(
        before, [$"{Pwsh.DotNetRoot}:/opt/dotnet", $"{Pwsh.Folder}:/opt/pwsh", $"{Repository.StagedModule}:/usr/local/share/powershell/Modules/AibDeprovision"], size);

    /// <summary>Runs PowerShell code with the module, as root.</summary>
    public static BedRun Run(BedMachine machine, string code, TimeSpan? limit = null) =>
        machine.Run(Words(code), limit);

    /// <summary>All that was changed since the root was built, except what PowerShell keeps for its next start, and the text of the trace, which has the time.</summary>
    public static string[] Snapshot(BedMachine machine) => [.. machine.Snapshot().Where(entry =>
        !entry.EndsWith("./var/lib/aibdeprovision/sealed", StringComparison.Ordinal)
        && !entry.Contains("root/.cache/powershell", StringComparison.Ordinal) && !entry.Contains("root/.local/share/powershell", StringComparison.Ordinal))];

    /// <summary>The command that runs PowerShell code with the module of this checkout, beside the machine.</summary>
    public static string[] WordsOutside(string code) => Pwsh.Words("-Command", Pwsh.ImportModule + code);

    /// <summary>The command that runs PowerShell code; the module is found by its name.</summary>
    public static string[] Words(string code) => [.. Environment, .. Pwsh.WordsOf("/opt/dotnet", "/opt/pwsh", "-Command", code)];

    /// <summary>The command that runs a script file.</summary>
    public static string[] FileWords(string path) => [.. Environment, .. Pwsh.WordsOf("/opt/dotnet", "/opt/pwsh", "-File", path)];
}
