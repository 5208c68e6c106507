using System.Runtime.InteropServices;
using AibDeprovision.Tests.Engine;
using AibDeprovision.Tests.Shell;

namespace AibDeprovision.Tests.LinuxBed;

/// <summary>The module itself on a build VM: .NET, the shell and the staged module of this checkout, shown to it read-only.</summary>
internal static class BedModule
{
    private static string DotNet => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    /// <summary>Makes a machine on which <see cref="Run"/> works; skips the test where there can be none.</summary>
    /// <param name="before">sh commands run in it after the seed.</param>
    /// <param name="size">The space for all that is written, in the notation of tmpfs.</param>
    public static BedMachine Start(string before = "", string size = "512m") => BedMachine.Start(
        before, [$"{DotNet}:/opt/dotnet", $"{ShellProcess.Folder}:/opt/aib/shell", $"{Repository.StagedModule}:/opt/aib/out/AibDeprovision"], size);

    /// <summary>Runs PowerShell code with the module, as root.</summary>
    public static BedRun Run(BedMachine machine, string code, TimeSpan? limit = null) =>
        machine.Run(Words(code), limit);

    /// <summary>All that was changed since the root was built, except the folders that the engine makes for itself.</summary>
    public static string[] Snapshot(BedMachine machine) => [.. machine.Snapshot().Where(entry =>
        !entry.StartsWith("root/.cache/powershell", StringComparison.Ordinal) && !entry.StartsWith("root/.local/share/powershell/Modules", StringComparison.Ordinal))];

    /// <summary>The command that runs PowerShell code with the module of this checkout, beside the machine.</summary>
    public static string[] WordsOutside(string code) => [DotNet + "/dotnet", "exec", ShellProcess.Folder + "/AibDeprovision.Shell.dll", "-Command", code];

    /// <summary>The command that runs PowerShell code with the module.</summary>
    public static string[] Words(string code) => ["/opt/dotnet/dotnet", "exec", "/opt/aib/shell/AibDeprovision.Shell.dll", "-Command", code];
}
