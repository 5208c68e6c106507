using AibDeprovision.Machine;
using AibDeprovision.Rehearsal.Windows.Vm;
using AibDeprovision.Rules;
using AibDeprovision.Rules.Windows;

namespace AibDeprovision.Tests.Rules;

/// <summary>Windows: each reason for which a machine is not general is a finding of its own.</summary>
public sealed class WindowsResidueTests
{
    private const string StateFile = @"C:\Windows\Setup\State\State.ini";
    private const string Tag = @"C:\Windows\System32\Sysprep\Sysprep_succeeded.tag";
    private const string StatusKey = @"HKLM\SYSTEM\Setup\Status\SysprepStatus";
    private const string StateKey = SimulatedVm.SetupKey + @"\State";

    private readonly SimulatedVm _vm = new();

    public WindowsResidueTests()
    {
        _vm.Registry.Set(StateKey, "ImageState", ImageStates.GeneralizedToOobe);
        _vm.Registry.Set(StatusKey, "GeneralizationState", 4);
        _vm.Files.Write(StateFile, $"[State]\r\nImageState={ImageStates.GeneralizedToOobe}\r\n");
        _vm.Files.Write(Tag, "");
        _vm.Sysprep.SetNextStart(2, @"oobe\windeploy.exe");
        _vm.Files.Delete(@"C:\Users\packer");
    }

    [Fact]
    public void A_sealed_machine_gives_nothing() => Assert.Empty(Check());

    [Fact]
    public void A_machine_that_was_never_generalized_gives_every_reason()
    {
        var findings = WindowsResidue.Check(new SimulatedMachine(new SimulatedVm()), new GeneralizationPolicy(), Assert.Fail);
        Assert.Contains("ImageState", findings.Select(f => f.RuleId));
        Assert.Contains("SuccessTagMissing", findings.Select(f => f.RuleId));
        Assert.All(findings, f => Assert.Equal(f.RuleId == "BuildUserProfile" ? Severity.Information : Severity.Error, f.Severity));
    }

    [Theory]
    [InlineData(ImageStates.Complete, "not been generalized")]
    [InlineData(ImageStates.Undeployable, "cannot be deployed")]
    [InlineData(ImageStates.GeneralizedToAudit, "audit")]
    [InlineData(ImageStates.SpecializedToOobe, "without /generalize")]
    [InlineData("IMAGE_STATE_\u0007", @"IMAGE_STATE_\u0007")]
    public void Another_image_state_is_named(string state, string text)
    {
        _vm.Registry.Set(StateKey, "ImageState", state);
        _vm.Files.Write(@"C:\Windows\System32\Sysprep\Panther\setuperr.log", "2026-01-15 09:00:00, Error      [0x0f0082] SYSPRP the cause\r\n");
        var finding = Assert.Single(Check(), f => f.RuleId != "SetupLogs");
        Assert.Equal("ImageState", finding.RuleId);
        Assert.Contains(text, finding.Message, StringComparison.Ordinal);
        Assert.Contains("the cause", finding.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_file_of_another_mind_is_found()
    {
        _vm.Files.Write(StateFile, "[State]\r\nImageState=IMAGE_STATE_COMPLETE\r\n");
        Assert.Equal(("StateFile", StateFile), Assert.Single(Check().Select(f => (f.RuleId, f.File!))));
    }

    [Fact]
    public void A_missing_tag_is_found()
    {
        _vm.Files.Delete(Tag);
        Assert.Equal(("SuccessTagMissing", Tag), Assert.Single(Check().Select(f => (f.RuleId, f.File!))));
    }

    [Fact]
    public void A_run_that_broke_off_is_found()
    {
        _vm.Registry.Set(StatusKey, "GeneralizationState", 3);
        Assert.Equal("GeneralizationBrokeOff", Assert.Single(Check()).RuleId);
    }

    [Theory]
    [InlineData(@"C:\Windows\System32\Sysprep\unattend.xml")]
    [InlineData(@"C:\Windows\Panther\unattend.xml")]
    public void An_answer_file_is_found_and_not_told_of(string file)
    {
        _vm.Files.Write(file, "<Password>CANARY</Password>");
        var finding = Assert.Single(Check(), f => f.RuleId != "AnswerFilePassword");
        Assert.Equal(("AnswerFile", Severity.Warning, file), (finding.RuleId, finding.Severity, finding.File!));
        Assert.DoesNotContain("CANARY", $"{finding.Message}{finding.Evidence}", StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_is_under_way_is_found()
    {
        _vm.Sysprep.Start(["/oobe", "/generalize", "/quit"]);
        Assert.Contains(Check(), f => f.RuleId == "SysprepRunning");
    }

    private IReadOnlyList<Finding> Check() => WindowsResidue.Check(new SimulatedMachine(_vm), new GeneralizationPolicy(), Assert.Fail);
}
