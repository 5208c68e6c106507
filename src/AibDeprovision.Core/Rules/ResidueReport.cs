using AibDeprovision.Plans;

namespace AibDeprovision.Rules;

/// <summary>Collects what was found: nothing twice, of one kind only so many, and what the policy keeps as information.</summary>
internal sealed class ResidueReport(GeneralizationPolicy policy)
{
    /// <summary>The most findings of one rule; what is more is only counted.</summary>
    public const int Most = 20;

    /// <summary>Follows what is refused.</summary>
    public const string RefusedByCertification = "Certification refuses it.";

    private const int MostClaimed = 100_000;

    private readonly List<Kind> _kinds = [];
    private readonly HashSet<string> _hasToGo = new(StringComparer.Ordinal);
    private readonly HashSet<string> _claimed = new(StringComparer.Ordinal);

    /// <summary>What was found; the findings of a rule are followed by the number of those that are left out.</summary>
    public IEnumerable<Finding> Findings => _kinds.SelectMany(kind => kind.Count > Most ? kind.Shown.Append(More(kind)) : kind.Shown);

    /// <summary>How much of it a deprovision has to clear, and nothing keeps.</summary>
    public int Count { get; private set; }

    /// <summary>The first of that; null where there is none.</summary>
    public ResidueLeft? First { get; private set; }

    /// <summary>The findings about that.</summary>
    public IEnumerable<Finding> HasToGo => Findings.Where(finding => finding.Severity != Severity.Information && _hasToGo.Contains(finding.RuleId));

    /// <summary>Reports a path, unless it or a folder above it was claimed before.</summary>
    /// <param name="rule">What it is.</param>
    /// <param name="path">The path as on that machine.</param>
    /// <param name="onlyTold">Why it is no more than information; null where it is as the rule and the policy say.</param>
    /// <param name="about">Whom it is about; comes before the rule's sentence.</param>
    public void Claim(ResidueRule rule, string path, string? onlyTold = null, string? about = null)
    {
        for (var above = path; above.Length > 0; above = above.Substring(0, above.LastIndexOf('/')))
        {
            if (_claimed.Contains(above))
            {
                return;
            }
        }
        // What is claimed after so many is counted twice at worst, where memory would run full otherwise.
        if (_claimed.Count < MostClaimed)
        {
            _claimed.Add(path);
        }
        Add(rule, path, about: about, onlyTold: onlyTold);
    }

    /// <summary>Reports something that is in a file.</summary>
    /// <param name="rule">What it is.</param>
    /// <param name="path">The path as on that machine.</param>
    /// <param name="line">The line, from 1.</param>
    /// <param name="about">Whom it is about; comes before the rule's sentence.</param>
    /// <param name="onlyTold">Why it is no more than information; null where it is as the rule and the policy say.</param>
    public void Add(ResidueRule rule, string path, int? line = null, string? about = null, string? onlyTold = null)
    {
        var isRefused = policy.Certification && rule.RefusedByCertification && onlyTold is null;
        onlyTold ??= isRefused ? null : (rule.KeptBy & policy.Keep) != ResidueKinds.None || (rule.KeptWithUser && policy.KeepUser) ? "Kept, as asked for." : null;
        if (onlyTold is null && rule.HasToGo)
        {
            Count++;
            First ??= new ResidueLeft(rule, path, about);
            _hasToGo.Add(rule.Id);
        }
        var severity = onlyTold is not null ? Severity.Information : isRefused && rule.Severity == Severity.Information ? Severity.Warning : rule.Severity;
        var kind = _kinds.FirstOrDefault(k => k.RuleId == rule.Id && k.Severity == severity);
        if (kind is null)
        {
            _kinds.Add(kind = new Kind(rule.Id, severity));
        }
        if (++kind.Count > Most)
        {
            return;
        }
        var finding = rule.Rule.Finding();
        kind.Shown.Add(finding with
        {
            Severity = severity,
            Message = PrintableText.Of(string.Concat(about is null ? "" : $"{about}: ", finding.Message, onlyTold is null ? "" : " " + onlyTold, isRefused ? " " + RefusedByCertification : "")),
            Remedy = severity == Severity.Information ? null : finding.Remedy,
            File = PrintableText.Of(path),
            Line = line,
        });
    }

    private static Finding More(Kind kind) => kind.Shown[0] with
    {
        Message = FormattableString.Invariant($"{kind.Count - Most} more of this kind: {kind.Shown[0].Message}"),
        File = null,
        Line = null,
    };

    private sealed class Kind(string ruleId, Severity severity)
    {
        public string RuleId => ruleId;

        public Severity Severity => severity;

        public List<Finding> Shown { get; } = [];

        public int Count { get; set; }
    }
}
