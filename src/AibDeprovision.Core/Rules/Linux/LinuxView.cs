using AibDeprovision.Machine.Linux;

namespace AibDeprovision.Rules.Linux;

/// <summary>A Linux machine as its checks see it.</summary>
/// <param name="files">Its files.</param>
/// <param name="machine">The machine itself; null for a mounted image.</param>
internal sealed class LinuxView(ILinuxFiles files, ILinuxSystem? machine)
{
    /// <summary>Where systems keep programs.</summary>
    public static readonly string[] ProgramFolders = ["/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/local/sbin", "/usr/local/bin"];

    private FirstBoot? _firstBoot;
    private LinuxUnits? _units;

    /// <summary>Its files, and what of them could not be looked at.</summary>
    public LinuxTree Tree { get; } = new(files);

    /// <summary>The machine itself; null for a mounted image.</summary>
    public ILinuxSystem? Machine => machine;

    /// <summary>Its units.</summary>
    public LinuxUnits Units => _units ??= new LinuxUnits(Tree);

    /// <summary>What a VM from the image does at its first boot.</summary>
    public FirstBoot FirstBoot => _firstBoot ??= new FirstBoot(Tree);
}
