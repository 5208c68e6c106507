using AibDeprovision.Plans;
using AibDeprovision.Rehearsal.Scenarios;
using AibDeprovision.Scripting;
using AibDeprovision.Tests.Rehearsal;

namespace AibDeprovision.Tests.Scripting;

/// <summary>Reading a script and rehearsing it come to the same: one that is said to wait without end hangs somewhere, and one that hangs is said to.</summary>
public sealed class AgreementTests
{
    private static readonly string[] s_endless = ["EndlessSealWait", "EndlessServiceWait", "AbsentServiceWait"];

    // Here the process of Sysprep itself is waited for, which no reading tells from one that ends.
    private static readonly string[] s_processes = ["sysprep-hangs", "sysprep-waits-at-dialog"];

    // Of one that patches the default script, the rehearsal judges the result.
    public static TheoryData<string> Scripts => [.. InTheWildTests.Expectations.Keys.Where(name => name.EndsWith(".ps1", StringComparison.Ordinal) && name != "patches-the-default.ps1")];

    [Theory]
    [MemberData(nameof(Scripts))]
    public void A_script_that_waits_without_end_hangs_and_the_other_way_round(string script)
    {
        var findings = ScriptChecks.Check(File.ReadAllText(Path.Combine(InTheWildTests.Folder, script)), DeprovisionPlatform.Windows, null);
        var hangs = InTheWildTests.Expectations[script].Any(outcome => outcome.Value == RehearsalOutcome.Hung && !s_processes.Contains(outcome.Key));
        Assert.Equal(hangs, findings.Any(f => s_endless.Contains(f.RuleId)));
    }
}
