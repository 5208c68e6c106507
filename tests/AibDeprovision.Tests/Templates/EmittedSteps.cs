using AibDeprovision.Plans;
using AibDeprovision.Scripts;
using AibDeprovision.Templates.Steps;
using Newtonsoft.Json.Linq;

namespace AibDeprovision.Tests.Templates;

/// <summary>A step of every kind that can be made, for what reads them.</summary>
internal static class EmittedSteps
{
    private static readonly Uri s_uri = new("https://example.com/s/a%20b.ps1?sv=1&sig=a%2Bb");

    public static IEnumerable<DeprovisionScript> Scripts { get; } =
    [
        .. Enum.GetValues<DeprovisionPlatform>().SelectMany(platform => new[]
        {
            ScriptGenerator.Generate(new DeprovisionPlan { Platform = platform }),
            ScriptGenerator.Generate(new DeprovisionPlan { Platform = platform, Profile = DeprovisionProfile.Generic }),
        }),
    ];

    public static JObject[] Customizers { get; } =
    [
        CustomizeStep.Restart(),
        .. Scripts.SelectMany(script => new[]
        {
            CustomizeStep.Inline(script),
            CustomizeStep.Inline(script, "it's \"50%\" of ${x} %{y} $${z} \\ caf\u00e9 \ud83d\ude00"),
            CustomizeStep.FromScriptUri(script, s_uri),
            CustomizeStep.FromSourceUri(script, s_uri),
        }),
    ];
}
