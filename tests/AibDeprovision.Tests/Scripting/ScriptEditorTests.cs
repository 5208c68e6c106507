using System.Management.Automation.Language;
using AibDeprovision.Errors;
using AibDeprovision.Plans;
using AibDeprovision.Rehearsal.Scenarios;
using AibDeprovision.Rehearsal.Windows;
using AibDeprovision.Rehearsal.Windows.Sandbox;
using AibDeprovision.Rules;
using AibDeprovision.Scripting;
using AibDeprovision.Scripting.Editing;
using AibDeprovision.Scripting.Linux;
using AibDeprovision.Scripting.Windows;
using AibDeprovision.Scripts;

namespace AibDeprovision.Tests.Scripting;

/// <summary>Scripts changed in place: what was asked for is so afterwards, all else is as it was, and what cannot be done with certainty is not done.</summary>
public sealed class ScriptEditorTests
{
    private const string Call = "& $env:SystemRoot\\System32\\Sysprep\\Sysprep.exe ";
    private static readonly RehearsalOutcome[] s_fromBestToWorst = [RehearsalOutcome.Sealed, RehearsalOutcome.Failed, RehearsalOutcome.NotRehearsable, RehearsalOutcome.Hung, RehearsalOutcome.SessionLost, RehearsalOutcome.FalseSuccess];

    public static TheoryData<string> Fixable => [.. RuleCatalogue.All.Where(rule => rule.Fix is not null).Select(rule => rule.Id)];

    public static TheoryData<string> FixableOnWindows => [.. RuleCatalogue.All.Where(rule => rule.Fix is not null && rule.Platform == DeprovisionPlatform.Windows).Select(rule => rule.Id)];

    [Theory]
    [MemberData(nameof(Fixable))]
    public void A_fix_takes_its_finding_away_and_brings_nothing_worse(string id)
    {
        var rule = RuleCatalogue.All.Single(r => r.Id == id);
        var before = ScriptRuleTests.SamplesOf(id).Breaks;
        var changed = Fixed(before, rule);
        Assert.Equal([$"-Fix {id}"], changed.Done);
        var (old, now) = (ScriptChecks.Check(before, rule.Platform, null), ScriptChecks.Check(changed.Text, rule.Platform, null));
        Assert.DoesNotContain(now, f => f.RuleId == id);
        Assert.DoesNotContain(now, f => f.Severity > rule.Severity && old.All(o => o.RuleId != f.RuleId));
        if (rule.Platform == DeprovisionPlatform.Windows)
        {
            Parser.ParseInput(changed.Text, out _, out var errors);
            Assert.Empty(errors);
        }
        var again = Fixed(changed.Text, rule);
        Assert.Equal((changed.Text, 0), (again.Text, again.Done.Count));
    }

    [Theory]
    [MemberData(nameof(FixableOnWindows))]
    public void What_is_fixed_rehearses_no_worse_than_before(string id)
    {
        var rule = RuleCatalogue.All.Single(r => r.Id == id);
        var sample = ScriptRuleTests.SamplesOf(id).Breaks;
        // A sample is a part of a script: what a script does besides is the documented default's.
        var rest = ScriptPart.Load("windows-3.ps1");
        rest = WindowsScript.Read(sample).Script!.SysprepCalls.Count > 0 ? rest[rest.IndexOf("while($true)", StringComparison.Ordinal)..] : rest;
        var (before, after) = (sample + rest, Fixed(sample, rule).Text + rest);
        foreach (var (old, now) in Rehearsed(before).Zip(Rehearsed(after)))
        {
            Assert.True(Array.IndexOf(s_fromBestToWorst, now.Outcome) <= Array.IndexOf(s_fromBestToWorst, old.Outcome), $"{old.Scenario}: {old.Outcome} and then {now.Outcome}: {now.Cause} {now.Detail}\n{after}");
        }
    }

    [Fact]
    public void A_rule_without_a_fix_in_the_catalogue_has_none_in_its_class() => Assert.All(RuleCatalogue.All.Where(r => r.Kind == RuleKinds.Script && r.Fix is null && r.Id != "ScriptNotRead"), rule =>
    {
        var text = ScriptRuleTests.SamplesOf(rule.Id).Breaks;
        Assert.Empty(rule.Platform == DeprovisionPlatform.Windows ? WindowsScriptChecks.All.Single(c => c.Rule == rule).Mends(WindowsScript.Read(text).Script!) : LinuxScriptChecks.All.Single(c => c.Rule == rule).Mends(LinuxScript.Read(text).Script!));
    });

    [Theory]
    [InlineData("/oobe /generalize /quiet /quit", "/oobe /generalize /quiet /quit /mode:vm")]
    [InlineData("/oobe /generalize `\r\n  /quiet /quit # all of it", "/oobe /generalize `\r\n  /quiet /quit /mode:vm # all of it")]
    [InlineData("-oobe -generalize -quiet -quit", "-oobe -generalize -quiet -quit /mode:vm")]
    [InlineData("@('/oobe', '/generalize', '/quiet', '/quit')", "@('/oobe', '/generalize', '/quiet', '/quit', '/mode:vm')")]
    [InlineData("'/oobe' '/generalize' '/quiet' '/quit'", "'/oobe' '/generalize' '/quiet' '/quit' /mode:vm")]
    public void Mode_vm_goes_where_the_other_words_are(string before, string after) => Assert.Equal(Call + after, Changed(Call + before, ModeVm).Text);

    [Theory]
    [InlineData("Start-Process -FilePath sysprep.exe -ArgumentList '/oobe /generalize /quiet /quit' -Wait", "'/oobe /generalize /quiet /quit /mode:vm' -Wait")]
    [InlineData("saps sysprep.exe '/oobe','/generalize','/quiet','/quit' -Wait", "'/quit', '/mode:vm' -Wait")]
    [InlineData("Start-Process sysprep.exe -ArgumentList /oobe,/generalize,/quit,/quiet -Wait", "/quit, '/mode:vm',/quiet -Wait")]
    [InlineData("$a = @(\n  '/oobe'\n  '/generalize'\n  '/quit'\n)\nStart-Process sysprep.exe -ArgumentList $a -Wait", "'/quit', '/mode:vm'\n)")]
    [InlineData("$p = @{ FilePath = 'sysprep.exe'; ArgumentList = '/generalize /oobe /quit'; Wait = $true }\nStart-Process @p", "'/generalize /oobe /quit /mode:vm'")]
    [InlineData("cmd /c \"C:\\Windows\\System32\\Sysprep\\sysprep.exe /oobe /generalize /quiet /quit\"", "/quit /mode:vm\"")]
    [InlineData("function Seal { & 'C:\\Windows\\System32\\Sysprep\\sysprep.exe' /generalize /oobe /quit; Wait-Seal }\nSeal", "/quit /mode:vm; Wait-Seal")]
    public void Mode_vm_goes_into_other_peoples_ways_of_calling(string before, string part)
    {
        var changed = Changed(before, ModeVm);
        Assert.Contains(part, changed.Text, StringComparison.Ordinal);
        Assert.True(WindowsScript.Read(changed.Text).Script!.SysprepCalls.Single().Has("mode"));
        Assert.Empty(Changed(changed.Text, ModeVm).Done);
    }

    [Theory]
    [InlineData("Write-Output 'no call'\n", "ModeVm", ErrorId.EditMatchedNothing)]
    [InlineData("& sysprep.exe $unknown\n", "ModeVm", ErrorId.EditNotPossible)]
    [InlineData("if (\n", "ModeVm", ErrorId.EditNotPossible)]
    [InlineData("& sysprep.exe /quit\n", "AddTimeout", ErrorId.EditMatchedNothing)]
    [InlineData("while ((Get-Service Other).Status -ne 'Running') { sleep 1 }\n", "GuardService", ErrorId.EditMatchedNothing)]
    [InlineData("while ((Get-Service RdAgent, Other).Status -contains 'Stopped') { sleep 1 }\n", "GuardService", ErrorId.EditNotPossible)]
    [InlineData("Write-Output 'no call'\n", "RemoveProvider", ErrorId.EditMatchedNothing)]
    [InlineData("Write-Output 'no call'\n", "SysprepWithoutQuit", ErrorId.EditMatchedNothing)]
    public void What_has_nothing_to_work_on_or_no_certain_place_is_an_error(string script, string what, ErrorId id) => Assert.Equal(id, Assert.Throws<AibException>(() => Changed(script, what switch
    {
        "ModeVm" => ModeVm,
        "AddTimeout" => Timeout,
        "GuardService" => new ScriptChange { GuardServices = ["RdAgent"] },
        "RemoveProvider" => new ScriptChange { RemoveProviders = ["VMAgentDisabler.dll"] },
        _ => new ScriptChange { Fixes = [new RuleFix(RuleCatalogue.All.Single(r => r.Id == what), IsNamed: true)] },
    })).Id);

    [Theory]
    [InlineData("windows-2")]
    [InlineData("windows-3")]
    public void A_documented_default_with_all_edits_hangs_nowhere_and_a_second_run_changes_nothing(string version)
    {
        var script = ScriptGenerator.Generate(new DeprovisionPlan { Profile = DeprovisionProfile.Generic, GenericVersion = version }).Content;
        var change = new ScriptChange
        {
            ModeVm = true,
            Timeout = TimeSpan.FromMinutes(20),
            GuardServices = ["RdAgent", "WindowsAzureGuestAgent", "WindowsAzureTelemetryService"],
            RemoveProviders = ["VMAgentDisabler.dll"],
            Fixes = [.. RuleCatalogue.All.Where(r => r.Fix is not null && r.Platform == DeprovisionPlatform.Windows).Select(r => new RuleFix(r, IsNamed: false))],
        };
        var changed = Changed(script, change);
        Assert.Empty(ScriptChecks.Check(changed.Text, DeprovisionPlatform.Windows, null));
        Assert.All(Rehearsed(changed.Text), result => Assert.True(result.Outcome is RehearsalOutcome.Sealed or RehearsalOutcome.Failed, $"{result}: {result.Cause} {result.Detail}"));
        Assert.Contains(Rehearsed(changed.Text), result => result.Outcome == RehearsalOutcome.Sealed);
        var again = Changed(changed.Text, change);
        Assert.Equal((changed.Text, 0), (again.Text, again.Done.Count));
    }

    [Fact]
    public void What_is_not_asked_for_stays_byte_for_byte()
    {
        const string Script = "\uFEFF# \u00e4 comment \t \r\n" + Call + "/oobe /generalize /quiet   /quit   # odd\n\n\n@'\r\n/quit here too\n'@ > x.txt\r\n# end";
        Assert.Equal(Script.Replace("/quit   #", "/quit /mode:vm   #", StringComparison.Ordinal), Changed(Script, ModeVm).Text);
    }

    [Fact]
    public void A_limit_stands_before_the_first_statement_of_a_loop_whatever_its_form()
    {
        const string Script = "function Wait-Agent {\n    while ((Get-Service RdAgent).Status -ne 'Running') { # for the agent\n        # a moment\n        Start-Sleep 5\n    }\n}\ndo { sleep 5 } until ((gsv WindowsAzureGuestAgent).Status -eq 'Running')\n";
        var changed = Changed(Script, Timeout).Text;
        Assert.Contains("        # a moment\n        if ($waited1.Elapsed.TotalSeconds -gt 1200) { Write-Host 'Not running after 20m: RdAgent.'; exit 1 }\n        Start-Sleep 5\n", changed, StringComparison.Ordinal);
        Assert.Contains("    $waited1 = [Diagnostics.Stopwatch]::StartNew()\n    while", changed, StringComparison.Ordinal);
        Assert.Contains("do { if ($waited2.Elapsed.TotalSeconds -gt 1200)", changed, StringComparison.Ordinal);
        Assert.DoesNotContain(ScriptChecks.Check(changed, DeprovisionPlatform.Windows, null), f => f.RuleId == "EndlessServiceWait");
    }

    [Theory]
    [InlineData("SysprepShutsDown", "/shutdown")]
    [InlineData("SysprepReboots", "/reboot")]
    [InlineData("SysprepNotWatched", "/quit")]
    public void A_build_that_lost_its_session_does_not_come_to_succeed_too_early(string id, string end)
    {
        var script = Fixed(Call + "/oobe /generalize /quiet " + end + "\n", RuleCatalogue.All.Single(r => r.Id == id)).Text;
        Assert.All(Rehearsed(script), result => Assert.True(result.Outcome is RehearsalOutcome.Sealed or RehearsalOutcome.Failed, $"{result}: {result.Cause} {result.Detail}\n{script}"));
        Assert.Contains(Rehearsed(script), result => result.Outcome == RehearsalOutcome.Sealed);
    }

    [Fact]
    public void A_wait_for_a_wrong_state_waits_for_the_right_one_and_then_gets_its_limit()
    {
        const string Script = "while ((Get-ItemProperty HKLM:\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Setup\\State).ImageState -ne \"IMAGE_STATE_COMPLETE\") { sleep 1 }\n";
        var changed = Changed(Script, Timeout with { Fixes = [.. RuleCatalogue.All.Where(r => r.Id is "EndlessSealWait" or "ScriptWrongImageState").Select(r => new RuleFix(r, IsNamed: true))] });
        Assert.Equal(["-Fix ScriptWrongImageState", "-AddTimeout 20m"], changed.Done);
        Assert.Contains("-ne 'IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE') { if ($waited1.Elapsed.TotalSeconds -gt 1200)", changed.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_its_author_says_is_meant_is_left()
    {
        const string Script = "# AibDeprovision: ignore SysprepShutsDown - captured by hand\n" + Call + "/oobe /generalize /quiet /shutdown\n";
        Assert.Equal(Script, Fixed(Script, RuleCatalogue.All.Single(r => r.Id == "SysprepShutsDown")).Text);
    }

    private static ScriptChange ModeVm => new() { ModeVm = true };

    private static ScriptChange Timeout => new() { Timeout = TimeSpan.FromMinutes(20) };

    private static ChangedScript Changed(string text, ScriptChange change) => ScriptEditor.Change(text, DeprovisionPlatform.Windows, change);

    private static ChangedScript Fixed(string text, Rule rule) => ScriptEditor.Change(text, rule.Platform, new ScriptChange { Fixes = [new RuleFix(rule, IsNamed: true)] });

    // In those two the state was sealed before, which only the hardened script tells from a seal of its own.
    private static List<RehearsalResult> Rehearsed(string text) =>
        [.. WindowsRehearsal.Run(text, [.. WindowsScenarios.All.Where(s => s.Name is not ("first-start-unfinished" or "earlier-run-sealed"))], TimeSpan.FromMinutes(240), new SandboxLimits { WallClock = TimeSpan.FromMinutes(5) }, TestContext.Current.CancellationToken)];
}
