using AibDeprovision.Errors;

namespace AibDeprovision.Machine.Windows;

/// <summary>
/// The registry of a Windows machine, to be read. Keys are named HKLM\..., without regard to case; on a 64-bit Windows
/// they are those that 64-bit programs see.
/// </summary>
internal interface IRegistry
{
    /// <summary>Whether a key exists.</summary>
    bool Exists(string key);

    /// <summary>
    /// A value's data: string (REG_SZ, and REG_EXPAND_SZ as it is written), int (REG_DWORD), long (REG_QWORD), string[]
    /// (REG_MULTI_SZ), byte[] for all else; null where the value or its key is missing.
    /// </summary>
    /// <exception cref="AibException">It is there and cannot be read.</exception>
    object? Value(string key, string name);

    /// <summary>The names of a key's values; none where the key is missing.</summary>
    /// <exception cref="AibException">The key is there and cannot be read.</exception>
    IReadOnlyList<string> ValueNames(string key);

    /// <summary>The names of the keys right below one; none where it is missing.</summary>
    /// <exception cref="AibException">The key is there and cannot be read.</exception>
    IReadOnlyList<string> SubkeyNames(string key);
}
