using System.Text;
using AibDeprovision.Errors;
using AibDeprovision.Plans;
using AibDeprovision.Scripts;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace AibDeprovision.Templates.Steps;

/// <summary>
/// Entries of an image template's <c>customize</c> array, with the names, letter case and types of the api-versions from 2022-07-01 on. The one
/// that brings a deprovision script belongs at the end: a step after it can undo it.
/// </summary>
internal static class CustomizeStep
{
    /// <summary>The name of the step that brings the script. A step is found again by it.</summary>
    public const string DefaultName = "DeprovisioningScript";

    /// <summary>The name of the restart before it.</summary>
    public const string RestartName = "RestartBeforeDeprovisioning";

    /// <summary>What Azure Resource Manager takes as one resource, in bytes of its JSON; a whole template may have four times as much.</summary>
    public const int ResourceLimit = 1024 * 1024;

    /// <summary>What a File step takes, in bytes.</summary>
    public const int FileLimit = 20 * 1024 * 1024;

    private static readonly Encoding StrictUtf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A step that carries the script in its own text.</summary>
    /// <exception cref="AibException">The script only checks, or is too large for a template.</exception>
    public static JObject Inline(DeprovisionScript script, string name = DefaultName)
    {
        RequireDeprovision(script);
        var step = Runs(script.Platform, name);
        step["inline"] = new JArray(OverrideWriter.Lines(script));
        var size = Encoding.UTF8.GetByteCount(step.ToString(Formatting.None));
        return size < ResourceLimit ? step
            : throw new AibException(ErrorId.InvalidOptionValue, $"The step has {size} bytes, and Azure Resource Manager takes {ResourceLimit} for a whole image template.",
                "Upload the script, and use -SourceUri or -ScriptUri.", script);
    }

    /// <summary>A step that runs an uploaded file: not the script itself, which would generalize too early, but the text of <see cref="OverrideWriter.FileOf"/>.</summary>
    /// <exception cref="AibException">The script only checks, or the address cannot be used.</exception>
    public static JObject FromScriptUri(DeprovisionScript script, Uri uri, string name = DefaultName)
    {
        RequireDeprovision(script);
        var step = Runs(script.Platform, name);
        step["scriptUri"] = AddressOf(uri, "ScriptUri");
        step["sha256Checksum"] = DeprovisionScript.HashOf(OverrideWriter.FileOf(script));
        return step;
    }

    /// <summary>A step that copies the uploaded script to its place.</summary>
    /// <exception cref="AibException">The script only checks or is too large, or the address cannot be used.</exception>
    public static JObject FromSourceUri(DeprovisionScript script, Uri uri, string name = DefaultName)
    {
        RequireDeprovision(script);
        if (script.GetBytes().Length >= FileLimit)
        {
            throw new AibException(ErrorId.InvalidOptionValue, $"The script has {script.GetBytes().Length} bytes, and a File step takes less than {FileLimit}.",
                "Make its hooks shorter.", script);
        }
        return new JObject
        {
            ["type"] = "File",
            ["name"] = NameOf(name),
            ["sourceUri"] = AddressOf(uri, "SourceUri"),
            ["destination"] = script.TargetPath,
            ["sha256Checksum"] = script.Sha256,
        };
    }

    /// <summary>A restart, so that none is outstanding when Sysprep begins.</summary>
    public static JObject Restart() => new() { ["type"] = "WindowsRestart", ["name"] = RestartName, ["restartTimeout"] = "30m" };

    // Writing to C:\ takes an administrator. SYSTEM is not needed, and nothing that has to do with Sysprep should run as SYSTEM.
    private static JObject Runs(DeprovisionPlatform platform, string name) => platform == DeprovisionPlatform.Windows
        ? new JObject { ["type"] = "PowerShell", ["name"] = NameOf(name), ["runElevated"] = true, ["runAsSystem"] = false }
        : new JObject { ["type"] = "Shell", ["name"] = NameOf(name) };

    private static string NameOf(string name)
    {
        if (name.StartsWith("[", StringComparison.Ordinal))
        {
            throw new AibException(ErrorId.InvalidOptionValue, $"Azure Resource Manager can take the name '{name}' for an expression.", "Begin the name with another character.", name);
        }
        try
        {
            _ = StrictUtf8.GetByteCount(name);
            return name;
        }
        catch (EncoderFallbackException e)
        {
            throw new AibException(ErrorId.InvalidOptionValue, "The name holds half of a character.", "Write the name anew.", name, e);
        }
    }

    private static void RequireDeprovision(DeprovisionScript script)
    {
        if (script.Plan.ReadinessOnly)
        {
            throw new AibException(ErrorId.InvalidOptionValue, "This script only checks: in the place of the deprovision script it would leave the image as it is.",
                "Leave out -ReadinessOnly of New-AibDeprovisionScript.", script);
        }
    }

    private static string AddressOf(Uri uri, string option) => uri is { IsAbsoluteUri: true, Scheme: "https" or "http" } ? uri.AbsoluteUri
        : throw new AibException(ErrorId.InvalidOptionValue, $"-{option} '{uri}' is no address that begins with https://.",
            "Upload the file, and give its whole address.", uri);
}
