namespace AibDeprovision.Tests.Engine;

/// <summary>How many of the cases that are made at random a run tries: a twentieth, or all where the environment says AIB_TEST_CASES=full.</summary>
internal static class GeneratedCases
{
    /// <summary>The number for this run, of so many in a full one.</summary>
    public static int Of(int full) =>
        string.Equals(Environment.GetEnvironmentVariable("AIB_TEST_CASES"), "full", StringComparison.Ordinal) ? full : (full + 19) / 20;
}
