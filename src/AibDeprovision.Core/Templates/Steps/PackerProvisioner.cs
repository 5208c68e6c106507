using AibDeprovision.Errors;
using AibDeprovision.Plans;
using AibDeprovision.Scripts;
using AibDeprovision.Scripts.Quoting;
using Newtonsoft.Json.Linq;

namespace AibDeprovision.Templates.Steps;

/// <summary>
/// A step as provisioners of Packer's own HCL, for a build without the service. Nothing but the template runs the script there, so that the
/// provisioner that writes it has one behind it that runs it.
/// </summary>
internal static class PackerProvisioner
{
    /// <summary>The provisioners, an empty line between two.</summary>
    /// <exception cref="AibException">The step fetches its file from an address, which Packer's provisioners do not.</exception>
    public static string Of(JObject step, DeprovisionScript script) => (string)step["type"]! switch
    {
        "WindowsRestart" => $"provisioner \"windows-restart\" {{\n  restart_timeout = {HclText.Quote((string)step["restartTimeout"]!)}\n}}",
        _ when step["inline"] is not JArray => throw new AibException(ErrorId.InvalidOptionValue, "Packer's provisioners do not fetch a script from an address.",
            "Leave out -ScriptUri and -SourceUri, or use another form than PackerHcl.", step["scriptUri"] ?? step["sourceUri"]),
        _ when script.Platform == DeprovisionPlatform.Windows => Block("powershell", step["inline"]!) + "\n\n"
            + Block("powershell", new JArray($"& {PowerShellText.Quote(script.TargetPath)}", "exit $LASTEXITCODE")),
        // The user is gone when the script ends, and with it the right to remove Packer's own file.
        _ => Block("shell", step["inline"]!) + "\n\n" + Block("shell", new JArray($"sudo sh {ShText.Quote(script.TargetPath)}"), "  skip_clean = true\n"),
    };

    private static string Block(string type, JToken lines, string more = "") =>
        $"provisioner \"{type}\" {{\n{more}  inline = [\n{string.Concat(lines.Values<string>().Select(line => $"    {HclText.Quote(line!)},\n"))}  ]\n}}";
}
