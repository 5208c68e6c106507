using System.Globalization;
using System.Management.Automation;

namespace AibDeprovision.Shell.Host;

/// <summary>The progress of what runs, on one line of the terminal that is drawn anew each time.</summary>
internal sealed class ProgressLine
{
    private int _drawn;

    /// <summary>Draws the line; nothing is drawn where standard error is not a terminal.</summary>
    public void Show(ProgressRecord progress)
    {
        if (Console.IsErrorRedirected)
        {
            return;
        }

        if (progress.RecordType == ProgressRecordType.Completed)
        {
            Clear();
            return;
        }

        // The last column stays free: a character there would move the cursor to the next line.
        var text = Describe(progress);
        text = text[..Math.Min(text.Length, Terminal.ErrorWidth - 1)];
        Console.Error.Write("\r" + text.PadRight(_drawn));
        _drawn = text.Length;
    }

    /// <summary>Takes the line away, before something else is written and at the end.</summary>
    public void Clear()
    {
        if (_drawn > 0)
        {
            Console.Error.Write("\r" + new string(' ', _drawn) + "\r");
            _drawn = 0;
        }
    }

    private static string Describe(ProgressRecord progress)
    {
        var text = $"{progress.Activity}: {progress.StatusDescription}";
        if (!string.IsNullOrEmpty(progress.CurrentOperation))
        {
            text += ", " + progress.CurrentOperation;
        }

        if (progress.PercentComplete >= 0)
        {
            text += string.Create(CultureInfo.InvariantCulture, $" [{progress.PercentComplete} %]");
        }

        if (progress.SecondsRemaining >= 0)
        {
            text += $" {TimeSpan.FromSeconds(progress.SecondsRemaining):c} left";
        }

        return text.ReplaceLineEndings(" ");
    }
}
