using System.Collections;
using System.Management.Automation;
using AibDeprovision.Errors;
using AibDeprovision.Plans;

namespace AibDeprovision.Binding;

/// <summary>The files of a VM as a table tells them: texts, or lines, by whole paths.</summary>
internal static class RehearsalFiles
{
    /// <summary>The texts by their paths.</summary>
    /// <exception cref="AibException">A path is none of a file on a VM of the platform.</exception>
    public static IReadOnlyDictionary<string, string> Of(Hashtable table, DeprovisionPlatform platform)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry file in table)
        {
            var path = file.Key.ToString()!;
            if (!IsWhole(path, platform))
            {
                throw new AibException(ErrorId.InvalidOptionValue, $"'{path}' is no path of a file on the VM.", @"Write whole paths into -File: C:\folder\file for Windows, /folder/file for Linux.", path);
            }
            files[path] = LanguagePrimitives.GetEnumerable(file.Value) is { } lines ? string.Join("\n", lines.Cast<object?>()) : LanguagePrimitives.ConvertTo<string>(file.Value) ?? "";
        }
        return files;
    }

    private static bool IsWhole(string path, DeprovisionPlatform platform) => platform == DeprovisionPlatform.Linux
        ? path.Length > 1 && path[0] == '/' && !path.Split('/').Contains("..")
        : path.Length > 3 && path.StartsWith(@"C:\", StringComparison.OrdinalIgnoreCase);
}
