using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using AibDeprovision.Plans;

namespace AibDeprovision.Generalizing;

/// <summary>
/// What a sealed machine carries, for whoever looks at a VM from the image: that a deprovision has run, and a salted hash of the
/// identity that the build VM had. The salt and the identity that the VM has now make another hash, or the two are one machine.
/// </summary>
/// <param name="Time">When the machine was sealed, in UTC.</param>
/// <param name="Salt">A random text; empty where the identity was not known.</param>
/// <param name="Identity">See <see cref="IdentityOf"/>; empty where the identity was not known.</param>
internal sealed record SealTrace(DateTimeOffset Time, string Salt, string Identity)
{
    /// <summary>The form of the file; another number for another one.</summary>
    public const int Format = 1;

    /// <summary>Where it is on Linux: only root can read it, a line key=value each.</summary>
    public const string LinuxPath = "/var/lib/aibdeprovision/sealed";

    /// <summary>The folder on Windows, below %ProgramData%; only SYSTEM and the administrators can open it.</summary>
    public const string WindowsFolder = "AibDeprovision";

    /// <summary>The file in that folder: JSON with the keys of the file on Linux.</summary>
    public const string WindowsName = "sealed.json";

    /// <summary>The version of this project, which made the script or did the work.</summary>
    public static string Version { get; } = typeof(SealTrace).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    /// <summary>The hash that stands for an identity: SHA-256 of salt and identity, one after the other in ASCII, as lower-case hexadecimal digits.</summary>
    /// <param name="salt">The salt.</param>
    /// <param name="identity">The 32 digits of a machine-id, or the SID of a machine.</param>
    public static string IdentityOf(string salt, string identity)
    {
        using var sha = SHA256.Create();
        return string.Concat(sha.ComputeHash(Encoding.ASCII.GetBytes(salt + identity)).Select(b => b.ToString("x2", CultureInfo.InvariantCulture)));
    }

    /// <summary>The trace of a machine that is sealed now.</summary>
    /// <param name="time">Now.</param>
    /// <param name="identity">The identity that the machine had; null where it is not known.</param>
    public static SealTrace Of(DateTimeOffset time, string? identity)
    {
        var salt = identity is null ? "" : Guid.NewGuid().ToString("D", CultureInfo.InvariantCulture);
        return new SealTrace(time, salt, identity is null ? "" : IdentityOf(salt, identity));
    }

    /// <summary>The text of the file on Windows. No value can hold what JSON would have to escape.</summary>
    public string ToJson() => string.Join("\r\n",
    [
        "{",
        FormattableString.Invariant($"  \"format\": {Format},"),
        $"  \"version\": \"{Version}\",",
        $"  \"time\": \"{Time.UtcDateTime.ToString("s", CultureInfo.InvariantCulture)}Z\",",
        $"  \"verdict\": \"{DeprovisionExitCode.Sealed}\",",
        $"  \"salt\": \"{Salt}\",",
        $"  \"identity\": \"{Identity}\"",
        "}",
        "",
    ]);
}
