namespace AibDeprovision.Templates.Steps;

/// <summary>The form in which a step of an image template is written.</summary>
public enum StepForm
{
    /// <summary>An object with the properties of the step, in their letter case: for ConvertTo-Json and for scripts that build a template.</summary>
    Step,

    /// <summary>JSON, as in an ARM template.</summary>
    Json,

    /// <summary>An item of a Bicep array.</summary>
    Bicep,

    /// <summary>A Terraform object, as in the body of an azapi_resource.</summary>
    Terraform,

    /// <summary>Packer's own HCL, for a build without the service: a provisioner that does the same.</summary>
    PackerHcl,

    /// <summary>A table of arguments for the cmdlets of the PowerShell module Az.ImageBuilder, to be splatted.</summary>
    AzImageBuilder,
}
