namespace AibDeprovision.Scripting;

/// <summary>Addresses with a shared access signature: whoever has one has what it opens.</summary>
internal static class SignedAddress
{
    private const int ShortestSignature = 16;

    /// <summary>Whether a text holds one; a signature that a variable stands for is none.</summary>
    public static bool IsIn(string text) => text.IndexOf("://", StringComparison.Ordinal) > 0 && text.IndexOf("sig=", StringComparison.Ordinal) is > 0 and var at
        && text.Length - at > ShortestSignature + "sig=".Length && text.IndexOf('$', at) < 0 && text[at - 1] is '&' or '?';
}
