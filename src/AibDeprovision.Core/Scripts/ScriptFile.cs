using AibDeprovision.Errors;
using AibDeprovision.Machine;

namespace AibDeprovision.Scripts;

/// <summary>A script written to a file of the user's choice.</summary>
internal static class ScriptFile
{
    /// <summary>The file name of a script: for one that deprovisions, what Azure Image Builder expects.</summary>
    public static string NameOf(DeprovisionScript script) => script.TargetPath.Split('\\', '/')[^1];

    /// <summary>Writes the script.</summary>
    /// <param name="script">The script.</param>
    /// <param name="path">A full path.</param>
    /// <param name="overwrite">False refuses when a file is there.</param>
    /// <param name="force">Creates the folder when it is missing, and overwrites a read-only file.</param>
    /// <exception cref="AibException">It could not be written; what stood there before still does.</exception>
    public static void Write(DeprovisionScript script, string path, bool overwrite, bool force)
    {
        if (force && Path.GetDirectoryName(path) is { Length: > 0 } folder)
        {
            AtomicFile.Translate(folder, () => Directory.CreateDirectory(folder));
        }
        if (overwrite && !AtomicFile.IsLink(path) && File.Exists(path) && File.GetAttributes(path).HasFlag(FileAttributes.ReadOnly))
        {
            if (!force)
            {
                throw new AibException(ErrorId.FileReadOnly, $"'{path}' is read-only.", "Use -Force to overwrite it.", path);
            }
            AtomicFile.Translate(path, () => File.SetAttributes(path, File.GetAttributes(path) & ~FileAttributes.ReadOnly));
        }
        AtomicFile.Write(path, script.GetBytes(), overwrite);
    }

    /// <summary>Writes what a script became to a file that is there, or a new one.</summary>
    /// <param name="path">A full path.</param>
    /// <param name="content">All the bytes.</param>
    /// <param name="mode">The permission bits of the script that it came from; null where there are none.</param>
    /// <exception cref="AibException">It could not be written; what stood there before still does.</exception>
    public static void Rewrite(string path, byte[] content, int? mode)
    {
        if (AtomicFile.IsLink(path))
        {
            throw new AibException(ErrorId.LinkInPath, $"'{path}' is a link.", "Name the file itself, or another one with -OutFile.", path);
        }
        if (File.Exists(path) && File.GetAttributes(path).HasFlag(FileAttributes.ReadOnly))
        {
            throw new AibException(ErrorId.FileReadOnly, $"'{path}' is read-only.", "Make it writable, or name another file with -OutFile.", path);
        }
        AtomicFile.Write(path, content, overwrite: true, mode);
    }
}
