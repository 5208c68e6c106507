using AibDeprovision.Machine.Linux;

namespace AibDeprovision.Tests.Rules;

/// <summary>Notes which files are opened.</summary>
internal sealed class CountedFiles(ILinuxFiles files) : ILinuxFiles
{
    /// <summary>The paths of the files whose text was asked for, in order.</summary>
    public List<string> Opened { get; } = [];

    public LinuxFile? Find(string path) => files.Find(path);

    public IEnumerable<string> NamesIn(string folder) => files.NamesIn(folder);

    public string? TargetOf(string link) => files.TargetOf(link);

    public string ReadText(string path)
    {
        Opened.Add(path);
        return files.ReadText(path);
    }
}
