using System.Security.Cryptography;
using System.Text;
using AibDeprovision.Plans;

namespace AibDeprovision.Scripts;

/// <summary>A finished script: its text, where it belongs, and the plan it was made from.</summary>
public sealed class DeprovisionScript
{
    internal DeprovisionScript(DeprovisionPlan plan, string content)
    {
        Plan = plan;
        Content = content;
        Sha256 = HashOf(GetBytes());
    }

    /// <summary>The system it generalizes.</summary>
    public DeprovisionPlatform Platform => Plan.Platform;

    /// <summary>Hardened, or one of the documented defaults.</summary>
    public DeprovisionProfile Profile => Plan.Profile;

    /// <summary>The exact path from which Azure Image Builder runs it.</summary>
    public string TargetPath => Plan.TargetPath;

    /// <summary>The text, in ASCII, with the platform's line ends.</summary>
    public string Content { get; }

    /// <summary>SHA-256 of the bytes that are written to a file, as lower-case hexadecimal digits: the form image templates want.</summary>
    public string Sha256 { get; }

    /// <summary>What the script does.</summary>
    public DeprovisionPlan Plan { get; }

    /// <summary>The number of lines.</summary>
    public int LineCount => Content.Count(c => c == '\n');

    /// <summary>The bytes of the file. ASCII without a byte order mark is read the same by Windows PowerShell 5.1, pwsh and every shell.</summary>
    public byte[] GetBytes() => Encoding.ASCII.GetBytes(Content);

    /// <inheritdoc/>
    public override string ToString() => TargetPath;

    internal static string HashOf(byte[] content)
    {
        using var sha = SHA256.Create();
        return string.Concat(sha.ComputeHash(content).Select(b => b.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));
    }
}
