namespace AibDeprovision.Rehearsal.Scenarios;

/// <summary>Where nothing can be said under any scenario, and for one reason, one result says it.</summary>
internal static class OneForAll
{
    /// <summary>The results, each as soon as it is known that it stands for itself.</summary>
    public static IEnumerable<RehearsalResult> Of(IEnumerable<RehearsalResult> results)
    {
        var alike = new List<RehearsalResult>();
        var differ = false;
        foreach (var result in results)
        {
            differ |= result.Outcome != RehearsalOutcome.NotRehearsable || (alike.Count > 0 && alike[0].Detail != result.Detail);
            if (!differ)
            {
                alike.Add(result);
                continue;
            }
            foreach (var held in alike)
            {
                yield return held;
            }
            alike.Clear();
            yield return result;
        }
        if (alike.Count > 0)
        {
            yield return alike.Count == 1 ? alike[0] : alike[0] with { Scenario = $"all {alike.Count} scenarios" };
        }
    }
}
