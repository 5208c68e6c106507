using System.Collections;
using System.Management.Automation;
using AibDeprovision.Templates.Steps;
using Newtonsoft.Json.Linq;

namespace AibDeprovision.Binding;

/// <summary>A step of an image template as PowerShell has it.</summary>
internal static class StepOutput
{
    /// <summary>The step in a form that is not Packer's.</summary>
    /// <param name="step">The step.</param>
    /// <param name="form">The form.</param>
    public static object Of(JObject step, StepForm form) => form switch
    {
        StepForm.Json => StepText.Json(step),
        StepForm.Bicep => StepText.Bicep(step),
        StepForm.Terraform => StepText.Terraform(step),
        StepForm.AzImageBuilder => TableOf(step),
        _ => ObjectOf(step),
    };

    private static Hashtable TableOf(JObject step)
    {
        var table = new Hashtable(StringComparer.OrdinalIgnoreCase);
        foreach (var argument in AzImageBuilderArguments.Of(step))
        {
            table.Add(argument.Key, argument.Value);
        }
        return table;
    }

    private static PSObject ObjectOf(JObject step)
    {
        var result = new PSObject();
        result.TypeNames.Insert(0, "AibDeprovision.Templates.Customizer");
        foreach (var property in step.Properties())
        {
            object value = property.Value is JArray lines ? lines.Values<string>().ToArray() : ((JValue)property.Value).Value!;
            result.Properties.Add(new PSNoteProperty(property.Name, value));
        }
        return result;
    }
}
