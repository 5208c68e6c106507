using AibDeprovision.Errors;
using AibDeprovision.Machine.Windows;

namespace AibDeprovision.Generalizing.Windows;

/// <summary>What an earlier run of Sysprep left: its answer files, its tag and its logs must not speak for the next one.</summary>
internal static class EarlierRun
{
    /// <summary>Takes them away; of the logs a copy is kept beside them, as setupact.before.log.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="note">Gets what was done, as sentences.</param>
    /// <exception cref="AibException">An answer file or the tag is there and cannot be removed.</exception>
    public static void Clear(IWindowsMachine machine, Action<string> note)
    {
        var files = new SysprepFiles(machine.WindowsFolder);
        foreach (var file in files.AnswerFiles.Append(files.SuccessTag).Where(machine.Files.Exists))
        {
            machine.DeleteFile(file);
            note($"removed {file}");
        }
        foreach (var log in files.Logs.Where(machine.Files.Exists))
        {
            try
            {
                machine.MoveFile(log, log.Substring(0, log.Length - ".log".Length) + ".before.log");
            }
            catch (AibException e)
            {
                // The run is told from older ones by its first line as well.
                note($"warning: the old {log} could not be set aside: {e.Message}");
            }
        }
    }
}
