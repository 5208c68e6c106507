using Newtonsoft.Json.Linq;

namespace AibDeprovision.Templates.Steps;

/// <summary>
/// A step as arguments of New-AzImageBuilderTemplateCustomizerObject, by the names that its page
/// documents (PowerShell module Az.ImageBuilder, from version 0.4.0).
/// </summary>
internal static class AzImageBuilderArguments
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["name"] = "Name",
        ["inline"] = "Inline",
        ["runElevated"] = "RunElevated",
        ["runAsSystem"] = "RunAsSystem",
        ["scriptUri"] = "ScriptUri",
        ["sha256Checksum"] = "Sha256Checksum",
        ["sourceUri"] = "SourceUri",
        ["destination"] = "Destination",
        ["restartTimeout"] = "RestartTimeout",
    };

    /// <summary>The arguments. What is a Boolean in the step is one here, too: RunElevated is no switch.</summary>
    /// <param name="step">The step.</param>
    public static IEnumerable<KeyValuePair<string, object>> Of(JObject step)
    {
        var type = (string)step["type"]!;
        yield return new($"{(type == "WindowsRestart" ? "Restart" : type)}Customizer", true);
        foreach (var property in step.Properties().Where(p => p.Name != "type"))
        {
            yield return new(Names[property.Name], property.Value switch
            {
                JArray lines => lines.Values<string>().ToArray(),
                JValue { Type: JTokenType.Boolean } value => (bool)value,
                var text => (string)text!,
            });
        }
    }
}
