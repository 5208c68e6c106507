using AibDeprovision.Scripts;
using AibDeprovision.Tests.Engine;
using AibDeprovision.Tests.Offline;

namespace AibDeprovision.Tests.Help;

/// <summary>The examples of the pages run as they stand; this machine is a simulated Windows for them.</summary>
public sealed class ExampleTests
{
    public static TheoryData<string> Commands => HelpTests.Commands;

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_example_runs(string name)
    {
        var examples = HelpTests.ExamplesOf(HelpTests.PageOf(name)).ToArray();
        Assert.NotEmpty(examples);
        foreach (var (title, code) in examples)
        {
            using var session = new SimulatedSession();
            using var scratch = new ScratchFolder();
            if (name == "Wait-AibSysprepState")
            {
                // There is something to wait for.
                session.Vm.Sysprep.Start(["/oobe", "/generalize", "/quiet", "/quit"]);
            }
            Directory.CreateDirectory(scratch["image", "tmp"]);
            HiveImage.WriteEmptyWindows(scratch["image"]);
            // What changes a script is given one that has something to change.
            File.WriteAllText(scratch["DeprovisioningScript.ps1"], name == "Update-AibDeprovisionScript" ? ScriptPart.Load("windows-3.ps1") : "exit 1");
            // Examples speak of a mounted image and of the folder one stands in, with a script in it; here both are scratch.
            var local = code.Replace("/mnt/image", scratch["image"], StringComparison.Ordinal).Replace(@"V:\", scratch["image"] + "/", StringComparison.Ordinal)
                .Replace("Import-Module AibDeprovision", $"Import-Module '{Path.Combine(Repository.StagedModule, "AibDeprovision.psd1")}'", StringComparison.Ordinal);
            var result = session.Run($"$ExecutionContext.SessionState.Path.SetLocation('{scratch.Path}') | Out-Null\n{local}");
            Assert.True(result.Terminating is null && result.Errors.Count == 0, $"{name}, {title}: {result.Terminating ?? result.Errors.FirstOrDefault()}");
        }
    }
}
