namespace AibDeprovision.Repairing;

/// <summary>One change that mends something.</summary>
/// <param name="Target">What is changed.</param>
/// <param name="Action">What is done to it, as words that somebody is asked with: "Remove the file".</param>
/// <param name="Do">Does it.</param>
internal sealed record RepairStep(string Target, string Action, Action Do)
{
    /// <summary>Whether something is gone afterwards that nobody can bring back.</summary>
    public bool LosesData { get; init; }
}
