using System.Management.Automation.Language;

namespace AibDeprovision.Shell;

/// <summary>The folder of the complete module: manifest, assemblies, format file, help.</summary>
internal sealed class ModuleFolder
{
    private const string Manifest = "AibDeprovision/AibDeprovision.psd1";

    private ModuleFolder(string manifestPath) => ManifestPath = manifestPath;

    /// <summary>What is imported.</summary>
    public string ManifestPath { get; }

    /// <summary>The folder to look in for the module by its name.</summary>
    public string Parent => Path.GetDirectoryName(Path.GetDirectoryName(ManifestPath))!;

    /// <summary>
    /// Finds the module beside the program, where publishing puts it, or else in the out folder of the repository
    /// that the program was built in.
    /// </summary>
    /// <exception cref="ShellException">It is in neither place.</exception>
    public static ModuleFolder Find()
    {
        var home = AppContext.BaseDirectory;
        var beside = Path.Combine(home, Manifest);
        if (File.Exists(beside))
        {
            return new ModuleFolder(beside);
        }

        for (var folder = new DirectoryInfo(home); folder is not null; folder = folder.Parent)
        {
            var staged = Path.Combine(folder.FullName, "out", Manifest);
            if (File.Exists(staged))
            {
                return new ModuleFolder(staged);
            }
        }

        throw new ShellException(
            ExitCodes.Failure,
            $"The module AibDeprovision was not found: it belongs into the folder '{Path.Combine(home, "AibDeprovision")}'. " +
            "Publish the shell again, or build the repository, which stages the module in out/AibDeprovision.");
    }

    /// <summary>The version that the manifest states.</summary>
    public string ReadVersion()
    {
        var manifest = Parser.ParseFile(ManifestPath, out _, out _);
        var table = (HashtableAst?)manifest.Find(static node => node is HashtableAst, searchNestedScriptBlocks: false);
        var entry = table?.KeyValuePairs.FirstOrDefault(static pair => pair.Item1.SafeGetValue() is "ModuleVersion");
        return entry?.Item2.Find(static node => node is StringConstantExpressionAst, searchNestedScriptBlocks: false)
            is StringConstantExpressionAst version ? version.Value : "(no version in the manifest)";
    }
}
