using System.Text.RegularExpressions;
using AibDeprovision.Generalizing;
using AibDeprovision.Machine.Windows;
using AibDeprovision.Plans;
using AibDeprovision.Repairing;
using AibDeprovision.Rules;
using AibDeprovision.Scripts;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Help;

/// <summary>What a person sees of the objects: the module's views, applied by the engine's own formatter.</summary>
public sealed class FormatViewTests
{
    [Fact]
    public void A_Sysprep_state_is_a_list()
    {
        var text = Show(new SysprepState { ImageState = "IMAGE_STATE_COMPLETE", GeneralizationState = 7, Running = ["sysprep", "SetupHost"], Root = "/mnt/image" });
        Assert.Matches(@"(?m)^IsSealed\s+: False\r?$", text);
        Assert.Matches(@"(?m)^ImageState\s+: IMAGE_STATE_COMPLETE\r?$", text);
        Assert.Matches(@"(?m)^Running\s+: \{sysprep, SetupHost\}\r?$", text);
        Assert.Matches(@"(?m)^Root\s+: /mnt/image\r?$", text);
    }

    [Fact]
    public void A_rule_is_a_row()
    {
        var text = Show(RuleCatalogue.All.Single(rule => rule.Id == "SysprepRunning"));
        Assert.Matches(@"(?m)^Severity\s+Certainty\s+Platform\s+Id\s+Title\s*$", text);
        Assert.Matches(@"(?m)^Error\s+Certain\s+Windows\s+SysprepRunning\s+Sysprep is at work\s*$", text);
    }

    [Fact]
    public void A_repair_is_a_row()
    {
        var text = Show(new RepairResult { RuleId = "CdromDisabled", Outcome = RepairOutcome.Mended, Target = "cdrom", Detail = "Set the value to 1." });
        Assert.Matches(@"(?m)^Outcome\s+RuleId\s+Detail\s*$", text);
        Assert.Matches(@"(?m)^Mended\s+CdromDisabled\s+cdrom: Set the value to 1\.\s*$", text);
    }

    [Fact]
    public void An_update_of_a_script_is_a_row()
    {
        Assert.Matches(@"(?m)^True\s+/tmp/a\.ps1\s+-ModeVm, -Fix EndlessSealWait\s*$", Show(new ScriptUpdate { Path = "/tmp/a.ps1", Diff = "+", Done = ["-ModeVm", "-Fix EndlessSealWait"] }));
        Assert.Matches(@"(?m)^False\s+/tmp/a\.ps1\s+already so\s*$", Show(new ScriptUpdate { Path = "/tmp/a.ps1" }));
    }

    [Fact]
    public void A_wait_outcome_is_a_row()
    {
        var text = Show(new WaitOutcome { Name = "WindowsAzureTelemetryService", State = "Stopped", Waited = TimeSpan.FromSeconds(61.25), Reason = "It never came." });
        Assert.Matches(@"(?m)^Name\s+IsReached\s+State\s+Waited\s+Reason\s*$", text);
        Assert.Matches(@"(?m)^WindowsAzureTelemetryService False\s+Stopped\s+00:01:01\.2\s+It never came\.\s*$", text);
    }

    [Fact]
    public void A_deprovision_result_is_a_list_that_counts_its_findings()
    {
        var text = Show(new DeprovisionResult { Verdict = DeprovisionExitCode.SysprepNotSealed, Cause = "because", Elapsed = TimeSpan.FromSeconds(95.1), Findings = [new Finding(), new Finding()] });
        Assert.Equal(["Verdict : SysprepNotSealed", "ExitCode : 14", "Cause : because", "Elapsed : 00:01:35.1", "Findings : 2"],
            text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Trim()).Where(line => line.Length > 0));
    }

    [Theory]
    [InlineData(@"C:\Windows\System32\Sysprep\Panther\setuperr.log", 4, @"...\Panther\setuperr.log:4")]
    [InlineData("/tmp/a.ps1", null, "/tmp/a.ps1")]
    [InlineData("/var/lib/dbus/machine-id", null, ".../dbus/machine-id")]
    [InlineData("/home/builder/.npmrc", 12, ".../builder/.npmrc:12")]
    [InlineData(null, null, "")]
    public void A_finding_is_a_row_with_its_place(string? file, int? line, string place)
    {
        var finding = new Finding { Severity = Severity.Error, RuleId = "SysprepError", Message = "The cause.", Remedy = "Remove it.", File = file, Line = line };
        var table = Show(finding);
        Assert.Matches(@"(?m)^Severity\s+RuleId\s+Message\s+File\s*$", table);
        Assert.Matches($@"(?m)^Error\s+SysprepError\s+The cause\.\s*{Regex.Escape(place)}\s*$", table);
    }

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public void A_long_message_is_wrapped_and_not_cut(int width)
    {
        var message = string.Join(' ', Enumerable.Range(1, 60).Select(n => $"word{n}"));
        var table = Show(new Finding { RuleId = "AlreadyGeneralized", Message = message }, width);
        // A table breaks lines anywhere.
        Assert.Contains(message.Replace(" ", "", StringComparison.Ordinal), Regex.Replace(table, @"\s", ""), StringComparison.Ordinal);
        Assert.All(table.Split('\n'), line => Assert.True(line.TrimEnd().Length <= width, line));
    }

    private static string Show(object what, int width = 120)
    {
        var host = new TextHost(width);
        using var engine = new EngineSession(host);
        Assert.Empty(engine.Run("$args[0] | Out-Default", what).Objects<object>());
        return Regex.Replace(host.Text, "\u001b\\[[0-9;]*m", "");
    }
}
