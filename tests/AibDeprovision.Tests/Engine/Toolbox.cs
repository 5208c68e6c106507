namespace AibDeprovision.Tests.Engine;

/// <summary>
/// Programs that some tests need. Where one is missing the test skips with the reason, unless the environment says
/// AIB_TEST_BEDS=required: then nothing may be missing, and it fails.
/// </summary>
internal static class Toolbox
{
    /// <summary>Whether every bed and tool has to be there.</summary>
    public static bool Required => string.Equals(Environment.GetEnvironmentVariable("AIB_TEST_BEDS"), "required", StringComparison.Ordinal);

    /// <summary>Whether a program is on the PATH; where everything is required, a missing one fails the test.</summary>
    public static bool Has(string program)
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, program)) || File.Exists(Path.Combine(folder, program + ".exe")));
        Assert.True(found || !Required, Missing(program));
        return found;
    }

    /// <summary>The reason for skipping.</summary>
    public static string Missing(string program) => $"{program} is not installed on this machine.";
}
