using System.Reflection;
using AibDeprovision.Tests.Engine;
using AibDeprovision.Tests.LinuxBed;

namespace AibDeprovision.Tests.Templates;

/// <summary>The Bicep CLI of the package that the build has downloaded. It needs no network.</summary>
internal static class BicepCli
{
    private static string Program => typeof(BicepCli).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static a => a.Key == "BicepProgram").Value!;

    /// <summary>Compiles a file; the JSON, and the diagnostics, a line each.</summary>
    /// <param name="bicep">Its text.</param>
    /// <param name="beside">Files that it loads: name and text.</param>
    public static (string Json, string Diagnostics) Build(string bicep, params (string Name, string Text)[] beside)
    {
        Assert.SkipUnless(Toolbox.Required || (OperatingSystem.IsLinux() && File.Exists(Program)), "The Bicep CLI of the package is for Linux, x64.");
        using var scratch = new ScratchFolder();
        File.WriteAllText(scratch["main.bicep"], bicep);
        foreach (var (name, text) in beside)
        {
            File.WriteAllText(scratch[name], text);
        }
        var run = BedProcess.Run([Program, "build", scratch["main.bicep"], "--stdout"], TimeSpan.FromMinutes(3),
            environment: new Dictionary<string, string>(StringComparer.Ordinal) { ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1" });
        return (string.Join('\n', run.Output), run.Error);
    }
}
