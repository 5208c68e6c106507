using System.Management.Automation.Language;
using AibDeprovision.Errors;
using AibDeprovision.Plans;

namespace AibDeprovision.Binding;

/// <summary>The text of a hook: PowerShell that cannot be read is an error here, and not an hour later on the build VM.</summary>
internal static class HookText
{
    /// <summary>The text, if it can be read; that of another platform is taken as it stands.</summary>
    /// <exception cref="AibException">It is for Windows, and PowerShell cannot read it.</exception>
    public static string Parsed(string option, string text, DeprovisionPlatform platform)
    {
        if (platform != DeprovisionPlatform.Windows)
        {
            return text;
        }
        Parser.ParseInput(text, out _, out var errors);
        return errors.Length == 0 ? text
            : throw new AibException(ErrorId.InvalidOptionValue, $"-{option} cannot be read by PowerShell: line {errors[0].Extent.StartLineNumber}: {errors[0].Message}", $"Correct the value of -{option}.", text);
    }
}
