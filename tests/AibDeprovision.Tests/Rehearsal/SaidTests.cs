using AibDeprovision.Rehearsal.Scenarios;
using AibDeprovision.Rehearsal.Windows.Sandbox;

namespace AibDeprovision.Tests.Rehearsal;

/// <summary>Every outcome that is not Sealed says why, in the script's own words and for people who have not written it.</summary>
public sealed class SaidTests
{
    private const string Sysprep = @"C:\Windows\System32\Sysprep\Sysprep.exe /oobe /generalize /quiet /quit";

    [Theory]
    [InlineData("agent-disabled", "while ((Get-Service RdAgent).Status -ne 'Running') { Start-Sleep 5 }", "line 1 waits while ((Get-Service RdAgent).Status -ne 'Running'); the service RdAgent is disabled")]
    [InlineData("agent-missing", "[CmdletBinding()]\nparam()\ndo {\n  Start-Sleep 5\n} until ((Get-Service RdAgent -ErrorAction SilentlyContinue).Status -eq 'Running')",
        "line 3 waits until ((Get-Service RdAgent -ErrorAction SilentlyContinue).Status -eq 'Running'); the service RdAgent is not installed")]
    [InlineData("agent-never-runs", "foreach ($s in 'RdAgent', 'WindowsAzureGuestAgent') {\n  while ((Get-Service $s).Status -ne 'Running') { Start-Sleep 5 }\n}",
        "line 2 waits while ((Get-Service $s).Status -ne 'Running'); the service WindowsAzureGuestAgent is Stopped")]
    [InlineData("agent-never-runs", "function Wait-It {\n  [CmdletBinding()] param()\n}\n(Get-Service WindowsAzureGuestAgent).WaitForStatus('Running')",
        "line 4 waits without a limit for WindowsAzureGuestAgent to be Running, which never comes; the service WindowsAzureGuestAgent is Stopped")]
    [InlineData("sysprep-hangs", "& SYSPREP\nwhile ($true) {\n  $s = (Get-ItemProperty HKLM:\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Setup\\State).ImageState\n  if ($s -eq 'IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE') { break }\n  Start-Sleep 5\n}",
        "line 2 waits until ($s -eq 'IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE'); ImageState is IMAGE_STATE_UNDEPLOYABLE; Sysprep is still at work")]
    [InlineData("sysprep-hangs", "& SYSPREP\nwhile ($true) { $s = Get-ItemProperty HKLM:\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Setup\\State | Select ImageState; if ($s.ImageState -ne 'IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE') { Start-Sleep 10 } else { break } }",
        "line 2 waits while ($s.ImageState -ne 'IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE')")]
    [InlineData("refused-appx", "& SYSPREP\nwhile (-not [IO.File]::Exists('C:\\no.txt')) { Start-Sleep ([math]::Max(5, 1)) }",
        "line 2 waits while (-not [IO.File]::Exists('C:\\no.txt')); Sysprep has failed: Package Contoso.Notes_1.4.0.0_x64__8wekyb3d8bbwe was installed for a user")]
    [InlineData("agent-present", "while ($true) { Start-Sleep 5 }", "line 1 waits for ever: nothing ends its loop")]
    [InlineData("agent-disabled", "while ((Get-Service RdAgent).Status -ne 'Running') { $n++ }", "line 1 waits while ((Get-Service RdAgent).Status -ne 'Running'); the service RdAgent is disabled")]
    [InlineData("sysprep-hangs", "Start-Process C:\\Windows\\System32\\Sysprep\\Sysprep.exe '/generalize /oobe /quiet /quit' -Wait", "line 1 waits without a limit for Sysprep to end, which never comes; Sysprep is still at work")]
    public void A_hang_says_which_line_waits_for_what_and_what_the_machine_was_missing(string scenario, string script, string detail)
    {
        var result = Run(script.Replace("SYSPREP", Sysprep, StringComparison.Ordinal), scenario);
        Assert.True(result.Outcome == RehearsalOutcome.Hung, $"{result.Outcome} {result.Detail}");
        Assert.Contains(detail, result.Detail!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("agent-present", "exit 0", "the VM is not generalized: Sysprep was never started, and the image state is IMAGE_STATE_COMPLETE")]
    [InlineData("agent-present", "& SYSPREP; exit 0", "the VM is not generalized: Sysprep is still at work, and the image state is IMAGE_STATE_COMPLETE")]
    [InlineData("dies-half-way", "& SYSPREP | Out-Null; exit 0", "the VM is not generalized: Sysprep has failed: Error from RegDeleteValueW")]
    [InlineData("reseal-to-audit", "& SYSPREP | Out-Null; exit 0", "the VM is not generalized: Sysprep has sealed the machine for audit mode, and the image state is IMAGE_STATE_GENERALIZE_RESEAL_TO_AUDIT")]
    [InlineData("agent-present", "$null = C:\\Windows\\System32\\Sysprep\\Sysprep.exe /oobe /quiet /quit; exit 0", "Sysprep has ended without generalizing (no /generalize)")]
    public void A_false_success_says_what_is_missing(string scenario, string script, string detail)
    {
        var result = Run(script.Replace("SYSPREP", Sysprep, StringComparison.Ordinal), scenario);
        Assert.True(result.Outcome == RehearsalOutcome.FalseSuccess, $"{result.Outcome} {result.Detail}");
        Assert.Contains(detail, result.Detail!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Write-Error 'the agent is gone'; exit 3", "the agent is gone")]
    [InlineData("Get-Service Nothing; exit 1", "Cannot find any service with service name 'Nothing'.")]
    [InlineData("try { throw 'no seal' } catch { $_; exit 1 }", "no seal")]
    [InlineData("try { throw 'no seal' } catch { $_ | Out-String; exit 1 }", "no seal")]
    [InlineData("'Sysprep has failed, its log:'; Set-Content C:\\x.log 'first line','last line of a log'; Get-Content C:\\x.log; exit 1", "Sysprep has failed, its log:")]
    [InlineData("Set-Content C:\\x.log 'last line of a log'; Write-Host 'Gave up.'; Get-Content C:\\x.log | ForEach-Object { \"   $_\" }; exit 1", "Gave up.")]
    [InlineData("Set-Content C:\\x.log 'last line of a log'; Write-Host 'Gave up.'; [IO.File]::ReadAllText('C:\\x.log'); exit 1", "Gave up.")]
    [InlineData("throw 'it is over'", "it is over")]
    [InlineData("function Stop-It { throw [System.TimeoutException]::new('no seal in time') }\ntry { Stop-It } catch [TimeoutException] { Write-Host \"FAILED: $($_.Exception.Message)\"; $_.ScriptStackTrace; exit 1 }", "FAILED: no seal in time")]
    [InlineData("throw (New-Object System.Exception 'made by hand')", "made by hand")]
    public void The_cause_is_what_the_script_said_itself(string script, string cause)
    {
        var result = Run(script);
        Assert.Equal(RehearsalOutcome.Failed, result.Outcome);
        Assert.Contains(cause, result.Cause!, StringComparison.Ordinal);
        Assert.DoesNotContain("FullyQualifiedErrorId", result.Cause!, StringComparison.Ordinal);
        Assert.DoesNotContain("last line", result.Cause!, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_without_a_word_is_said_to_be_one() => Assert.Equal("the script exits without a word about the cause", Run("exit 4").Detail);

    [Theory]
    [InlineData("1\n2\nsc.exe delete RdAgent", "sc.exe delete, line 3")]
    [InlineData("1\nnet user x /add", "net.exe user, line 2")]
    [InlineData("if ($true) {\n  Invoke-WebRequest http://127.0.0.1\n}", "the command Invoke-WebRequest, line 2")]
    [InlineData("function Get-It {\n  sc.exe delete RdAgent\n}\nGet-It", "sc.exe delete, line 2")]
    [InlineData("$x = [Net.WebClient]::new()", "the type [Net.WebClient], line 1")]
    [InlineData("$w = (Get-Date).GetHashCode().ToString()\n$x = 1..2; $x.GetEnumerator().MoveNext()", "line 2")]
    public void What_cannot_be_rehearsed_is_named_with_verb_and_line_and_without_words_of_the_engine(string script, string detail)
    {
        var result = Run(script);
        Assert.True(result.Outcome == RehearsalOutcome.NotRehearsable, $"{result.Outcome} {string.Join('\n', result.Output)}");
        Assert.Contains(detail, result.Detail!, StringComparison.Ordinal);
        Assert.DoesNotMatch("ConstrainedLanguage|language mode|core types|AST", result.Detail);
    }

    [Theory]
    [InlineData("t.json", "exit 0", "JSON")]
    [InlineData("", "{ \"type\": \"Microsoft.VirtualMachineImages/imageTemplates\" }", "JSON")]
    [InlineData("", "[ { \"a\": 1 } ]", "JSON")]
    [InlineData("", "# x\n\nsource \"azure-arm\" \"x\" {\n  os_type = \"Windows\"\n}", "HCL")]
    [InlineData("", "<?xml version=\"1.0\"?><unattend/>", "XML")]
    [InlineData("main.bicep", "param x string", "Bicep")]
    [InlineData("", "{ 'a block' }", null)]
    [InlineData("", "[CmdletBinding()]\nparam()", null)]
    [InlineData("", "source ./x.sh", null)]
    [InlineData("x.sh", "exit 0", null)]
    public void What_is_no_script_is_said_to_be_none(string path, string text, string? format) => Assert.Equal(format, RehearsedFile.FormatOf(path, text));

    [Fact]
    public void One_reason_for_all_scenarios_is_one_result_and_anything_else_stays_as_it_is()
    {
        var no = new RehearsalResult { Outcome = RehearsalOutcome.NotRehearsable, Detail = "sc.exe delete, line 12" };
        var other = no with { Detail = "another" };
        var yes = new RehearsalResult { Outcome = RehearsalOutcome.Sealed };
        var one = Assert.Single(OneForAll.Of([no with { Scenario = "a" }, no with { Scenario = "b" }, no with { Scenario = "c" }]));
        Assert.Equal(("all 3 scenarios", "sc.exe delete, line 12"), (one.Scenario, one.Detail));
        Assert.Equal("a", Assert.Single(OneForAll.Of([no with { Scenario = "a" }])).Scenario);
        Assert.Equal([no, no, yes, no], OneForAll.Of([no, no, yes, no]));
        Assert.Equal([no, other], OneForAll.Of([no, other]));
        Assert.Empty(OneForAll.Of([]));
    }

    [Fact]
    public void The_summary_counts_outcomes_and_says_how_soon_failures_come()
    {
        var summary = new RehearsalSummary();
        foreach (var (outcome, minutes) in new[] { (RehearsalOutcome.Sealed, 2), (RehearsalOutcome.Failed, 4), (RehearsalOutcome.Failed, 5), (RehearsalOutcome.FalseSuccess, 0) })
        {
            summary.Add(new RehearsalResult { Outcome = outcome, VirtualTime = TimeSpan.FromMinutes(minutes) });
        }
        Assert.Equal("4 scenarios: 1 sealed, 2 failed in 4.5 minutes on average, 0 hung, 1 false success", summary.Text);
    }

    private static RehearsalResult Run(string script, string scenario = "agent-present") => new RehearsalSandbox(new SandboxLimits { WallClock = TimeSpan.FromMinutes(2) }).Run(
        script, WindowsScenarios.Find(scenario)!.NewVm(), TimeSpan.FromMinutes(240), TestContext.Current.CancellationToken);
}
