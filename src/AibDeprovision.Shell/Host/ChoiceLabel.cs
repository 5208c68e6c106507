using System.Management.Automation.Host;

namespace AibDeprovision.Shell.Host;

/// <summary>A choice's label: an ampersand in it stands before the letter that chooses it.</summary>
internal sealed class ChoiceLabel
{
    private readonly string _text;

    public ChoiceLabel(ChoiceDescription choice)
    {
        var mark = choice.Label.IndexOf('&', StringComparison.Ordinal);
        _text = mark < 0 ? choice.Label : choice.Label.Remove(mark, 1);
        Key = mark < 0 || mark >= _text.Length ? _text : _text.Substring(mark, 1).ToUpperInvariant();
        Help = choice.HelpMessage;
    }

    /// <summary>What a person types for it.</summary>
    public string Key { get; }

    public string Help { get; }

    public bool IsMeantBy(string answer) =>
        string.Equals(answer, Key, StringComparison.OrdinalIgnoreCase)
        || string.Equals(answer, _text, StringComparison.OrdinalIgnoreCase);

    public override string ToString() => $"[{Key}] {_text}";
}
