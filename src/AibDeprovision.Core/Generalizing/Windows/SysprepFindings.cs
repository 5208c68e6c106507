using AibDeprovision.Errors;
using AibDeprovision.Machine;
using AibDeprovision.Machine.Windows;
using AibDeprovision.Rules;
using AibDeprovision.Rules.Windows;

namespace AibDeprovision.Generalizing.Windows;

/// <summary>What the logs of the last run of Sysprep hold against it.</summary>
internal static class SysprepFindings
{
    private const int Most = 50;

    /// <summary>The errors of the last run, in their order; those of setupact.log where setuperr.log has none.</summary>
    public static IReadOnlyList<Finding> OfLastRun(IFiles files, SysprepFiles where)
    {
        foreach (var log in where.Logs)
        {
            List<Finding> errors = [.. PantherRun.LastIn(files.ReadText(log)).Where(line => line.IsError).Take(Most).Select(line => Of(log, line))];
            if (errors.Count > 0)
            {
                return errors;
            }
        }
        return [];
    }

    /// <summary>The first error of the last run as one line; null when its logs name none, or cannot be read.</summary>
    public static string? FirstError(IFiles files, SysprepFiles where)
    {
        try
        {
            return OfLastRun(files, where).Select(f => f.Message).FirstOrDefault();
        }
        catch (AibException e)
        {
            return $"its logs cannot be read: {e.Message}";
        }
    }

    private static Finding Of(string log, PantherLine line) =>
        WindowsRules.SysprepError.Finding() with { Message = line.Message, File = log, Line = line.Number, Evidence = line.Text };
}
