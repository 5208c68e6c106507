using System.Text;
using AibDeprovision.Scripts.Quoting;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace AibDeprovision.Templates.Steps;

/// <summary>A step as text of a language that templates are written in. Lines end in LF; none ends the text.</summary>
internal static class StepText
{
    private const string Indent = "  ";

    /// <summary>JSON of an ARM template.</summary>
    public static string Json(JObject step)
    {
        using var text = new StringWriter { NewLine = "\n" };
        using var writer = new JsonTextWriter(text) { Formatting = Formatting.Indented };
        step.WriteTo(writer);
        return text.ToString();
    }

    /// <summary>An object of Bicep.</summary>
    public static string Bicep(JObject step) => Write(new StringBuilder(), step, "", ": ", "", BicepText.Quote).ToString();

    /// <summary>An object of HCL.</summary>
    public static string Terraform(JObject step) => Write(new StringBuilder(), step, "", " = ", ",", HclText.Quote).ToString();

    // The two languages differ in what stands behind a name, in what ends an item, and in their strings. Names of properties need no quotes in either.
    private static StringBuilder Write(StringBuilder text, JToken value, string indent, string assign, string separator, Func<string, string> quote)
    {
        var inner = indent + Indent;
        switch (value)
        {
            case JObject { Count: > 0 } of:
                text.Append("{\n");
                foreach (var property in of.Properties())
                {
                    Write(text.Append(inner).Append(property.Name).Append(assign), property.Value, inner, assign, separator, quote).Append('\n');
                }
                return text.Append(indent).Append('}');
            case JArray { Count: > 0 } of:
                text.Append("[\n");
                foreach (var item in of)
                {
                    Write(text.Append(inner), item, inner, assign, separator, quote).Append(separator).Append('\n');
                }
                return text.Append(indent).Append(']');
            default:
                return text.Append(value.Type == JTokenType.String ? quote((string)value!) : value.ToString(Formatting.None));
        }
    }
}
