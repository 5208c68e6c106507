using System.Globalization;

namespace AibDeprovision.Shell;

/// <summary>
/// The invariant culture, which is what there is on machines without ICU, with a language. The formatter breaks lines
/// between words only for the languages that it knows, and the module speaks English everywhere.
/// </summary>
internal sealed class EnglishCulture() : CultureInfo("")
{
    public override string TwoLetterISOLanguageName => "en";

    /// <summary>Makes it the culture of this thread and of those to come.</summary>
    public static void Use()
    {
        var english = new EnglishCulture();
        CurrentCulture = english;
        CurrentUICulture = english;
        DefaultThreadCurrentCulture = english;
        DefaultThreadCurrentUICulture = english;
    }
}
