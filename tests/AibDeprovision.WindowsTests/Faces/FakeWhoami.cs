namespace AibDeprovision.WindowsTests.Faces;

/// <summary>whoami.exe for an elevated administrator: the one of Wine knows no /groups.</summary>
internal static class FakeWhoami
{
    public static int Answer(string[] arguments)
    {
        // Where a first start has failed, as happens under Wine now and then, the engine starts a program as the one that
        // opens the file, and so with its own path as an argument more.
        switch (arguments)
        {
            case [.., "/groups"]:
                Console.WriteLine(@"BUILTIN\Administrators                 Alias            S-1-5-32-544 Mandatory group, Enabled by default, Enabled group, Group owner");
                Console.WriteLine(@"Mandatory Label\High Mandatory Level   Label            S-1-16-12288");
                return 0;
            case [.., "/user"]:
                Console.WriteLine(@"build-vm\packer S-1-5-21-1004336348-1177238915-682003330-500");
                return 0;
            default:
                Console.Error.WriteLine($"The fake whoami.exe does not know: {string.Join(' ', arguments)}");
                return 1;
        }
    }
}
