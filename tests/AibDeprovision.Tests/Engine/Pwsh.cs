using System.Reflection;
using System.Runtime.InteropServices;

namespace AibDeprovision.Tests.Engine;

/// <summary>The real PowerShell of the tool manifest, to be started as a process.</summary>
internal static class Pwsh
{
    /// <summary>Variables that make it say the same on every machine.</summary>
    public static readonly IReadOnlyDictionary<string, string> Environment = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["NO_COLOR"] = "1",
        ["POWERSHELL_TELEMETRY_OPTOUT"] = "1",
        ["POWERSHELL_UPDATECHECK"] = "Off",
    };

    /// <summary>The folder of .NET that the tests run on.</summary>
    public static string DotNetRoot => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    /// <summary>The folder with pwsh.dll, in the package that the build has downloaded.</summary>
    public static string Folder { get; } = Path.Combine(
        typeof(Pwsh).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static a => a.Key == "PwshFolder").Value!, OperatingSystem.IsWindows() ? "win" : "unix");

    /// <summary>The command line that gives pwsh these arguments.</summary>
    public static string[] Words(params string[] arguments) => WordsOf(DotNetRoot, Folder, arguments);

    /// <summary>The same where .NET and PowerShell are in other folders.</summary>
    public static string[] WordsOf(string dotnet, string folder, params string[] arguments) =>
        [Path.Combine(dotnet, "dotnet"), "exec", Path.Combine(folder, "pwsh.dll"), "-NoProfile", "-NonInteractive", .. arguments];

    /// <summary>The beginning of a script that has the module of this checkout.</summary>
    public static string ImportModule => $"Import-Module '{Path.Combine(Repository.StagedModule, "AibDeprovision.psd1")}'; ";
}
