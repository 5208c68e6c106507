using System.Reflection;
using System.Text.Json;
using AibDeprovision.Tests.Engine;
using AibDeprovision.Tests.LinuxBed;

namespace AibDeprovision.Tests.Packaging;

/// <summary>The package as its users get it: made by build.ps1, installed from a folder, used and removed by the real PowerShell.</summary>
[Collection(Name)]
public sealed class PackageTests : IDisposable
{
    /// <summary>What builds the module's project while tests run, one after the other.</summary>
    internal const string Name = "builds";

    private static readonly string Folder = Repository.PathOf("out", "package");
    private readonly ScratchFolder _home = new();

    /// <summary>The configuration that the tests were built in: the module has been built in it too.</summary>
    internal static string Configuration { get; } = typeof(PackageTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    [Fact]
    public void It_is_made_installed_imported_used_and_removed_and_holds_what_it_lists()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There the folder of a user's modules cannot be moved for a test.");
        string[] stale = [Path.Combine(Repository.StagedModule, "stale.dll"), Path.Combine(Folder, "staged", "AibDeprovision", "stale.dll")];
        foreach (var file in stale)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, "");
        }
        try
        {
            Run(ownHome: false, "-File", Repository.PathOf("build.ps1"), "-Task", "Package", "-Configuration", Configuration);
        }
        finally
        {
            File.Delete(stale[0]);
        }

        var installed = Session($$"""
            Register-PSResourceRepository -Name Folder -Uri '{{Folder}}'
            Install-PSResource -Name AibDeprovision -Repository Folder -Prerelease -TrustRepository
            Import-Module -Name AibDeprovision
            $module = Get-Module -Name AibDeprovision
            $script = New-AibDeprovisionScript -Platform Windows
            @{
                Version = "$($module.Version)-$($module.PrivateData.PSData.Prerelease)"
                Base = $module.ModuleBase
                Commands = $module.ExportedCmdlets.Keys
                Listed = (Test-ModuleManifest -Path "$($module.ModuleBase)/AibDeprovision.psd1").FileList | ForEach-Object { [IO.Path]::GetRelativePath($module.ModuleBase, $_) }
                Files = Get-ChildItem -LiteralPath $module.ModuleBase -Recurse -File | ForEach-Object { [IO.Path]::GetRelativePath($module.ModuleBase, $_.FullName) }
                Sha256 = $script.Sha256
                Synopsis = (Get-Help New-AibDeprovisionScript).Synopsis
            }
            """);
        Assert.Equal("0.1.0-preview1", installed.GetProperty("Version").GetString());
        Assert.StartsWith(_home.Path, installed.GetProperty("Base").GetString());
        Assert.Matches("^[0-9a-f]{64}$", installed.GetProperty("Sha256").GetString()!);
        Assert.StartsWith("Writes the script", installed.GetProperty("Synopsis").GetString());
        Assert.Contains("Invoke-AibDeprovision", Strings(installed, "Commands"));
        string[] expected =
        [
            "AibDeprovision.Core.dll", "AibDeprovision.Format.ps1xml", "AibDeprovision.Rehearsal.dll", "AibDeprovision.Rehearsal.json", "AibDeprovision.dll", "AibDeprovision.psd1", "CHANGELOG.md", "DiffPlex.dll", "LICENSE", "Newtonsoft.Json.dll", "README.md",
            "THIRD-PARTY-NOTICES.txt", "en-US/AibDeprovision.dll-Help.xml", "en-US/about_AibDeprovision.help.txt",
        ];
        Assert.Equal(expected, Strings(installed, "Listed"));
        // PSResourceGet's own note of where it comes from.
        Assert.Equal(expected, Strings(installed, "Files").Except(["PSGetModuleInfo.xml"]));

        var removed = Session("""
            Uninstall-PSResource -Name AibDeprovision -Prerelease
            @{ Left = @(Get-Module -ListAvailable -Name AibDeprovision).Count }
            """);
        Assert.Equal(0, removed.GetProperty("Left").GetInt32());
        Assert.False(Directory.Exists(installed.GetProperty("Base").GetString()));
    }

    /// <inheritdoc/>
    public void Dispose() => _home.Dispose();

    private static IEnumerable<string> Strings(JsonElement element, string property) =>
        element.GetProperty(property).EnumerateArray().Select(e => e.GetString()!).Order(StringComparer.Ordinal);

    /// <summary>What a session that knows nothing of this machine's user gives as an object.</summary>
    private JsonElement Session(string script)
    {
        var output = Run(ownHome: true, "-Command", $"$ErrorActionPreference = 'Stop'; $ProgressPreference = 'SilentlyContinue'; & {{ {script} }} | ConvertTo-Json -Depth 3");
        return JsonDocument.Parse(string.Join('\n', output)).RootElement;
    }

    private IReadOnlyList<string> Run(bool ownHome, params string[] arguments)
    {
        var environment = new Dictionary<string, string>(Pwsh.Environment, StringComparer.Ordinal)
        {
            // The modules of a user are below it, and what PSResourceGet knows.
            ["XDG_DATA_HOME"] = _home[".local", "share"],
            ["XDG_CACHE_HOME"] = _home[".cache"],
            // Nothing that it starts stays when the test ends.
            ["MSBUILDDISABLENODEREUSE"] = "1",
        };
        if (ownHome)
        {
            environment["HOME"] = _home.Path;
        }
        var run = BedProcess.Run(Pwsh.Words(arguments), TimeSpan.FromMinutes(5), environment: environment);
        Assert.True(run.ExitCode == 0, $"{string.Join('\n', run.Output)}\n{run.Error}");
        Assert.Equal("", run.Error);
        return run.Output;
    }
}
