using System.Globalization;
using AibDeprovision.WindowsTests.Bed;

namespace AibDeprovision.WindowsTests.Faces;

/// <summary>setupact.log and setuperr.log in Sysprep's own grammar; each run is added to the end.</summary>
internal static class SysprepLog
{
    public static void BeginRun()
    {
        Info("========================================================");
        Add("Info", code: null, "===          Beginning of a new sysprep run          ===", both: true);
        Info("========================================================");
    }

    public static void EndRun() => Info("Shutting down SysPrep log", "0x0f0052");

    public static void Info(string text, string? code = null) => Add("Info", code, text, both: false);

    public static void Error(string text, string? code = null) => Add("Error", code, text, both: true);

    private static void Add(string level, string? code, string text, bool both)
    {
        var time = DateTime.Now.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        var head = code is null ? $"{time}, {level,-22}" : $"{time}, {level,-11}[{code}] ";
        Directory.CreateDirectory(BedFiles.Panther);
        File.AppendAllText(Path.Combine(BedFiles.Panther, "setupact.log"), $"{head}SYSPRP {text}\r\n");
        if (both)
        {
            File.AppendAllText(Path.Combine(BedFiles.Panther, "setuperr.log"), $"{head}SYSPRP {text}\r\n");
        }
    }
}
