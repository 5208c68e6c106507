using System.Diagnostics;
using System.Globalization;

namespace AibDeprovision.Benchmarks;

/// <summary>Test-AibGeneralization on a root of many files, beside a find over the same root that asks for owner and size as it does.</summary>
internal static class ImageWalk
{
    private const int InAFolder = 1000;

    /// <summary>A root with as many files as a small Debian has.</summary>
    public static void Report(WarmEngine engine, int files, int rounds)
    {
        var root = Directory.CreateTempSubdirectory("aib-benchmark-").FullName;
        try
        {
            Fill(root, files);
            var before = Peak();
            Pair.Run(string.Create(CultureInfo.InvariantCulture, $"Test-AibGeneralization, {files:N0} files"), () => engine.Invoke($"Test-AibGeneralization -Root '{root}'"), "find -uid -size", () => Find(root), rounds);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"",-36} the process has taken {Math.Max(0, Peak() - before) / 1048576.0:F1} MB more for it"));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    // Half of them below /var/log, which two rules look at.
    private static void Fill(string root, int files)
    {
        Directory.CreateDirectory(Path.Combine(root, "etc"));
        File.WriteAllText(Path.Combine(root, "etc/os-release"), "ID=debian\n");
        File.WriteAllText(Path.Combine(root, "etc/passwd"), "root:x:0:0:root:/root:/bin/bash\n");
        for (var i = 0; i < files; i++)
        {
            var folder = Path.Combine(root, i % 2 == 0 ? "var/log" : "var/lib", string.Create(CultureInfo.InvariantCulture, $"{i / InAFolder}"));
            if (i % InAFolder < 2)
            {
                Directory.CreateDirectory(folder);
            }
            File.Create(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"file-{i}"))).Dispose();
        }
    }

    private static long Peak()
    {
        using var self = Process.GetCurrentProcess();
        return self.PeakWorkingSet64;
    }

    private static void Find(string root)
    {
        using var find = Process.Start("find", [root, "-xdev", "(", "-uid", "+999", "-o", "!", "-size", "0c", ")", "-newermt", "2100-01-01"]);
        find.WaitForExit();
    }
}
