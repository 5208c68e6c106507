namespace AibDeprovision.Scripting;

/// <summary>A part of a text that another takes the place of.</summary>
/// <param name="Start">Where it begins.</param>
/// <param name="End">Where it ends; the begin where something is put in only.</param>
/// <param name="Text">What comes in its place.</param>
internal sealed record ScriptEdit(int Start, int End, string Text)
{
    /// <summary>A text put in at a place.</summary>
    public static ScriptEdit In(int at, string text) => new(at, at, text);

    /// <summary>The text with the edits made; all else of it stays as it is.</summary>
    public static string Apply(string text, IEnumerable<ScriptEdit> edits) =>
        edits.OrderByDescending(edit => edit.Start).Aggregate(text, (done, edit) => done.Substring(0, edit.Start) + edit.Text + done.Substring(edit.End));
}

/// <summary>How one finding is mended.</summary>
/// <param name="Line">The line of the finding, by which a comment says that it is meant.</param>
/// <param name="Edits">The edits; none where it cannot be done here.</param>
internal sealed record ScriptMend(int Line, IReadOnlyList<ScriptEdit> Edits);
