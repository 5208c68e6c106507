using AibDeprovision.Machine.Linux;
using AibDeprovision.Rules;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Rules;

/// <summary>A folder with the file system of a Linux machine that has nothing of a build, to be added to.</summary>
internal sealed class LinuxRoot : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public LinuxRoot()
    {
        Write("/etc/passwd", "root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1::/usr/sbin:/usr/sbin/nologin\n");
        Write("/etc/shadow", "root:*:19000:0:99999:7:::\n");
        Write("/etc/os-release", "ID=scratch\n");
        Write("/etc/hosts", "127.0.0.1 localhost\n");
        Write("/etc/hostname", "localhost.localdomain");
        Write("/etc/machine-id", "");
        Write("/usr/bin/cloud-init", "#!/bin/sh\n");
        AddFolder("/root");
    }

    public string Folder => _scratch["image"];

    /// <summary>Where a path of the machine is on this one.</summary>
    public string this[string path] => Folder + path;

    public void Write(string path, string text)
    {
        AddFolder(path[..path.LastIndexOf('/')]);
        File.WriteAllText(this[path], text);
    }

    public void AddFolder(string path) => Directory.CreateDirectory(this[path]);

    public void Link(string path, string target)
    {
        AddFolder(path[..path.LastIndexOf('/')]);
        File.CreateSymbolicLink(this[path], target);
    }

    public void Delete(string path) => File.Delete(this[path]);

    public IReadOnlyList<Finding> Check(GeneralizationPolicy? policy = null) =>
        Generalization.Check(Folder, policy ?? new GeneralizationPolicy(), Assert.Fail, TestContext.Current.CancellationToken);

    public RootedFiles Files => new(Folder);

    /// <summary>A folder outside of the image.</summary>
    public string Outside => _scratch["outside"];

    public void Dispose() => _scratch.Dispose();
}
