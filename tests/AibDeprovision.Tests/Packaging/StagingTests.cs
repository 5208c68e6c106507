using AibDeprovision.Tests.Engine;
using AibDeprovision.Tests.LinuxBed;

namespace AibDeprovision.Tests.Packaging;

/// <summary>What the build puts into the module's folder, looked at by the real PowerShell.</summary>
[Collection(PackageTests.Name)]
public sealed class StagingTests : IDisposable
{
    private const string BaseUrl = "https://example.org/aib";
    private const string Addresses = "$m = Test-ModuleManifest -Path $manifest; \"$($m.ProjectUri) $($m.LicenseUri) $($m.IconUri)\"";
    private const string Links = "Import-Module -Name $manifest; foreach ($c in Get-Command -Module AibDeprovision) { \"$($c.Name) $((Get-Help $c.Name).relatedLinks.navigationLink.uri -join '')\" }";
    private readonly ScratchFolder _scratch = new();

    [Fact]
    public void Without_a_public_address_none_is_given_and_online_help_says_so()
    {
        var manifest = Path.Combine(Repository.StagedModule, "AibDeprovision.psd1");
        Assert.Equal(["  "], Run(Addresses, manifest));
        Assert.All(Run(Links, manifest), link => Assert.EndsWith(" ", link));
        Assert.Equal(["InvalidOperation,Microsoft.PowerShell.Commands.GetHelpCommand"],
            Run("Import-Module -Name $manifest; try { Get-Help Get-AibSysprepState -Online } catch { $_.FullyQualifiedErrorId }", manifest));
    }

    [Fact]
    public void With_a_public_address_all_addresses_are_made_from_it_and_what_is_stale_goes()
    {
        var manifest = Stage();
        Assert.False(File.Exists(_scratch["AibDeprovision", "stale.dll"]));
        Assert.Equal([$"{BaseUrl} {BaseUrl}/blob/main/LICENSE {BaseUrl}/raw/main/docs/icon.png"], Run(Addresses, manifest));
        Assert.True(File.Exists(Repository.PathOf("docs", "icon.png")));
        Assert.All(Run(Links, manifest), link =>
        {
            var name = link.Split(' ')[0];
            Assert.Equal($"{name} {BaseUrl}/blob/main/docs/en-US/{name}.md", link);
            Assert.True(File.Exists(Repository.PathOf("docs", "en-US", name + ".md")));
        });
        if (OperatingSystem.IsLinux())
        {
            // The program that opens pages there.
            File.WriteAllText(_scratch["xdg-open"], $"#!/bin/sh\nprintf %s \"$1\" > {_scratch["opened"]}.new\nmv {_scratch["opened"]}.new {_scratch["opened"]}\n");
            File.SetUnixFileMode(_scratch["xdg-open"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
            var opened = $"Import-Module -Name $manifest; $env:PATH = '{_scratch.Path}:' + $env:PATH; Get-Help Get-AibSysprepState -Online; " +
                $"foreach ($i in 1..100) {{ if (Test-Path '{_scratch["opened"]}') {{ break }}; Start-Sleep -Milliseconds 100 }}; Get-Content '{_scratch["opened"]}'";
            Assert.Equal([$"{BaseUrl}/blob/main/docs/en-US/Get-AibSysprepState.md"], Run(opened, manifest));
        }
    }

    [Theory]
    [InlineData("AibDeprovision.psd1")]
    [InlineData("out/AibDeprovision/AibDeprovision.psd1")]
    public void The_manifest_is_valid_where_it_lies_and_can_be_imported(string path) =>
        Assert.Equal(["AibDeprovision", "Linux"], Run("(Test-ModuleManifest -Path $manifest).Name; Import-Module -Name $manifest; \"$((New-AibDeprovisionScript Linux).Platform)\"", Repository.PathOf(path)));

    [Fact]
    public void The_staged_manifest_says_what_that_of_the_repository_says_but_for_its_files()
    {
        const string Rest = """
            function Get-Line($value, $path) { if ($value -is [hashtable]) { foreach ($k in $value.Keys) { Get-Line $value[$k] "$path/$k" } } else { "$path = $($value -join ', ')" } }
            $all = Import-PowerShellDataFile -Path $manifest
            'RootModule', 'FormatsToProcess', 'FileList' | ForEach-Object { $all.Remove($_) }
            Get-Line $all | Sort-Object
            """;
        Assert.Equal(Run(Rest, Repository.PathOf("AibDeprovision.psd1")), Run(Rest, Path.Combine(Repository.StagedModule, "AibDeprovision.psd1")));
        // Windows PowerShell reads a manifest without a mark in the machine's own code page.
        Assert.True(System.Text.Ascii.IsValid(File.ReadAllBytes(Path.Combine(Repository.StagedModule, "AibDeprovision.psd1"))));
    }

    [Fact]
    public void An_import_does_not_load_the_simulation() =>
        Assert.Equal(["AibDeprovision", "AibDeprovision.Core"], Run(
            "Import-Module -Name $manifest; [AppDomain]::CurrentDomain.GetAssemblies().GetName().Name -like 'AibDeprovision*' | Sort-Object", Path.Combine(Repository.StagedModule, "AibDeprovision.psd1")));

    /// <inheritdoc/>
    public void Dispose() => _scratch.Dispose();

    /// <summary>Stages the module in a folder of the test's own, with the public address, and gives its manifest.</summary>
    private string Stage()
    {
        Directory.CreateDirectory(_scratch["AibDeprovision"]);
        File.WriteAllText(_scratch["AibDeprovision", "stale.dll"], "");
        string[] build = [Path.Combine(Pwsh.DotNetRoot, "dotnet"), "msbuild", Repository.PathOf("src", "AibDeprovision"), "-v:quiet", "-nologo",
            $"-p:Configuration={PackageTests.Configuration}", $"-p:StagedModule={_scratch["AibDeprovision"]}/", $"-p:ProjectBaseUrl={BaseUrl}"];
        // Nothing that it starts stays when the test ends.
        var run = BedProcess.Run(build, TimeSpan.FromMinutes(5), environment: new Dictionary<string, string>(StringComparer.Ordinal) { ["MSBUILDDISABLENODEREUSE"] = "1" });
        Assert.True(run.ExitCode == 0, string.Join('\n', run.Output) + run.Error);
        return _scratch["AibDeprovision", "AibDeprovision.psd1"];
    }

    /// <summary>The lines that a script writes in a session of its own.</summary>
    private static IReadOnlyList<string> Run(string script, string manifest)
    {
        var run = BedProcess.Run(Pwsh.Words("-Command", $"$ErrorActionPreference = 'Stop'; $manifest = '{manifest}'; {script}"), TimeSpan.FromMinutes(2), environment: Pwsh.Environment);
        Assert.True(run.ExitCode == 0, string.Join('\n', run.Output) + run.Error);
        return run.Output;
    }
}
