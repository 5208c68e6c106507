using AibDeprovision.Errors;
using AibDeprovision.Machine.Linux;
using AibDeprovision.Machine.Windows;
using AibDeprovision.Rules;
using AibDeprovision.Rules.Linux;
using AibDeprovision.Rules.Windows;

namespace AibDeprovision.Repairing;

/// <summary>Mends what is found on a machine: it looks anew, and changes nothing that it does not find.</summary>
internal sealed class Repairs
{
    private readonly Func<Func<Rule, bool>, IEnumerable<Finding>> _check;
    private readonly Func<Rule, IReadOnlyList<Finding>, IReadOnlyList<RepairStep>?> _steps;

    private Repairs(IEnumerable<Rule> rules, Func<Func<Rule, bool>, IEnumerable<Finding>> check, Func<Rule, IReadOnlyList<Finding>, IReadOnlyList<RepairStep>?> steps)
    {
        Rules = [.. rules];
        _check = check;
        _steps = steps;
    }

    /// <summary>The rules of this machine.</summary>
    public IReadOnlyList<Rule> Rules { get; }

    /// <summary>The rules, of either system, of which something can be mended.</summary>
    public static IEnumerable<Rule> Mendable => WindowsRepairs.Rules.Concat(LinuxRepairs.Rules);

    /// <summary>The repairs of a Windows machine.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="limit">The longest that the questions to Windows PowerShell may take.</param>
    /// <param name="cancel">Ends it.</param>
    public static Repairs Of(IWindowsMachine machine, TimeSpan limit, CancellationToken cancel) => new(WindowsReadinessChecks.Rules,
        isWanted => WindowsReadinessChecks.Check(machine, isWanted, limit, cancel), (rule, findings) => WindowsRepairs.For(machine, rule, findings, cancel));

    /// <summary>The repairs of a Linux machine.</summary>
    public static Repairs Of(ILinuxSystem machine, CancellationToken cancel) => new(LinuxReadiness.Rules,
        isWanted => LinuxReadiness.Check(machine.Files, machine, isWanted, cancel), (rule, findings) => LinuxRepairs.For(machine, rule, findings));

    /// <summary>Mends what is found now of some rules.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="isMeant">Which of the findings.</param>
    /// <param name="refusal">Asks whether a step is to be done: null for yes, else why not.</param>
    public IEnumerable<RepairResult> Mend(IReadOnlyList<Rule> rules, Func<Finding, bool> isMeant, Func<RepairStep, string?> refusal)
    {
        var found = _check(rules.Contains).Where(isMeant).ToList();
        foreach (var rule in rules)
        {
            List<Finding> findings = [.. found.Where(finding => finding.RuleId == rule.Id)];
            if (findings.Count == 0)
            {
                yield return new RepairResult { RuleId = rule.Id, Outcome = RepairOutcome.NotNeeded, Detail = "Nothing of it is found on this machine." };
                continue;
            }
            foreach (var result in Mend(rule, findings, refusal))
            {
                yield return result;
            }
        }
        foreach (var failed in found.Where(finding => !rules.Any(rule => rule.Id == finding.RuleId)))
        {
            yield return new RepairResult { RuleId = failed.RuleId, Outcome = RepairOutcome.Failed, Detail = failed.Message };
        }
    }

    private IEnumerable<RepairResult> Mend(Rule rule, List<Finding> findings, Func<RepairStep, string?> refusal)
    {
        var steps = StepsOf(rule, findings, out var problem);
        if (problem is not null || steps is not { Count: > 0 })
        {
            yield return new RepairResult { RuleId = rule.Id, Outcome = problem is null ? RepairOutcome.Left : RepairOutcome.Failed, Detail = problem ?? $"It is nothing that is safe to mend from here. {findings[0].Remedy}" };
            yield break;
        }
        foreach (var step in steps)
        {
            var result = new RepairResult { RuleId = rule.Id, Target = PrintableText.Short(step.Target), Detail = step.Action + "." };
            yield return refusal(step) is { } why ? result with { Outcome = RepairOutcome.Left, Detail = why } : Do(step, result);
        }
    }

    private IReadOnlyList<RepairStep>? StepsOf(Rule rule, List<Finding> findings, out string? problem)
    {
        problem = null;
        try
        {
            return _steps(rule, findings);
        }
        catch (AibException e)
        {
            problem = e.Explanation;
            return null;
        }
    }

    private static RepairResult Do(RepairStep step, RepairResult result)
    {
        try
        {
            step.Do();
            return result with { Outcome = RepairOutcome.Mended };
        }
        catch (AibException e)
        {
            return result with { Outcome = RepairOutcome.Failed, Detail = e.Explanation };
        }
    }
}
