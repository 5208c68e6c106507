namespace AibDeprovision.Rules.Windows;

/// <summary>What an answer of 0 says.</summary>
internal enum ZeroMeaning
{
    /// <summary>Nothing: it is an answer like any other.</summary>
    Nothing,

    /// <summary>Only with it the rule holds.</summary>
    Holds,

    /// <summary>Only with it the rule does not hold.</summary>
    Passes,
}

/// <summary>A question that only commands of PowerShell can answer; the script that only checks has the same.</summary>
/// <param name="Name">Its name in questions.windows.ps1.</param>
/// <param name="What">What it looks at, in words.</param>
/// <param name="Rules">The rules that it is for, each with the word that the last part of an answer has to be; an empty one for any.</param>
internal sealed record SlowQuestion(string Name, string What, params (Rule Rule, string Word)[] Rules)
{
    /// <summary>What an answer of 0 says.</summary>
    public ZeroMeaning Zero { get; init; }

    /// <summary>The findings of an answer.</summary>
    /// <param name="answer">Its parts: what was found, and more.</param>
    public IEnumerable<Finding> Findings(string[] answer)
    {
        var passes = (Zero == ZeroMeaning.Holds && answer[0] != "0") || (Zero == ZeroMeaning.Passes && answer[0] == "0");
        return passes ? [] : Rules.Where(rule => rule.Word.Length == 0 || answer[answer.Length - 1] == rule.Word).Select(rule => rule.Rule.Finding(("found", PrintableText.Short(answer[0])), ("drive", PrintableText.Short(answer[answer.Length - 1]))) with
        {
            Evidence = PrintableText.Short(answer[0]),
        });
    }
}
