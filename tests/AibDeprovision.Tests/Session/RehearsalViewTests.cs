using AibDeprovision.Tests.Engine;
using AibDeprovision.Tests.LinuxBed;

namespace AibDeprovision.Tests.Session;

/// <summary>What a rehearsal looks like in the real PowerShell, and what stands beside its results.</summary>
public sealed class RehearsalViewTests
{
    private const string Rehearse = "New-AibDeprovisionScript Windows -Profile Generic | Invoke-AibDeprovisionRehearsal -Scenario agent-present, agent-missing, refused-appx, reseal-to-audit";

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public void No_word_is_broken(int width)
    {
        var lines = Run($"{Rehearse} | Out-String -Width {width}");
        Assert.All(lines, line => Assert.InRange(line.Length, 0, width));
        var words = string.Join(' ', lines).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        foreach (var word in (string[])["Scenario", "Outcome", "reseal-to-audit", "Hung", "04:00:00", "'IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE');", "Contoso.Notes_1.4.0.0_x64__8wekyb3d8bbwe", "IMAGE_STATE_GENERALIZE_RESEAL_TO_AUDIT;", "installed"])
        {
            Assert.Contains(word, words);
        }
        Assert.DoesNotContain(lines, line => line.Contains("scenarios:", StringComparison.Ordinal));
    }

    [Fact]
    public void A_line_below_counts_the_outcomes_where_the_results_are_shown_and_nowhere_else()
    {
        const string summary = "4 scenarios: 1 sealed, 0 failed, 3 hung";
        var shown = Run(Rehearse);
        Assert.Equal(summary, shown[^1].TrimEnd().Length > 0 ? shown[^1] : shown.Last(line => line.Trim().Length > 0));
        Assert.Contains(summary, Run($"function Show-It {{ {Rehearse} }}; Show-It"));
        foreach (var taken in (string[])[$"$x = {Rehearse}; $x.Count", $"@({Rehearse}).Count", $"{Rehearse} | ForEach-Object {{ $_.Outcome }}", $"{Rehearse} 6>$null", $"{Rehearse} >$null", $"foreach ($r in ({Rehearse})) {{ $r.Outcome }}"])
        {
            Assert.DoesNotContain(summary, Run(taken));
        }
        Assert.Equal(["4"], Run($"$x = {Rehearse}; $x.Count"));
    }

    private static List<string> Run(string command)
    {
        var run = BedProcess.Run(Pwsh.Words("-Command", Pwsh.ImportModule + command), TimeSpan.FromMinutes(5), "", Pwsh.Environment);
        Assert.True(run.ExitCode == 0, run.ToString());
        return [.. run.Output];
    }
}
