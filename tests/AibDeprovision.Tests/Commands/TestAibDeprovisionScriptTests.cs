using AibDeprovision.Rules;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Commands;

/// <summary>Test-AibDeprovisionScript in the real engine.</summary>
public sealed class TestAibDeprovisionScriptTests : IDisposable
{
    private const string Sealing = "& $env:windir\\System32\\Sysprep\\sysprep.exe /oobe /generalize /quiet /shutdown\n";

    private readonly EngineSession _engine = new();
    private readonly ScratchFolder _scratch = new();

    public void Dispose()
    {
        _engine.Dispose();
        _scratch.Dispose();
    }

    [Fact]
    public void A_finding_names_file_line_and_column()
    {
        File.WriteAllText(_scratch["seal.ps1"], "# one\n  " + Sealing);
        var finding = _engine.Run("Test-AibDeprovisionScript $args[0] -Include SysprepShutsDown", _scratch["seal.ps1"]).Objects<Finding>().Single();
        Assert.Equal((_scratch["seal.ps1"], 2, 3, Severity.Error), (finding.File, finding.Line, finding.Column, finding.Severity));
        Assert.StartsWith("& $env:windir", finding.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void Scripts_come_through_the_pipeline_as_objects_text_and_files()
    {
        File.WriteAllText(_scratch["seal.ps1"], Sealing);
        Assert.Empty(_engine.Run("'Windows', 'Linux' | New-AibDeprovisionScript | Test-AibDeprovisionScript").Objects<Finding>());
        Assert.Contains("SysprepShutsDown", _engine.Run("$args[0] | Test-AibDeprovisionScript", Sealing).Objects<Finding>().Select(f => f.RuleId));
        Assert.Contains("SysprepShutsDown", _engine.Run("[IO.FileInfo]$args[0] | Test-AibDeprovisionScript", _scratch["seal.ps1"]).Objects<Finding>().Select(f => f.RuleId));
        Assert.Contains("SysprepShutsDown", _engine.Run("Test-AibDeprovisionScript $args[0]", _scratch["*.ps1"]).Objects<Finding>().Select(f => f.RuleId));
    }

    [Theory]
    [InlineData("-Exclude SysprepShutsDown", false)]
    [InlineData("-Exclude Sysprep*", false)]
    [InlineData("-Include Sysprep*", true)]
    [InlineData("-Include EndlessSealWait", false)]
    [InlineData("-Severity Error", true)]
    public void Rules_are_chosen_by_name_and_severity(string options, bool isFound) =>
        Assert.Equal(isFound, _engine.Run("$args[0] | Test-AibDeprovisionScript " + options, Sealing).Objects<Finding>().Any(f => f.RuleId == "SysprepShutsDown"));

    [Fact]
    public void A_rule_that_there_is_not_is_an_error() =>
        Assert.StartsWith("UnknownRule,", _engine.Run("$args[0] | Test-AibDeprovisionScript -Include NoSuch", Sealing).Error.FullyQualifiedErrorId, StringComparison.Ordinal);

    [Fact]
    public void Quiet_answers_once_for_all_scripts()
    {
        Assert.False(Assert.Single(_engine.Run("$args[0], \"exit 0`n\" | Test-AibDeprovisionScript -Quiet", Sealing).Objects<bool>()));
        Assert.True(Assert.Single(_engine.Run("'Windows', 'Linux' | New-AibDeprovisionScript | Test-AibDeprovisionScript -Quiet").Objects<bool>()));
    }

    [Fact]
    public void FailOn_ends_after_all_findings()
    {
        var failed = _engine.Run("try { $args[0] | Test-AibDeprovisionScript -FailOn Error } catch { 'failed: ' + $_.FullyQualifiedErrorId }", Sealing);
        Assert.True(failed.Output.Count > 2);
        Assert.StartsWith("failed: FindingsFailed,", failed.Output[^1].ToString(), StringComparison.Ordinal);
        Assert.Null(_engine.Run("New-AibDeprovisionScript Windows | Test-AibDeprovisionScript -FailOn Warning").Terminating);
    }

    [Theory]
    [InlineData("# AibDeprovision: ignore SysprepShutsDown - the image is captured by hand\n", false)]
    [InlineData("# AibDeprovision: ignore SysprepShutsDown\n", true)]
    [InlineData("# AibDeprovision: ignore SysprepReboots - another rule\n", true)]
    public void A_comment_with_a_reason_suppresses_a_finding_of_the_next_line(string comment, bool isFound) =>
        Assert.Equal(isFound, _engine.Run("$args[0] | Test-AibDeprovisionScript -Include SysprepShutsDown", comment + Sealing).Output.Count == 1);

    [Fact]
    public void Evidence_is_printable_and_without_secrets()
    {
        var findings = _engine.Run("$args[0] | Test-AibDeprovisionScript", "& $env:windir\\System32\\Sysprep\\sysprep.exe /oobe \u001b[31m 'password=hunter22'\n$apiToken = 'abcdefgh12345678'\n").Objects<Finding>();
        Assert.Contains(findings, f => f.RuleId == "SecretInScript");
        Assert.All(findings, f => Assert.DoesNotContain("\u001b", f.Evidence + f.Message, StringComparison.Ordinal));
        Assert.All(findings, f => Assert.DoesNotContain("hunter22", f.Evidence + f.Message, StringComparison.Ordinal));
        Assert.All(findings, f => Assert.DoesNotContain("abcdefgh12345678", f.Evidence + f.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_byte_order_mark_of_a_file_is_seen()
    {
        File.WriteAllBytes(_scratch["seal.sh"], [0xEF, 0xBB, 0xBF, .. "waagent -force -deprovision+user\n"u8]);
        Assert.Single(_engine.Run("Test-AibDeprovisionScript $args[0] -Include ShellByteOrderMark", _scratch["seal.sh"]).Objects<Finding>());
    }

    [Fact]
    public void Nothing_of_a_script_is_run()
    {
        _engine.Run("$args[0] | Test-AibDeprovisionScript", $"[IO.File]::WriteAllText('{_scratch["ran"]}', 'ran')\n$(Set-Content '{_scratch["ran"]}' ran)\n");
        _engine.Run("$args[0] | Test-AibDeprovisionScript", $"#!/bin/sh\ntouch '{_scratch["ran"]}'\n$(touch '{_scratch["ran"]}')\n");
        Assert.Empty(_scratch.Entries);
    }
}
