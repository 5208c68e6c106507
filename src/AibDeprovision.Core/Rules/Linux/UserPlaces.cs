using AibDeprovision.Machine.Linux;

namespace AibDeprovision.Rules.Linux;

/// <summary>Where what is a user's own stands: the homes of those who were made for the build, and what belongs to nobody any more.</summary>
internal sealed class UserPlaces(LinuxTree tree, LinuxAccounts accounts)
{
    private static readonly string[] OwnedByName =
    [
        "/var/spool/cron/crontabs/*", "/var/spool/cron/tabs/*", "/var/spool/cron/*", "/var/mail/*", "/var/spool/mail/*", "/etc/ssh/authorized_keys/*",
    ];

    /// <summary>
    /// What is there of the homes of a user: by the account, which may have been moved, and by the name, since the account may be
    /// gone. Not what is somebody else's too: a folder in which another home is, or another user's (usermod -d /srv/app).
    /// </summary>
    public IEnumerable<string> HomesOf(string name)
    {
        var account = accounts.Find(name);
        var usual = "/home/" + name;
        string?[] homes = account is not null && account.Home.Length > 1 && account.Home[0] == '/' && !IsShared(account, usual) ? [account.Home, tree.Follow(account.Home), usual] : [usual];
        return homes.OfType<string>().Distinct(StringComparer.Ordinal).Where(home => tree.Find(home).Any() && !accounts.IsHomeOfOthers(home, name));
    }

    /// <summary>What users leave behind whose accounts are gone: the next one who gets the number owns it.</summary>
    public IEnumerable<string> Orphans()
    {
        var homes = tree.Find("/home/*").Where(home => !accounts.IsHomeOfOthers(home, besides: null));
        var others = OwnedByName.SelectMany(tree.Find).Where(path => accounts.Find(path.Substring(path.LastIndexOf('/') + 1)) is null);
        return homes.Concat(others).Where(path => tree.FileAt(path) is { Owner: { } owner } && accounts.IsOrphan(owner));
    }

    private bool IsShared(LinuxAccount account, string usual) =>
        tree.Follow(account.Home) is { } place
        && (accounts.IsHomeOfOthers(account.Home, account.Name) || accounts.IsHomeOfOthers(place, account.Name)
            || (account.Home != usual && tree.FileAt(place)?.Owner is { } owner && owner != account.Id));
}
