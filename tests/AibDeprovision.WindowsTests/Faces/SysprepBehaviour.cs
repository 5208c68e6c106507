using Microsoft.Win32;

namespace AibDeprovision.WindowsTests.Faces;

/// <summary>What the fake Sysprep.exe does. A scenario saves it to the registry; the program loads it from there.</summary>
public sealed record SysprepBehaviour
{
    private const string Key = @"HKEY_LOCAL_MACHINE\SOFTWARE\AibBed\Sysprep";

    /// <summary>How it goes.</summary>
    public SysprepEnding Ending { get; init; }

    /// <summary>How long the machine is undeployable before the end, in seconds.</summary>
    public int Seconds { get; init; } = 2;

    /// <summary>Whether Sysprep.exe ends early and SetupHost.exe goes on with the work.</summary>
    public bool HandsOver { get; init; }

    /// <summary>The error that it logs when it refuses or dies; empty for an end without a word.</summary>
    public string Error { get; init; } = "LaunchDll:Failure occurred while executing 'provider.dll,Generalize', returned error code 5";

    /// <summary>The arguments that Sysprep.exe was last started with; null when it was not.</summary>
    public static string? LastArguments
    {
        get => Registry.GetValue(Key, "LastArguments", defaultValue: null) as string;
        set => Registry.SetValue(Key, "LastArguments", value ?? "");
    }

    /// <summary>What was saved.</summary>
    public static SysprepBehaviour Load() => new()
    {
        Ending = Enum.Parse<SysprepEnding>((string)Registry.GetValue(Key, nameof(Ending), nameof(SysprepEnding.Seals))!),
        Seconds = (int)Registry.GetValue(Key, nameof(Seconds), 2)!,
        HandsOver = Registry.GetValue(Key, nameof(HandsOver), 0) is 1,
        Error = (string)Registry.GetValue(Key, nameof(Error), "")!,
    };

    /// <summary>Makes it what the next run does, and forgets the last one.</summary>
    public void Save()
    {
        Registry.LocalMachine.DeleteSubKeyTree(Key[(Key.IndexOf('\\', StringComparison.Ordinal) + 1)..], throwOnMissingSubKey: false);
        Registry.SetValue(Key, nameof(Ending), Ending.ToString());
        Registry.SetValue(Key, nameof(Seconds), Seconds);
        Registry.SetValue(Key, nameof(HandsOver), HandsOver ? 1 : 0);
        Registry.SetValue(Key, nameof(Error), Error);
    }
}

/// <summary>How a run of the fake Sysprep goes.</summary>
public enum SysprepEnding
{
    /// <summary>It does what it was asked to do.</summary>
    Seals,

    /// <summary>It refuses before it touches anything: the image state stays complete.</summary>
    Refuses,

    /// <summary>It dies in the middle: the image state stays undeployable.</summary>
    Dies,

    /// <summary>It never ends, and the image state stays undeployable.</summary>
    Hangs,
}
