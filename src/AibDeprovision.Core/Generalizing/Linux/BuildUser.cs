using AibDeprovision.Machine.Linux;
using AibDeprovision.Rules.Linux;

namespace AibDeprovision.Generalizing.Linux;

/// <summary>The user that was made for the build.</summary>
/// <param name="Name">The name.</param>
/// <param name="Home">The home folder; null where there is no account any more.</param>
internal sealed record BuildUser(string Name, string? Home)
{
    /// <summary>Finds who it is. To be asked before waagent deletes the file that says so: without it, waagent skips the user and exits 0.</summary>
    /// <returns>Null where nothing says it.</returns>
    public static BuildUser? Find(LinuxWork work, LinuxTree tree)
    {
        var accounts = new LinuxAccounts(tree, []);
        var (name, from) = (accounts.NamedByAgent(), "ovf-env.xml");
        if (name is null)
        {
            work.Log.Phase("waagent", "ovf-env.xml is missing or names no user that may be deleted");
            (name, from) = (accounts.RuledByCloudInit().FirstOrDefault(), "90-cloud-init-users");
        }
        // A guess, so it has to be the account of a person. Of a machine that is not provisioned, or no longer, the caller may be anybody.
        if (name is null && tree.Exists(LinuxAgent.ProvisionedFile) && work.Machine.SudoUser is { } sudo && LinuxAccounts.IsUserName(sudo) && accounts.Find(sudo) is { IsPerson: true })
        {
            (name, from) = (sudo, "SUDO_USER");
        }
        work.Log.Phase("waagent", name is null ? "the provisioned user is not known: no account will be deleted" : $"the provisioned user is {name}, by {from}");
        return name is null ? null : new BuildUser(name, accounts.Find(name)?.Home);
    }

    /// <summary>Whether there is an account of that name.</summary>
    public bool IsThere(LinuxTree tree) => new LinuxAccounts(tree, []).Find(Name) is not null;

    /// <summary>Whether a line of sudo rules or of an account file is this user's; not that of one whose name only begins so.</summary>
    public bool Owns(string line) => LinuxAccounts.UserOfLine(line) == Name;
}
