using AibDeprovision.Machine.Linux;

namespace AibDeprovision.Rules.Linux;

/// <summary>What is left of the users that were made for the build, and who else has an account.</summary>
internal sealed class UserResidue(LinuxTree tree, LinuxAccounts accounts, ResidueReport report)
{
    /// <summary>The rule about a home that is left.</summary>
    public const string HomeId = "UserHome";

    /// <summary>The rule about a user whom rules name among others.</summary>
    public const string NamedAmongOthersId = "UserNamedInSudoRules";

    private const string AgentRulesFile = "/etc/sudoers.d/waagent";
    private const string Deprovision = "Run waagent -deprovision+user as the last step of the build and look whether it says 'Skip delete user', or delete the user with userdel -r.";

    private static readonly ResidueRule Account = new("UserAccount", "The build user is left", Severity.Error, "the account that was made for the build is left.", Deprovision) { KeptWithUser = true, What = "the account {about}", Cleaning = ResidueCleaning.Otherwise };
    private static readonly ResidueRule Home = new(HomeId, "The home of the build user is left", Severity.Error, "the home folder of a user that was made for the build is left.", Deprovision) { KeptWithUser = true, What = "the home of {about}", Cleaning = ResidueCleaning.Otherwise };
    private static readonly ResidueRule SudoRules = new("UserSudoRules", "Sudo rules of the build user are left", Severity.Error, "a sudo rule for a user that was made for the build is left.", "Remove the line.") { KeptWithUser = true, What = "lines for {about}", Cleaning = ResidueCleaning.DropLine };
    // What else the rule says is the image's own, so it is for a person to mend.
    private static readonly ResidueRule NamedAmongOthers = new(NamedAmongOthersId, "Sudo rules name the build user among others", Severity.Error, "sudo rules name a user that was made for the build among others: whoever gets a user of that name gets these rights.", "Take the name out of the line.") { KeptWithUser = true, Cleaning = ResidueCleaning.Told };
    private static readonly ResidueRule AgentRules = new("AgentSudoRules", "The agent's sudo rules are left", Severity.Error, "the agent's sudo rule for this user is left: whoever gets a user of that name becomes root without a password.", "Remove the line.") { KeptWithUser = true, What = "lines for {about}", Cleaning = ResidueCleaning.DropLine };
    // It may be a user of a directory, so no deprovision decides that it may go.
    private static readonly ResidueRule OrphanRules = AgentRules with { Cleaning = ResidueCleaning.Told };
    private static readonly ResidueRule AgentRulesEmpty = new("AgentSudoRulesEmpty", "The agent's file of sudo rules is left empty", Severity.Warning, "the agent's file of sudo rules is left empty.", "Remove the file.") { KeptWithUser = true, What = "waagent's empty sudo rules", Cleaning = ResidueCleaning.Remove };
    private static readonly ResidueRule SubordinateIds = new("UserSubordinateIds", "Subordinate ids of the build user are left", Severity.Warning, "subordinate ids of a user that was made for the build are left.", "Remove the line.") { KeptWithUser = true, What = "lines for {about}", Cleaning = ResidueCleaning.DropLine };
    private static readonly ResidueRule Other = new("OtherUser", "Another user is in the image", Severity.Information, "this user stays in every VM made from the image.", "");
    private static readonly ResidueRule OtherKeys = new("OtherUserKeys", "Another user's keys open every VM", Severity.Information, "whoever has one of the private keys can log in to every VM made from the image.", "");

    /// <summary>All of these rules.</summary>
    public static IReadOnlyList<ResidueRule> Rules { get; } = [Account, Home, SudoRules, NamedAmongOthers, AgentRules, OrphanRules, AgentRulesEmpty, SubordinateIds, Other, OtherKeys];

    /// <summary>Looks.</summary>
    public void Check()
    {
        foreach (var name in accounts.Provisioned)
        {
            var account = accounts.Find(name);
            if (account is not null)
            {
                report.Add(Account, "/etc/passwd", account.Line, name);
            }
            // By another name it may be the home of somebody who stays.
            var home = account?.Home ?? "/home/" + name;
            if (home.StartsWith("/home/", StringComparison.Ordinal) && !accounts.All.Any(a => a.Name != name && a.Home == home) && IsThere(home))
            {
                report.Add(Home, home, about: name);
            }
        }
        CheckLines(SubordinateIds, ["/etc/subuid", "/etc/subgid"]);
        // The files that provisioning writes are residue as a whole, by rules of their own.
        CheckLines(SudoRules, tree.Find("/etc/sudoers.d/*").Where(file => !file.EndsWith("/90-cloud-init-users", StringComparison.Ordinal) && !file.EndsWith("/waagent", StringComparison.Ordinal)).Prepend("/etc/sudoers"));
        CheckNamesAmongOthers();
        CheckAgentRules();
        foreach (var account in accounts.All.Where(account => !accounts.Provisioned.Contains(account.Name)))
        {
            if (account.IsPerson)
            {
                report.Add(Other, "/etc/passwd", account.Line, account.Name);
            }
            var keys = account.Home + "/.ssh/authorized_keys";
            if (account.Name != "root" && account.Home.Length > 1 && account.Home != "/root" && tree.Follow(keys) is { } place && tree.Look(place) is { Size: > 0 })
            {
                report.Add(OtherKeys, keys, about: account.Name);
            }
        }
    }

    // A rule for a user of the image is the image's own.
    private void CheckAgentRules()
    {
        if (tree.Look(AgentRulesFile) is { Kind: MachineFileKind.File, Size: 0 })
        {
            report.Add(AgentRulesEmpty, AgentRulesFile);
        }
        foreach (var (number, text) in tree.LinesOf(AgentRulesFile))
        {
            var name = LinuxAccounts.UserOfRule(text);
            var isProvisioned = accounts.Provisioned.Contains(name, StringComparer.Ordinal);
            if (name.Length > 0 && (isProvisioned || accounts.Find(name) is null))
            {
                report.Add(isProvisioned ? AgentRules : OrphanRules, AgentRulesFile, number, name);
            }
        }
    }

    private void CheckNamesAmongOthers()
    {
        foreach (var path in tree.Find("/etc/sudoers.d/*").Prepend("/etc/sudoers").Where(_ => accounts.Provisioned.Count > 0))
        {
            foreach (var (number, text) in tree.LinesOf(path))
            {
                if (text.TrimStart().StartsWith("#", StringComparison.Ordinal))
                {
                    continue;
                }
                var words = text.Split(' ', '\t', ',', '=');
                foreach (var name in accounts.Provisioned.Where(name => words.Contains(name, StringComparer.Ordinal) && LinuxAccounts.UserOfLine(text) != name))
                {
                    report.Add(NamedAmongOthers, path, number, name);
                }
            }
        }
    }

    // Not what a link there leads to: of a link that a user has put there, the link is what is left.
    private bool IsThere(string path) => tree.Find(path).Any();

    private void CheckLines(ResidueRule rule, IEnumerable<string> paths)
    {
        if (accounts.Provisioned.Count == 0)
        {
            return;
        }
        foreach (var path in paths)
        {
            foreach (var (number, text) in tree.LinesOf(path))
            {
                if (LinuxAccounts.UserOfLine(text) is { } name && accounts.Provisioned.Contains(name, StringComparer.Ordinal))
                {
                    report.Add(rule, path, number, name);
                }
            }
        }
    }
}
