using System.Text;
using AibDeprovision.Machine;
using AibDeprovision.Plans;
using AibDeprovision.Rehearsal.Windows.Vm;
using AibDeprovision.Rules;
using AibDeprovision.Rules.Windows;
using AibDeprovision.Tests.Engine;
using AibDeprovision.Tests.Offline;

namespace AibDeprovision.Tests.Rules;

/// <summary>What a build leaves on a Windows disk, in a mounted image and on the machine itself.</summary>
public sealed class WindowsLeftoversTests : IDisposable
{
    private const string History = @"AppData\Roaming\Microsoft\Windows\PowerShell\PSReadLine\ConsoleHost_history.txt";

    private readonly ScratchFolder _scratch = new();
    private readonly List<string> _warnings = [];

    public WindowsLeftoversTests() => HiveImage.WriteEmptyWindows(_scratch["image"]);

    public static TheoryData<string, string, Severity> Places => new()
    {
        { "PackerElevatedScript", @"C:\Windows\Temp\packer-elevated-shell-5f3e.ps1", Severity.Error },
        { "PackerTask", @"C:\Windows\System32\Tasks\packer-5f3e", Severity.Warning },
        { "PowerShellHistory", @"C:\Users\anna\" + History, Severity.Warning },
        { "PowerShellHistory", @"C:\Windows\System32\config\systemprofile\" + History, Severity.Warning },
        { "ProfileCredentials", @"C:\Users\anna\.azure\msal_token_cache.bin", Severity.Warning },
        { "ProfileCredentials", @"C:\Users\anna\.Azure\AzureRmContext.json", Severity.Warning },
        { "ProfileCredentials", @"C:\Users\anna\.aws\credentials", Severity.Warning },
        { "ProfileCredentials", @"C:\Users\anna\.docker\config.json", Severity.Warning },
        { "ProfileCredentials", @"C:\Users\anna\AppData\Roaming\GitHub CLI\hosts.yml", Severity.Warning },
        { "ProfileCredentials", @"C:\Windows\System32\config\systemprofile\_netrc", Severity.Warning },
        { "BuildUserProfile", @"C:\Users\packer", Severity.Information },
        { "SetupLogs", @"C:\Windows\Panther\setupact.log", Severity.Information },
        { "SetupLogs", @"C:\Windows\System32\Sysprep\Panther\setuperr.log", Severity.Information },
    };

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [MemberData(nameof(Places))]
    public void In_an_image_it_is_named_with_its_path(string rule, string path, Severity severity)
    {
        Write(path, "CANARY");
        var finding = Assert.Single(Check());
        Assert.Equal((rule, severity), (finding.RuleId, finding.Severity));
        Assert.Equal(path, finding.File, ignoreCase: true);
        Assert.DoesNotContain("CANARY", finding.ToString() + finding.Evidence, StringComparison.Ordinal);
        Assert.Equal(severity == Severity.Information, finding.Remedy is null);
        Assert.Empty(_warnings);
    }

    [Fact]
    public void Every_rule_is_here() =>
        Assert.Equal(WindowsLeftovers.Rules.Select(rule => rule.Id).Order(StringComparer.Ordinal), Places.Select(row => row.Data.Item1).Append("AnswerFilePassword").Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Places))]
    public void On_the_machine_itself_it_is_only_told(string rule, string path, Severity severity)
    {
        var vm = new SimulatedVm();
        vm.Files.Delete(@"C:\Users\packer");
        vm.Files.Write(path, "x");
        var finding = Assert.Single(WindowsResidue.Check(new SimulatedMachine(vm), new GeneralizationPolicy(), Assert.Fail), f => f.RuleId == rule);
        Assert.Equal((Severity.Information, null), (finding.Severity, finding.Remedy));
        Assert.Equal(path, finding.File, ignoreCase: true);
        Assert.EndsWith("The build may still be at work here.", finding.Message, StringComparison.Ordinal);
        Assert.InRange(severity, Severity.Information, Severity.Error);
    }

    [Theory]
    [InlineData(@"C:\Windows\Panther\unattend.xml", "<AdministratorPassword><Value>c2VjcmV0</Value><PlainText>false</PlainText></AdministratorPassword>", true)]
    [InlineData(@"C:\Windows\Panther\Unattend\Unattend.xml", "<UserAccounts>\n<Password>\n<Value>secret</Value>\n</Password></UserAccounts>", true)]
    [InlineData(@"C:\unattend.xml", "<Credentials><Password>secret</Password></Credentials>", true)]
    [InlineData(@"C:\AutoUnattend.xml", "<Password><PlainText>true</PlainText><Value>secret</Value></Password>", true)]
    [InlineData(@"C:\Windows\Panther\unattend.xml", "<Password>*SENSITIVE*DATA*DELETED*</Password><AdministratorPassword>*SENSITIVE*DATA*DELETED*</AdministratorPassword>", false)]
    [InlineData(@"C:\Windows\Panther\unattend.xml", "<Password><Value>*SENSITIVE*DATA*DELETED*</Value></Password>", false)]
    [InlineData(@"C:\Windows\Panther\unattend.xml", "<Password><Value></Value></Password><Password></Password>", false)]
    [InlineData(@"C:\Windows\Panther\unattend.xml", "<unattend/>", false)]
    [InlineData(@"C:\Windows\Temp\unattend.xml", "<Password>secret</Password>", false)]
    public void A_password_in_an_answer_file_is_found_where_Setup_looks_and_not_shown(string path, string text, bool isFound)
    {
        Write(path, $"<?xml version=\"1.0\"?><unattend>{text}</unattend>", path.Contains("Panther", StringComparison.Ordinal) ? Encoding.Unicode : Encoding.UTF8);
        var findings = Check().Where(f => f.RuleId != "AnswerFile").ToList();
        Assert.Equal(isFound ? [("AnswerFilePassword", Severity.Error)] : [], findings.Select(f => (f.RuleId, f.Severity)));
        Assert.All(findings, f => Assert.Equal(path, f.File, ignoreCase: true));
        Assert.All(findings, f => Assert.DoesNotContain("secret", f.ToString() + f.Evidence, StringComparison.Ordinal));
    }

    [Fact]
    public void An_answer_file_that_is_made_to_take_long_ends_all_the_same()
    {
        Write(@"C:\unattend.xml", string.Concat(Enumerable.Repeat("<Password><aPassword>", 20_000)));
        Assert.Empty(Check());
    }

    [Fact]
    public void What_is_kept_is_information_and_the_builds_user_may_have_another_name()
    {
        Write(@"C:\Users\anna\" + History, "x");
        Write(@"C:\Users\anna\.netrc", "x");
        Assert.All(Check(new() { Keep = ResidueKinds.History | ResidueKinds.Credentials }), f => Assert.Equal(Severity.Information, f.Severity));
        Assert.Contains(Check(new() { Users = ["anna"] }), f => f is { RuleId: "BuildUserProfile", File: @"C:\Users\anna" });
    }

    [Fact]
    public void Of_one_rule_so_many_are_named_and_then_how_many_more_there_are()
    {
        for (var i = 0; i < 30; i++)
        {
            Write(FormattableString.Invariant($@"C:\Windows\System32\Tasks\packer-{i}"), "x");
        }
        var findings = Check();
        Assert.Equal(21, findings.Count);
        Assert.StartsWith("10 more of this kind", findings[^1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Links_are_not_followed_and_one_in_the_way_is_told()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Making links needs a right there.");
        Directory.CreateDirectory(_scratch["outside", ".aws"]);
        File.WriteAllText(_scratch["outside", ".aws", "credentials"], "x");
        Directory.CreateDirectory(_scratch["image", "Users"]);
        Directory.CreateSymbolicLink(_scratch["image", "Users", "All Users"], _scratch["outside"]);
        Assert.Empty(Check());
        Assert.Empty(_warnings);

        Directory.CreateDirectory(_scratch["image", "Users", "anna"]);
        Directory.CreateSymbolicLink(_scratch["image", "Users", "anna", ".aws"], _scratch["outside", ".aws"]);
        Assert.Empty(Check());
        Assert.Contains(_warnings, w => w.StartsWith(@"C:\Users\anna\.aws\credentials was not looked at: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(2, @"oobe\windeploy.exe", true)]
    [InlineData(2, @"C:\Windows\System32\OOBE\WinDeploy.exe", true)]
    [InlineData(0, @"oobe\windeploy.exe", false)]
    [InlineData(2, "", false)]
    public void A_sealed_image_whose_next_start_is_not_armed_is_named(int setupType, string command, bool isArmed)
    {
        var vm = new SimulatedVm();
        vm.Files.Delete(@"C:\Users\packer");
        vm.ImageState = ImageStates.GeneralizedToOobe;
        vm.Files.Write(@"C:\Windows\System32\Sysprep\Sysprep_succeeded.tag", "");
        vm.Sysprep.SetNextStart(setupType, command);
        var findings = WindowsResidue.Check(new SimulatedMachine(vm), new GeneralizationPolicy(), Assert.Fail);
        Assert.Equal(isArmed ? [] : [("NextStartNotArmed", Severity.Information)], findings.Select(f => (f.RuleId, f.Severity)));
    }

    // The state of an image whose hives say nothing is told besides.
    private List<Finding> Check(GeneralizationPolicy? policy = null) =>
        [.. Generalization.Check(_scratch["image"], policy ?? new GeneralizationPolicy(), _warnings.Add, TestContext.Current.CancellationToken).Where(f => f.RuleId is not ("ImageState" or "SuccessTagMissing"))];

    private void Write(string path, string text, Encoding? encoding = null)
    {
        var file = _scratch[["image", .. path[3..].Split('\\')]];
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text, encoding ?? Encoding.UTF8);
    }
}
