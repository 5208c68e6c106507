namespace AibDeprovision.Tests.Engine;

/// <summary>A file of the repository of which all or a part is made from data in code.</summary>
internal static class GeneratedFile
{
    private const string Switch = "AIB_WRITE_GENERATED";

    /// <summary>Fails where the file is not what the data make; with the switch set, writes it first.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expected">What its text, with LF, has to be.</param>
    public static void Check(string path, string expected)
    {
        var actual = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
        if (actual != expected && Environment.GetEnvironmentVariable(Switch) == "1")
        {
            File.WriteAllText(path, expected);
            actual = expected;
        }
        if (actual != expected)
        {
            Assert.Fail($"{path} is not what it is made from in code. Set {Switch}=1, run this test again, and read the difference.{Environment.NewLine}{FirstDifference(expected, actual)}");
        }
    }

    private static string FirstDifference(string expected, string actual)
    {
        var (wanted, found) = (expected.Split('\n'), actual.Split('\n'));
        var at = Enumerable.Range(0, Math.Max(wanted.Length, found.Length)).First(i => i >= wanted.Length || i >= found.Length || wanted[i] != found[i]);
        return $"Line {at + 1} is: {found.ElementAtOrDefault(at)}{Environment.NewLine}It has to be: {wanted.ElementAtOrDefault(at)}";
    }
}
