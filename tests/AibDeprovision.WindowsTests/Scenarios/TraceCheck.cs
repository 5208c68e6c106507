using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AibDeprovision.WindowsTests.Bed;

namespace AibDeprovision.WindowsTests.Scenarios;

/// <summary>Looks at the trace that a sealed machine carries.</summary>
internal static class TraceCheck
{
    /// <summary>Fails unless it is whole. Wine keeps no access control lists, so who can open it is not looked at.</summary>
    /// <param name="machineSid">Whose identity it has to have; null for any.</param>
    public static void IsOf(string? machineSid)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(BedFiles.Trace));
        string Text(string name) => json.RootElement.GetProperty(name).GetString()!;
        Expect.Equal("Sealed", Text("verdict"), "the verdict of the trace");
        Expect.That(Text("identity").Length == 64, $"the identity of the trace is '{Text("identity")}'");
        if (machineSid is not null)
        {
            Expect.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Text("salt") + machineSid))), Text("identity"), "the identity of the trace");
        }
        Expect.Equal(1, Directory.GetFileSystemEntries(BedFiles.TraceFolder).Length, "the number of files beside the trace");
    }
}
