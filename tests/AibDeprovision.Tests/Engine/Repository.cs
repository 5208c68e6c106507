namespace AibDeprovision.Tests.Engine;

/// <summary>Where things are in the checkout that the tests were built from.</summary>
internal static class Repository
{
    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The staged module, as it would be published.</summary>
    public static string StagedModule => Path.Combine(Root, "out", "AibDeprovision");

    /// <summary>A path below the root.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AibDeprovision.sln")))
            {
                return folder.FullName;
            }
        }
        throw new InvalidOperationException("The tests run outside a checkout: no AibDeprovision.sln above them.");
    }
}
