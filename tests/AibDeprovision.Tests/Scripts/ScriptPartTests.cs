using AibDeprovision.Plans;
using AibDeprovision.Scripts;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Scripts;

/// <summary>The parts in the repository are complete scripts, and what in them is generated is what the generator makes today.</summary>
public sealed class ScriptPartTests
{
    [Theory]
    [InlineData(DeprovisionPlatform.Windows, false, "hardened.windows.ps1")]
    [InlineData(DeprovisionPlatform.Linux, false, "hardened.linux.sh")]
    [InlineData(DeprovisionPlatform.Windows, true, "readiness.windows.ps1")]
    [InlineData(DeprovisionPlatform.Linux, true, "readiness.linux.sh")]
    public void A_part_in_the_repository_is_the_script_of_the_default_plan(DeprovisionPlatform platform, bool readinessOnly, string part) =>
        GeneratedFile.Check(Repository.PathOf("src", "AibDeprovision.Core", "Scripts", "Parts", part),
            ScriptGenerator.Generate(new DeprovisionPlan { Platform = platform, ReadinessOnly = readinessOnly }).Content.ReplaceLineEndings("\n"));

    [Theory]
    [InlineData(ScriptPart.Settings)]
    [InlineData(ScriptPart.Facts)]
    public void Filling_replaces_the_lines_of_a_block_and_nothing_else(string block)
    {
        var part = ScriptPart.Load("hardened.windows.ps1");
        var filled = ScriptPart.Fill(part, block, "NEW = 1\n");
        Assert.Contains("\nNEW = 1\n# --- end of " + block, filled, StringComparison.Ordinal);
        Assert.Equal(ScriptPart.Fill(part, block, ""), filled.Replace("NEW = 1\n", "", StringComparison.Ordinal));
    }

    [Fact]
    public void A_part_without_the_block_is_an_error() =>
        Assert.Throws<InvalidOperationException>(() => ScriptPart.Fill("exit 0\n", ScriptPart.Facts, "X = 1\n"));
}
