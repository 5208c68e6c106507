namespace AibDeprovision.WindowsTests.Bed;

/// <summary>The files that a deprovision run has to do with.</summary>
public static class BedFiles
{
    private const string SysprepFolder = @"C:\windows\system32\Sysprep";

    /// <summary>This program.</summary>
    public static string Program { get; } = Path.ChangeExtension(typeof(BedFiles).Assembly.Location, ".exe");

    /// <summary>The program of the fake services: this one under another name, so that it can be told from it.</summary>
    public const string FakeService = @"C:\windows\system32\FakeService.exe";

    /// <summary>The fake Sysprep.exe.</summary>
    public const string Sysprep = SysprepFolder + @"\Sysprep.exe";

    /// <summary>The fake SetupHost.exe.</summary>
    public const string SetupHost = SysprepFolder + @"\SetupHost.exe";

    /// <summary>What Sysprep writes when it has sealed the machine.</summary>
    public const string SuccessTag = SysprepFolder + @"\Sysprep_succeeded.tag";

    /// <summary>The folder of Sysprep's logs.</summary>
    public const string Panther = SysprepFolder + @"\Panther";

    /// <summary>The script that Azure Image Builder runs.</summary>
    public const string DeprovisioningScript = @"C:\DeprovisioningScript.ps1";

    /// <summary>README.md of the checkout.</summary>
    public const string Readme = @"C:\checkout\README.md";

    /// <summary>The two answer files that a fresh Azure VM may have.</summary>
    public static IReadOnlyList<string> AnswerFiles { get; } = [SysprepFolder + @"\unattend.xml", @"C:\windows\Panther\unattend.xml"];

    /// <summary>The folder of the trace that a sealed machine carries.</summary>
    public const string TraceFolder = @"C:\ProgramData\AibDeprovision";

    /// <summary>That trace.</summary>
    public const string Trace = TraceFolder + @"\sealed.json";

    // Wine has no accounts of a machine's own that Get-LocalUser could list; the command itself is a module of Windows'.
    private const string AccountsModule = @"C:\Program Files\PowerShell\Modules\Microsoft.PowerShell.LocalAccounts\Microsoft.PowerShell.LocalAccounts.psm1";

    /// <summary>Takes a file away until the result is disposed.</summary>
    public static IDisposable SetAside(string path) => new Aside(path);

    /// <summary>Deletes what earlier runs have left and makes the folders that every Windows has.</summary>
    internal static void Reset()
    {
        foreach (var file in AnswerFiles.Append(SuccessTag).Append(DeprovisioningScript))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.Delete(file);
        }
        if (Directory.Exists(Panther))
        {
            Directory.Delete(Panther, recursive: true);
        }
        Directory.CreateDirectory(Panther);
        if (Directory.Exists(TraceFolder))
        {
            Directory.Delete(TraceFolder, recursive: true);
        }
        Directory.CreateDirectory(Path.GetDirectoryName(AccountsModule)!);
        File.WriteAllText(AccountsModule, $"function Get-LocalUser {{ [pscustomobject]@{{ Name = 'packer'; SID = '{Faces.FakeWhoami.MachineSid}-500' }} }}");
    }

    private sealed class Aside : IDisposable
    {
        private readonly string _path;

        public Aside(string path)
        {
            _path = path;
            File.Move(path, path + ".aside");
        }

        public void Dispose() => File.Move(_path + ".aside", _path);
    }
}
