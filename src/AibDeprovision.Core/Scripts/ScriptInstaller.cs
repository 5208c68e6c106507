using AibDeprovision.Errors;
using AibDeprovision.Machine;
using AibDeprovision.Plans;

namespace AibDeprovision.Scripts;

/// <summary>Puts a script at the path from which Azure Image Builder runs it.</summary>
internal static class ScriptInstaller
{
    /// <summary>Where a script goes.</summary>
    /// <param name="script">The script.</param>
    /// <param name="root">The folder in which the image's file system begins; null for this machine itself.</param>
    /// <exception cref="AibException">The script is for another system, or a link stands on the way below the root.</exception>
    public static string DestinationOf(DeprovisionScript script, string? root)
    {
        if (script.Plan.ReadinessOnly)
        {
            throw new AibException(ErrorId.InvalidOptionValue, "This script only checks, and Azure Image Builder runs none of that kind by itself.",
                "Write it to a file with New-AibDeprovisionScript -Path, and run that in a customizer.", script);
        }
        if (root is null)
        {
            return Host.Platform == script.Platform
                ? script.TargetPath
                : throw new AibException(ErrorId.WrongPlatform, $"This is a {script.Platform} script, and this machine does not run {script.Platform}.",
                    "Install it on the build VM, or name the root of a mounted image with -Root.", script);
        }
        GivenFolder.Require(root, "Correct -Root, or mount the image first.");
        var parts = script.TargetPath.Split('\\', '/').Skip(1).ToArray();
        var path = root;
        foreach (var folder in parts.Take(parts.Length - 1))
        {
            path = Path.Combine(path, folder);
            // In a mounted image a link leads by this machine's root, not by the image's: out of the image.
            if (AtomicFile.IsLink(path))
            {
                throw new AibException(ErrorId.LinkInPath, $"'{path}' is a link, and it would lead out of the image.",
                    "Look at who put it there; replace it by a folder.", path);
            }
        }
        return Path.Combine(path, parts[^1]);
    }

    /// <summary>Writes the script to a destination, reads it back and compares.</summary>
    /// <returns>The path of the backup, or null where there was nothing to keep or it was not asked for.</returns>
    /// <exception cref="AibException">It could not be written, or is not what was written.</exception>
    public static string? Install(DeprovisionScript script, string destination, bool backup)
    {
        var kept = backup && AtomicFile.Exists(destination) ? AtomicFile.SetAside(destination) : null;
        try
        {
            AtomicFile.Write(destination, script.GetBytes(), overwrite: true,
                script.Platform == DeprovisionPlatform.Linux ? AtomicFile.OwnerOnly : null);
            byte[] readBack = [];
            AtomicFile.Translate(destination, () => readBack = File.ReadAllBytes(destination));
            if (DeprovisionScript.HashOf(readBack) != script.Sha256)
            {
                throw new AibException(ErrorId.ReadBackMismatch, $"'{destination}' does not hold what was written to it.",
                    "Something else writes to this file or the disk is at fault. Stop it and install again.", destination);
            }
            return kept;
        }
        catch (AibException) when (kept is not null && !AtomicFile.Exists(destination))
        {
            AtomicFile.PutBack(kept, destination);
            throw;
        }
    }
}
