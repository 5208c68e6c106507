using System.Text.RegularExpressions;
using AibDeprovision.Errors;
using AibDeprovision.Machine.Linux;

namespace AibDeprovision.Generalizing.Linux;

/// <summary>
/// To reset the host name that DHCP is told, waagent edits ifcfg-INTERFACE in the RHEL family and network/dhcp in SUSE's.
/// Where there is no such file, because the system has NetworkManager's own, it gives up with most undone: it is lent one
/// until this is disposed.
/// </summary>
internal sealed class LentFiles : IDisposable
{
    private static readonly Regex RedHat = new("^ID(_LIKE)?=.*(rhel|fedora|centos)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
    private static readonly Regex Suse = new("^ID(_LIKE)?=.*(suse|sle_hpc|sles)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    private readonly LinuxWork _work;
    private readonly List<string> _lent = [];

    /// <summary>Lends what the distribution's waagent needs and the system has not.</summary>
    public LentFiles(LinuxWork work)
    {
        _work = work;
        var tree = work.Look();
        var release = tree.LinesOf("/etc/os-release").Select(line => line.Text).ToList();
        if (release.Exists(RedHat.IsMatch))
        {
            foreach (var device in tree.Find("/sys/class/net/*").Select(path => path.Substring(path.LastIndexOf('/') + 1)).Where(name => name != "lo" && tree.Exists("/sys/class/net/" + name)))
            {
                Lend(tree, "/etc/sysconfig/network-scripts/ifcfg-" + device, "\n");
            }
        }
        else if (release.Exists(Suse.IsMatch))
        {
            Lend(tree, "/etc/sysconfig/network/dhcp", "DHCLIENT_HOSTNAME_OPTION=\"AUTO\"\n");
        }
        if (_lent.Count > 0)
        {
            work.Log.Phase("waagent", $"lent waagent the files that it would miss: {string.Join(" ", _lent)}");
        }
    }

    /// <summary>Takes them back. The folders too where they are empty: the system did without them.</summary>
    public void Dispose()
    {
        foreach (var file in _lent)
        {
            TakeBack(changes => changes.Remove(file));
            TakeBack(changes => changes.RemoveEmptyFolder(LinuxPath.FolderOf(file)));
            TakeBack(changes => changes.RemoveEmptyFolder("/etc/sysconfig"));
        }
        _lent.Clear();
    }

    private void Lend(LinuxTree tree, string path, string text)
    {
        if (!tree.Find(path).Any() && _work.Try("waagent", changes => changes.Create(path, text)))
        {
            _lent.Add(path);
        }
    }

    // Also when it was cancelled.
    private void TakeBack(Action<ILinuxChanges> change)
    {
        try
        {
            change(_work.Machine.Changes);
        }
        catch (AibException e)
        {
            _work.Log.Evidence("waagent", e.Message);
        }
    }
}
