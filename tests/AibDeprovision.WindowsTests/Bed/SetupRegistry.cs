using AibDeprovision.Machine;
using Microsoft.Win32;

namespace AibDeprovision.WindowsTests.Bed;

/// <summary>Where Windows keeps how far setup and Sysprep have come.</summary>
public static class SetupRegistry
{
    /// <summary>The key of the setup program, below HKLM.</summary>
    public const string SetupKey = @"SOFTWARE\Microsoft\Windows\CurrentVersion\Setup";

    private const string Machine = @"HKEY_LOCAL_MACHINE\";
    private const string StateKey = Machine + SetupKey + @"\State";
    private const string StatusKey = Machine + @"SYSTEM\Setup\Status\SysprepStatus";

    private static readonly string[] s_blockers =
    [
        @"SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending",
        @"SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired",
    ];

    /// <summary>One of <see cref="ImageStates"/>.</summary>
    public static string ImageState
    {
        get => (string)Registry.GetValue(StateKey, nameof(ImageState), "")!;
        set => Registry.SetValue(StateKey, nameof(ImageState), value);
    }

    /// <summary>7 on a machine that was never generalized, 3 while it is, 4 when it has been.</summary>
    public static int GeneralizationState
    {
        get => (int)Registry.GetValue(StatusKey, nameof(GeneralizationState), 0)!;
        set => Registry.SetValue(StatusKey, nameof(GeneralizationState), value);
    }

    /// <summary>Sets what the next start does: 0 and nothing on a machine that is in use, 2 and the program of OOBE on one that is sealed.</summary>
    public static void SetNextStart(int setupType, string commandLine)
    {
        Registry.SetValue(Machine + @"SYSTEM\Setup", "SetupType", setupType);
        Registry.SetValue(Machine + @"SYSTEM\Setup", "CmdLine", commandLine);
    }

    /// <summary>Registers a provider that Sysprep would call.</summary>
    /// <param name="part">Generalize, Cleanup or Specialize.</param>
    /// <param name="name">The name of the value.</param>
    /// <param name="dll">The path of the DLL, a comma, its function.</param>
    public static void AddProvider(string part, string name, string dll) =>
        Registry.SetValue($@"{Machine}{SetupKey}\SysPrepExternal\{part}", name, dll);

    /// <summary>Registers a provider whose DLL is not there, on which Sysprep is certain to break.</summary>
    public static void AddMissingProvider() => AddProvider("Generalize", "vmagent", @"C:\windows\System32\VMAgentDisabler.dll,DisableVMAgent");

    /// <summary>The names of the providers that are registered.</summary>
    /// <param name="part">Generalize, Cleanup or Specialize.</param>
    public static IReadOnlyList<string> Providers(string part)
    {
        using var key = Registry.LocalMachine.OpenSubKey($@"{SetupKey}\SysPrepExternal\{part}");
        return key?.GetValueNames() ?? [];
    }

    /// <summary>Says that an update waits for a restart.</summary>
    public static void SetRebootPending() => Registry.LocalMachine.CreateSubKey(s_blockers[0]).Dispose();

    /// <summary>A freshly installed machine.</summary>
    internal static void Reset()
    {
        ImageState = ImageStates.Complete;
        GeneralizationState = 7;
        SetNextStart(0, "");
        Registry.SetValue(StatusKey, "CleanupState", 2);
        foreach (var key in s_blockers.Append(SetupKey + @"\SysPrepExternal"))
        {
            Registry.LocalMachine.DeleteSubKeyTree(key, throwOnMissingSubKey: false);
        }
        foreach (var part in (string[])["Generalize", "Cleanup", "Specialize"])
        {
            Registry.LocalMachine.CreateSubKey($@"{SetupKey}\SysPrepExternal\{part}").Dispose();
        }
    }
}
