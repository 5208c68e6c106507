using System.Management.Automation;
using System.Management.Automation.Runspaces;
using AibDeprovision.Rehearsal.Linux;
using AibDeprovision.Rehearsal.Scenarios;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Commands;

/// <summary>Invoke-AibDeprovisionRehearsal in the real engine.</summary>
public sealed class InvokeAibDeprovisionRehearsalTests : IDisposable
{
    private const string ErrorSuffix = ",AibDeprovision.Commands.InvokeAibDeprovisionRehearsalCommand";
    private readonly EngineSession _engine = new();
    private readonly ScratchFolder _folder = new();

    public void Dispose()
    {
        _engine.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_script_object_gives_a_result_a_scenario()
    {
        var results = Rehearse("New-AibDeprovisionScript Windows | Invoke-AibDeprovisionRehearsal -Scenario agent-p*, not-elevated");
        Assert.Equal(
            [("hardened windows", "agent-present", RehearsalOutcome.Sealed, 0), ("hardened windows", "not-elevated", RehearsalOutcome.Failed, 19)],
            results.Select(r => (r.Script, r.Scenario, r.Outcome, r.ExitCode!.Value)));
        Assert.Contains("runElevated", results[1].Cause!, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_name_all_scenarios_are_rehearsed_in_their_order() => Assert.Equal(
        WindowsScenarios.All.Select(s => s.Name), Rehearse("Invoke-AibDeprovisionRehearsal -ScriptText 'exit 3'").Select(r => r.Scenario));

    [Fact]
    public void Files_are_rehearsed_by_wildcard_by_name_and_from_the_pipeline()
    {
        File.WriteAllText(_folder["one.ps1"], "exit 1");
        File.WriteAllText(_folder["[two].ps1"], "exit 2");
        var one = Assert.Single(Rehearse($"Invoke-AibDeprovisionRehearsal -Path '{_folder["o*.ps1"]}' -Scenario agent-present"));
        Assert.Equal((_folder["one.ps1"], 1), (one.Script, one.ExitCode));
        Assert.Equal(2, Assert.Single(Rehearse($"Invoke-AibDeprovisionRehearsal -LiteralPath '{_folder["[two].ps1"]}' -Scenario agent-present")).ExitCode);
        var piped = _engine.Run("$args[0], $args[1] | Invoke-AibDeprovisionRehearsal -Scenario agent-present", Item(_folder["one.ps1"]), Item(_folder["[two].ps1"]));
        Assert.Equal([1, 2], piped.Objects<RehearsalResult>().Select(r => r.ExitCode!.Value));
    }

    [Fact]
    public void A_text_comes_from_the_pipeline() =>
        Assert.Equal(5, Assert.Single(Rehearse("\"exit 5`n\" | Invoke-AibDeprovisionRehearsal -Scenario agent-present")).ExitCode);

    [Fact]
    public void Schedules_are_made_from_a_seed()
    {
        var names = Rehearse("Invoke-AibDeprovisionRehearsal -ScriptText 'exit 1' -Seed 4 -Count 3").Select(r => r.Scenario);
        Assert.Equal(["schedule-4-0", "schedule-4-1", "schedule-4-2"], names);
    }

    [Fact]
    public void The_builds_time_limit_is_what_a_hang_takes()
    {
        var hung = Assert.Single(Rehearse("New-AibDeprovisionScript Windows -Profile Generic | Invoke-AibDeprovisionRehearsal -Scenario sysprep-hangs -BuildTimeout 90m"));
        Assert.Equal((RehearsalOutcome.Hung, TimeSpan.FromMinutes(90)), (hung.Outcome, hung.VirtualTime));
    }

    [Theory]
    [InlineData("New-AibDeprovisionScript Windows | Invoke-AibDeprovisionRehearsal -Quiet -Scenario sysprep-hangs, agent-present", true)]
    [InlineData("New-AibDeprovisionScript Windows -Profile Generic | Invoke-AibDeprovisionRehearsal -Quiet", false)]
    [InlineData("\"exit 0`n\" | Invoke-AibDeprovisionRehearsal -Quiet -Scenario agent-present", false)]
    [InlineData("\"Get-Nothing`n\" | Invoke-AibDeprovisionRehearsal -Quiet -Scenario agent-present", false)]
    public void Quiet_gives_whether_the_script_can_be_trusted(string script, bool expected) =>
        Assert.Equal(expected, Assert.Single(_engine.Run(script).Objects<bool>()));

    [Theory]
    [InlineData("Invoke-AibDeprovisionRehearsal -ScriptText 'exit' -Scenario nonsense", "UnknownScenario", ErrorCategory.InvalidArgument)]
    [InlineData("Invoke-AibDeprovisionRehearsal -Path nowhere.ps1", "FileNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("Invoke-AibDeprovisionRehearsal -LiteralPath 'nowhere.ps1'", "FileNotFound", ErrorCategory.ObjectNotFound)]
    public void Errors_have_their_ids(string script, string id, ErrorCategory category)
    {
        var error = _engine.Run(script).Error;
        Assert.Equal((id + ErrorSuffix, category), (error.FullyQualifiedErrorId, error.CategoryInfo.Category));
    }

    [Fact]
    public void Tab_offers_the_scenarios_with_what_happens_in_them()
    {
        var offers = _engine.Complete("Invoke-AibDeprovisionRehearsal -Scenario refused-");
        Assert.Equal(["refused-appx", "refused-bitlocker", "refused-reserved-storage", "refused-restart-pending"], offers.Select(o => o.CompletionText));
        Assert.All(offers, o => Assert.NotEqual(o.CompletionText, o.ToolTip));
    }

    [Fact]
    public void A_Linux_script_is_run_on_Linux_or_not_at_all()
    {
        var results = Rehearse("New-AibDeprovisionScript Linux | Invoke-AibDeprovisionRehearsal -Scenario agent-present, agent-h*");

        Assert.Equal(LinuxRehearsal.Unavailable is null ? [("agent-present", RehearsalOutcome.Sealed), ("agent-hangs", RehearsalOutcome.Failed)] : [("all 2 scenarios", RehearsalOutcome.NotRehearsable)],
            results.Select(r => (r.Scenario, r.Outcome)));
        NewAibDeprovisionScriptTests.AssertError(_engine.Run("New-AibDeprovisionScript Linux | Invoke-AibDeprovisionRehearsal -Count 3").Error, "OptionNotForPlatform");
        NewAibDeprovisionScriptTests.AssertError(_engine.Run("New-AibDeprovisionScript Linux | Invoke-AibDeprovisionRehearsal -Scenario sysprep-slow").Error, "UnknownScenario");
    }

    [Fact]
    public void One_reason_for_all_scenarios_is_one_result()
    {
        var result = Assert.Single(Rehearse("Invoke-AibDeprovisionRehearsal -ScriptText \"1`nsc.exe delete RdAgent\""));
        Assert.Equal(($"all {WindowsScenarios.All.Count} scenarios", RehearsalOutcome.NotRehearsable, "sc.exe delete, line 2"), (result.Scenario, result.Outcome, result.Detail));
    }

    [Fact]
    public void Files_and_commands_that_are_told_reach_the_process_that_rehearses()
    {
        var result = Assert.Single(Rehearse(@"Invoke-AibDeprovisionRehearsal -ScriptText 'Invoke-Contoso; exit (Get-Content C:\x\code.txt)' -Scenario disk-full -File @{ 'C:\x\code.txt' = '9' } -AssumeDone Invoke-Contoso"));
        Assert.Equal((9, "the script exits without a word about the cause; not simulated: Invoke-Contoso, line 1"), (result.ExitCode!.Value, result.Detail));
        NewAibDeprovisionScriptTests.AssertError(_engine.Run("Invoke-AibDeprovisionRehearsal -ScriptText 'exit 1' -File @{ 'x.txt' = '' }").Error, "InvalidOptionValue");
    }

    [Fact]
    public void Tab_offers_the_commands_of_the_script_that_are_not_known()
    {
        File.WriteAllText(_folder["one.ps1"], "Get-Service RdAgent; Invoke-Contoso; function Mine { }; Mine; Optimize-Volume; & tool.exe");
        var offers = _engine.Complete($"Invoke-AibDeprovisionRehearsal -Path '{_folder["one.ps1"]}' -AssumeDone ");
        Assert.Equal(["Invoke-Contoso", "tool.exe"], offers.Select(o => o.CompletionText));
    }

    [Fact]
    public void A_file_that_is_no_script_is_an_error_and_not_a_failed_rehearsal()
    {
        File.WriteAllText(_folder["t.json"], "{}");
        var run = _engine.Run($"Invoke-AibDeprovisionRehearsal '{_folder["t.json"]}'");
        NewAibDeprovisionScriptTests.AssertError(run.Error, "NotAScript");
        Assert.Contains("it is JSON", run.Error.Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whoever_has_seen_enough_ends_it()
    {
        // What Select-Object -First does; the engine of the tests has none.
        var result = _engine.Run("\"exit 1`n\" | Invoke-AibDeprovisionRehearsal -Count 100000 | ForEach-Object { throw 'enough' }");
        Assert.Equal("enough", result.Error.Exception.Message);
    }

    [Fact]
    public void Stopping_ends_it_at_once()
    {
        var state = InitialSessionState.CreateDefault2();
        state.ImportPSModule([Path.Combine(Repository.StagedModule, "AibDeprovision.psd1")]);
        using var shell = PowerShell.Create(state);
        shell.AddScript("Invoke-AibDeprovisionRehearsal -ScriptText 'while ($true) { }'; 'went on'");
        using var output = new PSDataCollection<PSObject>();
        var running = shell.BeginInvoke<PSObject, PSObject>(null, output);
        Thread.Sleep(500);
        shell.Stop();
        // A guard against hanging, not a measurement: 36 scenarios of twenty seconds each would be left.
        Assert.True(running.AsyncWaitHandle.WaitOne(TimeSpan.FromSeconds(15)));
        Assert.Empty(output);
    }

    private IReadOnlyList<RehearsalResult> Rehearse(string script) => _engine.Run(script).Objects<RehearsalResult>();

    private static PSObject Item(string path)
    {
        var item = new PSObject();
        item.Properties.Add(new PSNoteProperty("PSPath", path));
        return item;
    }
}
