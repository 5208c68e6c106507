using AibDeprovision.Machine;

namespace AibDeprovision.Rehearsal.Windows.Vm;

/// <summary>How far a disk is encrypted, as BitLocker says it.</summary>
internal enum DiskEncryption
{
    /// <summary>Not at all.</summary>
    FullyDecrypted,

    /// <summary>Whole.</summary>
    FullyEncrypted,

    /// <summary>On the way back.</summary>
    DecryptionInProgress,
}

/// <summary>
/// A build VM that does not exist: services, registry, files, processes, its user and Sysprep, all on one virtual clock.
/// A new one is healthy: the agent runs, nothing is pending, Sysprep seals in two minutes. What goes wrong is arranged.
/// </summary>
internal sealed class SimulatedVm
{
    /// <summary>Where Windows is.</summary>
    public const string Windows = @"C:\Windows";

    /// <summary>Where its programs are.</summary>
    public const string System32 = Windows + @"\System32";

    /// <summary>The key under which setup keeps its state.</summary>
    public const string SetupKey = @"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Setup";

    /// <summary>Where Azure Image Builder keeps the deprovision script.</summary>
    public const string ScriptPath = @"C:\DeprovisioningScript.ps1";

    /// <summary>There while an update waits for a restart.</summary>
    public const string RebootPendingKey = @"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending";

    private string? _firstScript;

    /// <summary>A VM on which everything is well.</summary>
    public SimulatedVm()
    {
        Services = new SimulatedServices(this);
        Registry = new SimulatedRegistry(this);
        Files = new SimulatedFiles(this);
        Processes = new SimulatedProcesses(this);
        Sysprep = new SimulatedSysprep(this);
        FreshInstallation.Fill(this);
        KeepScript();
    }

    /// <summary>Its time, and what is still to happen.</summary>
    public SimulatedClock Clock { get; } = new();

    /// <summary>Its services.</summary>
    public SimulatedServices Services { get; }

    /// <summary>Its registry.</summary>
    public SimulatedRegistry Registry { get; }

    /// <summary>Its disk.</summary>
    public SimulatedFiles Files { get; }

    /// <summary>What runs on it.</summary>
    public SimulatedProcesses Processes { get; }

    /// <summary>Its Sysprep.</summary>
    public SimulatedSysprep Sysprep { get; }

    /// <summary>The variables of the environment.</summary>
    public IDictionary<string, string> Environment { get; } = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The folder or registry key in which the script works.</summary>
    public string Location
    {
        get;
        set
        {
            field = value;
            Touch();
        }
    } = @"C:\Users\packer";

    /// <summary>How far its disk is encrypted.</summary>
    public DiskEncryption Encryption { get; set; }

    /// <summary>Full names of apps that are installed for a user and not provisioned for all.</summary>
    public ISet<string> UserApps { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Who works on it.</summary>
    public SimulatedUser User { get; set; } = SimulatedUser.Administrator;

    /// <summary>Why the session to the VM was cut; null as long as it holds.</summary>
    public string? SessionLost { get; private set; }

    /// <summary>Goes up with every change of anything on the VM.</summary>
    public long Version { get; private set; }

    /// <summary>The truth: generalizing has run to its end, and nothing has undone it since. Windows starts as its image state says.</summary>
    public bool IsSealed
    {
        get => field && ImageState == ImageStates.GeneralizedToOobe;
        internal set;
    }

    /// <summary>The image state as the registry has it; null where the value or its key is missing.</summary>
    public string? ImageState
    {
        get => Registry.Text(SetupKey + @"\State", "ImageState");
        set => Registry.Set(SetupKey + @"\State", "ImageState", value ?? "");
    }

    /// <summary>The deprovision script that was put in the place of the first one; null where none was.</summary>
    public string? NewScript => Files.Read(ScriptPath) is { } script && script != _firstScript ? script : null;

    /// <summary>Takes the deprovision script that is there now for the one that was there first.</summary>
    public void KeepScript() => _firstScript = Files.Read(ScriptPath);

    /// <summary>Shuts the VM down or restarts it: whoever works on it loses the session.</summary>
    public void CutSession(string cause) => SessionLost ??= cause;

    /// <summary>Decrypts the disk, which takes its time.</summary>
    public void Decrypt()
    {
        Encryption = DiskEncryption.DecryptionInProgress;
        Touch();
        Clock.After(TimeSpan.FromMinutes(10), () =>
        {
            Encryption = DiskEncryption.FullyDecrypted;
            Touch();
        });
    }

    internal void Touch() => Version++;
}
