using System.Text;
using AibDeprovision.Plans;
using AibDeprovision.Repairing;
using AibDeprovision.Rules;
using AibDeprovision.Rules.Linux;
using AibDeprovision.Rules.Windows;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Rules;

/// <summary>docs/rules has a page a rule: the first part is made from the catalogue, what follows is written by hand.</summary>
public sealed class RulePageTests
{
    private const string End = "<!-- The part above is made from the catalogue of rules. -->\n";
    private static readonly string s_folder = Repository.PathOf("docs", "rules");

    public static TheoryData<string> Rules => [.. RuleCatalogue.All.Select(rule => rule.Id)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_rule_has_a_page_that_says_what_the_catalogue_says(string id)
    {
        var path = Path.Combine(s_folder, id + ".md");
        var text = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
        var own = text.IndexOf(End, StringComparison.Ordinal) is >= 0 and var end ? text[(end + End.Length)..] : "";
        GeneratedFile.Check(path, PageOf(RuleCatalogue.All.Single(rule => rule.Id == id)) + End + own);
    }

    [Fact]
    public void A_page_has_a_rule() =>
        Assert.Equal(RuleCatalogue.All.Select(rule => rule.Id).Append("README").Order(StringComparer.Ordinal), Directory.GetFiles(s_folder).Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));

    [Fact]
    public void The_list_of_pages_has_every_rule()
    {
        var text = new StringBuilder("# Rules\n\nBy these the module judges machines, images and scripts; `Get-AibRule` lists them. An Error stops or breaks the build or the image, and is certain; a Warning is likely to; Information is the rest.\n");
        foreach (var platform in (DeprovisionPlatform[])[DeprovisionPlatform.Windows, DeprovisionPlatform.Linux])
        {
            text.Append($"\n## {platform}\n\n| rule | severity | about |\n|---|---|---|\n");
            foreach (var rule in RuleCatalogue.All.Where(rule => rule.Platform == platform))
            {
                text.Append($"| [{rule.Id}]({rule.Id}.md) | {rule.Severity} | {rule.Title} |\n");
            }
        }
        GeneratedFile.Check(Path.Combine(s_folder, "README.md"), text.ToString());
    }

    private static string PageOf(Rule rule)
    {
        var text = new StringBuilder($"# {rule.Id}\n\n{rule.Title}.\n\n| kind | platform | severity | certainty |\n|---|---|---|---|\n| {rule.Kind} | {rule.Platform} | {rule.Severity} | {rule.Certainty} |\n\n");
        text.Append($"**What is the matter:** {Literal(rule.Message)}\n\n");
        if (rule.Remedy is not null)
        {
            text.Append($"**What to do:** {Literal(rule.Remedy)}\n\n");
        }
        if (rule.Fix is not null)
        {
            text.Append($"**The fix** by `Update-AibDeprovisionScript -Fix {rule.Id}`: {Literal(rule.Fix)}\n\n");
        }
        if (rule.Prevents is not null)
        {
            text.Append($"**What it prevents:** {Literal(rule.Prevents)}\n\n");
        }
        if (rule.Scenario is not null)
        {
            text.Append($"**Seen in a rehearsal:** scenario [{rule.Scenario}](../rehearsal-scenarios{(rule.Platform == DeprovisionPlatform.Linux ? "-linux" : "")}.md#{rule.Scenario})\n\n");
        }
        var checks = WindowsChecks.All.Where(check => check.Rule == rule).ToList();
        if (checks.Count > 0)
        {
            var byWhom = checks[0].OnlyForReadiness ? "by Test-AibDeprovisionReadiness, and by the script that only checks" : "before Sysprep, by the hardened script and by the cmdlets alike";
            foreach (var check in checks)
            {
                text.Append($"**What is asked** {byWhom}{(check.Probes.Length > 1 ? " (all of it has to hold)" : "")}:\n\n{Listed(check.Probes.Select(DescriptionOf))}\n");
            }
            text.Append(checks[0].OnlyForReadiness ? ""
                : checks[0].Refuses(strict: false) ? "It stops a deprovision.\n\n"
                : checks[0].ForFirstStart ? "It is warned of.\n\n"
                : $"It is warned of, and named as a suspicion where Sysprep then fails{(checks[0].Refuses(strict: true) ? "; with `-Strict` it stops a deprovision" : "")}.\n\n");
        }
        foreach (var check in LinuxChecks.All.Where(check => check.Rule == rule))
        {
            text.Append($"**What is asked** by Test-AibDeprovisionReadiness, and by the script that only checks{(check.Probes.Length > 1 ? " (all of it has to hold)" : "")}:\n\n{Listed(check.Probes.Select(DescriptionOf))}\n");
        }
        if (Repairs.Mendable.Contains(rule))
        {
            text.Append($"`Repair-AibDeprovisionReadiness {rule.Id}` mends it.\n\n");
        }
        var parts = LinuxResidue.Rules.Concat(WindowsLeftovers.Rules).Where(part => part.Rule == rule).ToList();
        List<string> places = [.. parts.SelectMany(part => part.Paths).Select(path => $"`{path}`"), .. parts.SelectMany(part => part.Below).Select(folder => $"every file below `{folder}`")];
        if (places.Count > 0)
        {
            text.Append($"**Where it is looked for** (`~` is every {(rule.Platform == DeprovisionPlatform.Windows ? "profile" : "home")}, `{{user}}` the build's user):\n\n{Listed(places)}\n");
        }
        if (parts.Aggregate(ResidueKinds.None, (kinds, part) => kinds | part.KeptBy) is var kept and not ResidueKinds.None)
        {
            text.Append($"`-Keep` with any of these keeps it: {kept}.\n\n");
        }
        if (parts.Exists(part => part.KeptWithUser))
        {
            text.Append("`-KeepUser` keeps it.\n\n");
        }
        if (parts.Exists(part => part.RefusedByCertification))
        {
            text.Append("`-Certification` refuses it, also where it is kept.\n\n");
        }
        if (rule.Kind == RuleKinds.Certification)
        {
            text.Append("Only `-Certification` looks at it.\n\n");
        }
        return text.ToString();
    }

    private static string Listed(IEnumerable<string> items) => string.Concat(items.Distinct(StringComparer.Ordinal).Select(item => $"- {item}\n"));

    // What stands in angle brackets would be taken for HTML.
    private static string Literal(string text) => text.Replace("<", "&lt;", StringComparison.Ordinal);

    private static string DescriptionOf(Probe probe) => probe.Kind switch
    {
        ProbeKind.KeyExists => $"the key `{probe.Key}` exists",
        ProbeKind.ValueIs => $"`{probe.Name}` in `{probe.Key}` is `{probe.Text}`",
        ProbeKind.ValueIsNot => $"`{probe.Name}` in `{probe.Key}` is there and is not `{probe.Text}`",
        ProbeKind.ValueContains => $"`{probe.Name}` in `{probe.Key}` has `{probe.Text}` in it",
        ProbeKind.KeyMissing => $"the key `{probe.Key}` is missing",
        ProbeKind.ProcessRuns => $"a process {probe.Name} runs",
        ProbeKind.ServiceRuns => $"the service {probe.Name} runs",
        ProbeKind.ServiceDisabled => $"the service {probe.Name} is disabled and does not run",
        ProbeKind.FileExists => $"`%SystemRoot%{probe.Text}` is there",
        ProbeKind.FreeBelow => $"less than {probe.Text} MB are free on the drive of Windows",
        _ => "Sysprep.exe runs, or a SetupHost.exe that is not a feature update's",
    };

    private static string DescriptionOf(LinuxProbe probe)
    {
        var places = string.Join(", ", probe.Places.Select(place => $"`{place}`"));
        var pattern = $"`` {probe.Pattern.Replace("\t", "\\t", StringComparison.Ordinal)} ``";
        return probe.Kind switch
        {
            LinuxProbeKind.Exists => $"there is one of {places}",
            LinuxProbeKind.Missing => $"there is none of {places}",
            LinuxProbeKind.NotInPath => $"no folder of PATH has {places}",
            LinuxProbeKind.HasLine => $"a line that matches {pattern} is in {places}",
            LinuxProbeKind.HasNoLine => $"no line that matches {pattern} is in {places}",
            LinuxProbeKind.HasVersionBelow => $"the version by {pattern} is below {probe.Limit} in {places}",
            LinuxProbeKind.LacksInterpreter => $"what the first line of one of {places} names is missing",
            LinuxProbeKind.IsNotXml => $"{places} is there and is no XML",
            LinuxProbeKind.Fails => $"`{string.Join(' ', probe.Places)}` fails with a line that matches {pattern}",
            LinuxProbeKind.PackageManagerRuns => $"one of these processes runs: {string.Join(", ", LinuxPackageManagers.Names.Select(name => $"`{name}`"))}",
            LinuxProbeKind.NotEnabled => $"systemd has one of {places}, and would start none of them",
            LinuxProbeKind.CloudInitIsOn => "cloud-init would run at the first boot of a VM",
            LinuxProbeKind.CloudInitIsOff => "cloud-init is not installed, or would not run at the first boot of a VM",
            LinuxProbeKind.FreeBelow => $"less than {probe.Limit} MB are free where {places} is",
            _ => "the process is not root's",
        };
    }
}
