using Microsoft.Win32;

namespace AibDeprovision.WindowsTests.Faces;

/// <summary>whoami.exe for an administrator: the one of Wine knows no /groups.</summary>
internal static class FakeWhoami
{
    /// <summary>The SID with which those of the machine's accounts begin.</summary>
    public const string MachineSid = "S-1-5-21-1004336348-1177238915-682003330";

    private const string Key = @"HKEY_LOCAL_MACHINE\SOFTWARE\AibBed";

    /// <summary>Whether it tells of a session that is elevated.</summary>
    public static bool IsElevated
    {
        get => Registry.GetValue(Key, nameof(IsElevated), 1) is not 0;
        set => Registry.SetValue(Key, nameof(IsElevated), value ? 1 : 0);
    }

    public static int Answer(string[] arguments)
    {
        // Where a first start has failed, as happens under Wine now and then, the engine starts a program as the one that
        // opens the file, and so with its own path as an argument more.
        switch (arguments)
        {
            case [.., "/groups"]:
                Console.WriteLine(IsElevated
                    ? @"BUILTIN\Administrators                 Alias            S-1-5-32-544 Mandatory group, Enabled by default, Enabled group, Group owner"
                    : @"BUILTIN\Administrators                 Alias            S-1-5-32-544 Group used for deny only");
                Console.WriteLine(IsElevated
                    ? @"Mandatory Label\High Mandatory Level   Label            S-1-16-12288"
                    : @"Mandatory Label\Medium Mandatory Level Label            S-1-16-8192");
                return 0;
            case [.., "/user"]:
                Console.WriteLine($@"build-vm\packer {MachineSid}-500");
                return 0;
            default:
                Console.Error.WriteLine($"The fake whoami.exe does not know: {string.Join(' ', arguments)}");
                return 1;
        }
    }
}
