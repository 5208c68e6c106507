using System.Diagnostics;
using System.Globalization;
using System.Text;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Offline;

/// <summary>hivex, which knows hives on its own account: what it has written is what the reader is held against.</summary>
internal static class Hivex
{
    public static void SkipWhereMissing()
    {
        foreach (var program in (string[])["hivexsh", "hivexregedit", "hivexget"])
        {
            Assert.SkipUnless(Toolbox.Has(program), Toolbox.Missing(program));
        }
    }

    /// <summary>Merges a .reg text, with keys named from the hive's root, into a hive file.</summary>
    public static void Merge(string hive, string reg) =>
        Run("hivexregedit", ["--merge", "--encoding", "UTF-16LE", hive], "Windows Registry Editor Version 5.00\n\n" + reg);

    /// <summary>Runs commands of hivexsh on a hive file and writes it.</summary>
    public static void Shell(string hive, IEnumerable<string> commands) =>
        Run("hivexsh", ["-w", hive], string.Join('\n', [.. commands, "commit", "quit", ""]));

    /// <summary>A subtree as a .reg text, as hivex reads it.</summary>
    public static string Export(string hive, string key) => Run("hivexregedit", ["--export", hive, key], "");

    /// <summary>Data as .reg texts have it.</summary>
    public static string Hex(byte[] data) => string.Join(',', data.Select(b => b.ToString("x2", CultureInfo.InvariantCulture)));

    private static string Run(string program, string[] arguments, string input)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
        };
        // So perl, too, takes what comes in as UTF-8.
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["PERL_UNICODE"] = "SDA";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(120)));
        var text = output.GetAwaiter().GetResult();
        Assert.True(process.ExitCode == 0, $"{program} failed: {text}{errors.GetAwaiter().GetResult()}");
        return text;
    }
}
