using AibDeprovision.Errors;

namespace AibDeprovision.Scripting.Editing;

/// <summary>Why a script is not changed as it was asked.</summary>
internal static class EditErrors
{
    /// <summary>Refuses what has no place in a script: to change nothing in silence is how images get broken.</summary>
    public static void Require(bool isThere, string option, string why)
    {
        if (!isThere)
        {
            throw new AibException(ErrorId.EditMatchedNothing, $"{option} has nothing to work on in this script: {why}.", "Leave the option out for this script, or look at what it does with Test-AibDeprovisionScript.", option);
        }
    }

    /// <summary>An edit that would be needed and cannot be made.</summary>
    public static AibException Impossible(string option, int line, string why) =>
        new(ErrorId.EditNotPossible, $"{option} cannot be done at line {line}: {why}.", "Change the line by hand, or use the hardened script of New-AibDeprovisionScript.", option);
}
