using System.Management.Automation;
using AibDeprovision.Rehearsal.Windows.Vm;

namespace AibDeprovision.Rehearsal.Windows.Commands;

/// <summary>Get-AppxPackage: the apps that are installed for a user and not provisioned, if any.</summary>
[Cmdlet(VerbsCommon.Get, "AppxPackage")]
internal sealed class GetAppxPackageCommand : SimulatedCommand
{
    [Parameter(Position = 0)]
    public string Name { get; set; } = "*";

    [Parameter(Position = 1)]
    public string? Publisher { get; set; }

    [Parameter]
    public SwitchParameter AllUsers { get; set; }

    [Parameter]
    public string? User { get; set; }

    [Parameter]
    public object? PackageTypeFilter { get; set; }

    protected override void ProcessRecord()
    {
        var pattern = WildcardPattern.Get(Name, WildcardOptions.IgnoreCase);
        foreach (var package in Vm.UserApps.Where(package => pattern.IsMatch(NameOf(package))))
        {
            var result = new PSObject();
            foreach (var (name, value) in new (string, object?)[]
            {
                ("Name", NameOf(package)), ("PackageFullName", package), ("PackageFamilyName", NameOf(package) + package.Substring(package.LastIndexOf('_'))),
                ("IsFramework", false), ("NonRemovable", false), ("SignatureKind", "Store"), ("Status", "Ok"),
            })
            {
                result.Properties.Add(new PSNoteProperty(name, value));
            }
            WriteObject(result);
        }
    }

    private static string NameOf(string package) => package.Substring(0, package.IndexOf('_'));
}

[Cmdlet(VerbsCommon.Remove, "AppxPackage", SupportsShouldProcess = true)]
internal sealed class RemoveAppxPackageCommand : SimulatedCommand
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PackageFullName")]
    public PSObject Package { get; set; } = new();

    [Parameter]
    public SwitchParameter AllUsers { get; set; }

    [Parameter]
    public string? User { get; set; }

    protected override void ProcessRecord()
    {
        var package = LanguagePrimitives.ConvertTo<string>(Package.Properties["PackageFullName"]?.Value ?? Package);
        if (!Vm.UserApps.Contains(package))
        {
            Fail($"Deployment failed with HRESULT: 0x80073CF1, Package was not found. ({package})", "DeploymentError", ErrorCategory.WriteError, package, "PSInvalidOperationException");
        }
        else if (ShouldProcess(package))
        {
            Vm.UserApps.Remove(package);
            Vm.Touch();
        }
    }
}

/// <summary>Get-AppxProvisionedPackage: there is none.</summary>
[Cmdlet(VerbsCommon.Get, "AppxProvisionedPackage")]
internal sealed class GetAppxProvisionedPackageCommand : SimulatedCommand
{
    [Parameter]
    public SwitchParameter Online { get; set; }
}

/// <summary>Get-BitLockerVolume, and Disable-BitLocker, which takes ten minutes.</summary>
internal abstract class BitLockerCommand : SimulatedCommand
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[] MountPoint { get; set; } = ["C:"];

    private protected void WriteVolume()
    {
        var result = new PSObject();
        result.Properties.Add(new PSNoteProperty("MountPoint", "C:"));
        result.Properties.Add(new PSNoteProperty("VolumeType", "OperatingSystem"));
        result.Properties.Add(new PSNoteProperty("VolumeStatus", Vm.Encryption.ToString()));
        result.Properties.Add(new PSNoteProperty("ProtectionStatus", "Off"));
        result.Properties.Add(new PSNoteProperty("EncryptionPercentage", Vm.Encryption == DiskEncryption.FullyDecrypted ? 0 : 100));
        result.Properties.Add(new PSNoteProperty("KeyProtector", Array.Empty<object>()));
        WriteObject(result);
    }
}

[Cmdlet(VerbsCommon.Get, "BitLockerVolume")]
internal sealed class GetBitLockerVolumeCommand : BitLockerCommand
{
    protected override void ProcessRecord() => WriteVolume();
}

[Cmdlet(VerbsLifecycle.Disable, "BitLocker", SupportsShouldProcess = true)]
internal sealed class DisableBitLockerCommand : BitLockerCommand
{
    protected override void ProcessRecord()
    {
        if (Vm.Encryption == DiskEncryption.FullyEncrypted && ShouldProcess("C:"))
        {
            Vm.Decrypt();
        }
        WriteVolume();
    }
}
