using System.Globalization;

namespace AibDeprovision.Rehearsal.Windows.Vm;

/// <summary>Sysprep's own logs: setupact.log has every line, setuperr.log the errors. Each run is added to the end.</summary>
internal sealed class PantherLog(SimulatedVm vm)
{
    private const string Folder = SimulatedVm.System32 + @"\Sysprep\Panther";

    public void BeginRun()
    {
        Info("========================================================");
        Info("===          Beginning of a new sysprep run          ===", both: true);
        Info("========================================================");
    }

    public void EndRun() => Info("Shutting down SysPrep log", "0x0f0052");

    public void Info(string text, string? code = null, bool both = false) => Add("Info", code, text, both);

    /// <summary>An error that came from somewhere deep inside: [0x0f0082] SYSPRP ActionPlatform::...</summary>
    public void Error(string text, string? code = null) => Add("Error", code, text, both: true);

    private void Add(string level, string? code, string text, bool both)
    {
        var time = vm.Clock.UtcNow.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        var head = code is null ? $"{time}, {level,-22}" : $"{time}, {level,-11}[{code}] ";
        Append("setupact.log", $"{head}SYSPRP {text}\r\n");
        if (both)
        {
            Append("setuperr.log", $"{head}SYSPRP {text}\r\n");
        }
    }

    // A full disk does not stop Sysprep; it only leaves no trace of what it did.
    private void Append(string log, string line)
    {
        if (!vm.Files.IsDiskFull)
        {
            vm.Files.Append($@"{Folder}\{log}", line);
        }
    }
}
