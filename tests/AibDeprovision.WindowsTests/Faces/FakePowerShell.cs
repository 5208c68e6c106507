using System.Text;
using AibDeprovision.WindowsTests.Bed;

namespace AibDeprovision.WindowsTests.Faces;

/// <summary>powershell.exe, the Windows PowerShell that every Windows has and Wine has not: an encoded command is run by pwsh.</summary>
internal static class FakePowerShell
{
    public static int Run(string[] arguments)
    {
        if (arguments is not [.., "-EncodedCommand", var command])
        {
            Console.Error.WriteLine($"The fake powershell.exe does not know: {string.Join(' ', arguments)}");
            return 1;
        }
        // By a file: cmd.exe, by which pwsh is started, takes no line that long.
        var file = Path.ChangeExtension(Path.GetTempFileName(), ".ps1");
        File.WriteAllText(file, Encoding.Unicode.GetString(Convert.FromBase64String(command)));
        return Pwsh.RunFile(file).ExitCode;
    }
}
