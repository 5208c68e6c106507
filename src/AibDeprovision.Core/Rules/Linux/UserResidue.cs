using AibDeprovision.Machine.Linux;

namespace AibDeprovision.Rules.Linux;

/// <summary>What is left of the users that were made for the build, and who else has an account.</summary>
internal sealed class UserResidue(LinuxTree tree, LinuxAccounts accounts, ResidueReport report)
{
    private const string AgentRulesFile = "/etc/sudoers.d/waagent";

    // Residue as a whole, by rules of their own.
    private static readonly string[] WholeFiles = ["/etc/sudoers.d/90-cloud-init-users", "/etc/sudoers.d/azure-init-user"];
    private const string Deprovision = "Run waagent -deprovision+user as the last step of the build and look whether it says 'Skip delete user', or delete the user with userdel -r.";

    private static readonly ResidueRule Account = new("UserAccount", "The build user is left", Severity.Error, "the account that was made for the build is left.", Deprovision) { KeptWithUser = true, What = "the account {about}", RefusedByCertification = true, Cleaning = ResidueCleaning.Otherwise };
    private static readonly ResidueRule Home = new("UserHome", "The home of the build user is left", Severity.Error, "the home folder of a user that was made for the build is left.", Deprovision) { KeptWithUser = true, What = "the home of {about}", Cleaning = ResidueCleaning.Otherwise };
    private static readonly ResidueRule RulesAlone = new("UserSudoRules", "Sudo rules of the build user are left", Severity.Error, "a sudo rule for a user that was made for the build is left.", "Remove the line.") { KeptWithUser = true, What = "lines for {about}", Cleaning = ResidueCleaning.DropLine };
    // What else the rule says is the image's own, so it is for a person to mend.
    private static readonly ResidueRule NamedAmongOthers = new("UserNamedInSudoRules", "Sudo rules name the build user among others", Severity.Error, "sudo rules name a user that was made for the build among others: whoever gets a user of that name gets these rights.", "Take the name out of the line.") { KeptWithUser = true, What = "rules that name {about} among others", Cleaning = ResidueCleaning.Otherwise };
    private static readonly ResidueRule AgentRules = new("AgentSudoRules", "The agent's sudo rules are left", Severity.Error, "the agent's sudo rule for this user is left: whoever gets a user of that name becomes root without a password.", "Remove the line.") { KeptWithUser = true, What = "lines for {about}", Cleaning = ResidueCleaning.DropLine };
    // It may be a user of a directory, so no deprovision decides that it may go.
    private static readonly ResidueRule OrphanRules = AgentRules with { Cleaning = ResidueCleaning.Told };
    private static readonly ResidueRule AgentRulesEmpty = new("AgentSudoRulesEmpty", "The agent's file of sudo rules is left empty", Severity.Warning, "the agent's file of sudo rules is left empty.", "Remove the file.") { KeptWithUser = true, What = "waagent's empty sudo rules", Cleaning = ResidueCleaning.Remove };
    private static readonly ResidueRule SubordinateIds = new("UserSubordinateIds", "Subordinate ids of the build user are left", Severity.Warning, "subordinate ids of a user that was made for the build are left.", "Remove the line.") { KeptWithUser = true, What = "lines for {about}", Cleaning = ResidueCleaning.DropLine };
    private static readonly ResidueRule Orphan = new("OrphanFiles", "Files of an account that is gone", Severity.Warning, "A file or home folder belongs to the number of an account that is gone: the next user who is made gets that number, and owns it.", "Remove it, or give it to an account of the image (chown).") { KeptWithUser = true, What = "of an account that is gone", Cleaning = ResidueCleaning.Otherwise };
    private static readonly ResidueRule Other = new("OtherUser", "Another user is in the image", Severity.Information, "this user stays in every VM made from the image.", "");
    private static readonly ResidueRule OtherKeys = new("OtherUserKeys", "Another user's keys open every VM", Severity.Information, "whoever has one of the private keys can log in to every VM made from the image.", "") { RefusedByCertification = true };

    private readonly UserPlaces _places = new(tree, accounts);

    /// <summary>All of these rules.</summary>
    public static IReadOnlyList<ResidueRule> Rules { get; } = [Account, Home, RulesAlone, NamedAmongOthers, AgentRules, OrphanRules, AgentRulesEmpty, SubordinateIds, Orphan, Other, OtherKeys];

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
            foreach (var home in _places.HomesOf(name))
            {
                report.Claim(Home, home, about: name);
            }
        }
        foreach (var orphan in _places.Orphans())
        {
            report.Claim(Orphan, orphan);
        }
        CheckSubordinateIds();
        CheckSudoRules();
        CheckAgentRules();
        foreach (var account in accounts.All.Where(account => !accounts.Provisioned.Contains(account.Name)))
        {
            if (account.IsPerson)
            {
                report.Add(Other, "/etc/passwd", account.Line, account.Name);
            }
            var keys = account.Home + "/.ssh/authorized_keys";
            if (account.Name != "root" && account.Home.Length > 1 && account.Home != "/root" && tree.Follow(keys) is { } place && tree.FileAt(place) is { Size: > 0 })
            {
                report.Add(OtherKeys, keys, about: account.Name);
            }
        }
    }

    // A rule for a user of the image is the image's own.
    private void CheckAgentRules()
    {
        if (tree.FileAt(AgentRulesFile) is { Kind: MachineFileKind.File, Size: 0 })
        {
            report.Add(AgentRulesEmpty, AgentRulesFile);
        }
        foreach (var (number, text) in tree.LinesOf(AgentRulesFile))
        {
            var name = LinuxAccounts.UserOfRule(text);
            if (name.Length > 0 && !accounts.Provisioned.Contains(name, StringComparer.Ordinal) && accounts.Find(name) is null)
            {
                report.Add(OrphanRules, AgentRulesFile, number, name);
            }
        }
    }

    private void CheckSudoRules()
    {
        foreach (var rule in new SudoRules(tree, accounts).Find().Where(rule => !WholeFiles.Contains(rule.File, StringComparer.Ordinal)))
        {
            report.Add(!rule.IsAlone ? NamedAmongOthers : rule.File == AgentRulesFile ? AgentRules : RulesAlone, rule.File, rule.Line, rule.Who);
        }
    }

    private void CheckSubordinateIds()
    {
        foreach (var path in ((string[])["/etc/subuid", "/etc/subgid"]).Where(_ => accounts.Provisioned.Count > 0))
        {
            foreach (var (number, text) in tree.LinesOf(path))
            {
                if (LinuxAccounts.UserOfLine(text) is { } name && accounts.Provisioned.Contains(name, StringComparer.Ordinal))
                {
                    report.Add(SubordinateIds, path, number, name);
                }
            }
        }
    }
}
