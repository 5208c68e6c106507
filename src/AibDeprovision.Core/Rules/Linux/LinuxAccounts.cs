using System.Globalization;
using System.Text.RegularExpressions;
using AibDeprovision.Machine.Linux;

namespace AibDeprovision.Rules.Linux;

/// <summary>A line of /etc/passwd.</summary>
/// <param name="Line">Its number, from 1.</param>
/// <param name="Name">The user's name.</param>
/// <param name="Id">The user's number; null where there is none.</param>
/// <param name="Home">The home folder.</param>
/// <param name="Shell">The program that a login starts.</param>
internal sealed record LinuxAccount(int Line, string Name, uint? Id, string Home, string Shell)
{
    /// <summary>Whether it is the account of a person, by its number.</summary>
    public bool IsPerson => Id is { } id && LinuxAccounts.IsPerson(id);

    /// <summary>Whether commands may have been typed in its home, as the hardened script decides it.</summary>
    public bool CanLogIn => Home == "/root" || Home.StartsWith("/home/", StringComparison.Ordinal)
        || (Home.Length > 1 && Home[0] == '/' && !NoShell.IsMatch(Shell));

    private static readonly Regex NoShell = new("/(nologin|false|sync|halt|shutdown)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
}

/// <summary>Who has an account on a Linux machine, and who was only made for the build.</summary>
internal sealed class LinuxAccounts
{
    private const int MostHomes = 1000;
    private const int MostUsers = 100;

    /// <summary>The numbers of people's accounts begin here (UID_MIN of login.defs).</summary>
    public const uint FirstPerson = 1000;

    /// <summary>And end before this one.</summary>
    public const uint AfterPersons = 60000;

    private static readonly Regex UserNameElement = new("<([A-Za-z_][A-Za-z0-9_.-]*:)?UserName>(?<name>[^<]*)</", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
    private static readonly Regex PlainName = new(@"\A[A-Za-z_][A-Za-z0-9_.-]*\$?\z", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    private readonly LinuxTree _tree;
    private readonly Dictionary<string, LinuxAccount> _byName = new(StringComparer.Ordinal);
    private List<string[]>? _groups;

    /// <summary>Looks.</summary>
    public LinuxAccounts(LinuxTree tree, IReadOnlyList<string> users)
    {
        _tree = tree;
        All = [.. tree.LinesOf("/etc/passwd").Select(AccountOf).OfType<LinuxAccount>()];
        foreach (var account in All.Where(account => !_byName.ContainsKey(account.Name)))
        {
            _byName.Add(account.Name, account);
        }
        Provisioned = [.. users.Count > 0 ? users : ProvisionedByName().Take(MostUsers)];
    }

    /// <summary>All accounts.</summary>
    public IReadOnlyList<LinuxAccount> All { get; }

    /// <summary>The names of the users that were made for the build; they need not have an account any more.</summary>
    public IReadOnlyList<string> Provisioned { get; }

    /// <summary>The account of a name; null where there is none.</summary>
    public LinuxAccount? Find(string name) => _byName.TryGetValue(name, out var account) ? account : null;

    /// <summary>Where people work: root's home and those of all who can log in.</summary>
    public IEnumerable<string> Homes()
    {
        string[] homes = [.. All.Where(account => account.CanLogIn).Select(account => account.Home).Prepend("/root").Distinct(StringComparer.Ordinal)];
        if (homes.Length > MostHomes)
        {
            _tree.Miss("/etc/passwd", "it names more home folders than are looked at");
        }
        return homes.Take(MostHomes);
    }

    /// <summary>Whether a number is one of a person's account.</summary>
    public static bool IsPerson(uint id) => id is >= FirstPerson and < AfterPersons;

    /// <summary>Whether a number is one of a person's account, and there is none: the next user who is made gets it.</summary>
    public bool IsOrphan(uint id) => IsPerson(id) && !All.Any(account => account.Id == id);

    /// <summary>As <see cref="IsOrphan(uint)"/>, of a number as text.</summary>
    public bool IsOrphan(string number) => uint.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && IsOrphan(id);

    /// <summary>As <see cref="IsOrphan(string)"/>, for a group.</summary>
    public bool IsOrphanGroup(string number) => uint.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && IsPerson(id) && !Groups().Any(group => group[2] == number);

    /// <summary>Whether there is a group of that name with members, which is not the one that goes with its user.</summary>
    public bool HasGroupOfOthers(string name) => Groups().Any(group => group[0] == name && group[3].Length > 0);

    /// <summary>Whether a folder is the home of another account, or holds one.</summary>
    public bool IsHomeOfOthers(string folder, string? besides) =>
        All.Any(account => account.Name != besides && (account.Home + "/").StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal));

    /// <summary>Whether a name may be one of a user that is to be deleted: no path, no pattern, no word of sudo's, not root.</summary>
    public static bool IsUserName(string name) => PlainName.IsMatch(name) && name is not ("root" or "Defaults") && !name.EndsWith("_Alias", StringComparison.Ordinal);

    /// <summary>Whom a line of an account file or of sudo rules begins with; null where it begins with no name.</summary>
    public static string? UserOfLine(string line) => line.IndexOfAny([' ', '\t', ':']) is var end and > 0 ? line.Substring(0, end) : null;

    /// <summary>Whom a line of sudo rules is for (packer ALL=(ALL) NOPASSWD:ALL); empty for a line that is no rule for a user.</summary>
    public static string UserOfRule(string line) =>
        line.Split([' ', '\t'], 2) is [var name, var rule] && rule.IndexOf('=') >= 0 && IsUserName(name) ? name : "";

    /// <summary>The user that ovf-env.xml names; null where it names none that may be deleted.</summary>
    public string? NamedByAgent() =>
        UserNameElement.Match(_tree.ReadText("/var/lib/waagent/ovf-env.xml") ?? "").Groups["name"].Value.Trim() is var name && MayBeDeleted(name) ? name : null;

    /// <summary>Those whom cloud-init's sudo rules name, which only provisioning writes; also where the account is gone already.</summary>
    public IEnumerable<string> RuledByCloudInit() => _tree.LinesOf("/etc/sudoers.d/90-cloud-init-users")
        .Select(line => UserOfRule(line.Text))
        .Where(name => MayBeDeleted(name) && Find(name) is null or { IsPerson: true });

    private bool MayBeDeleted(string name) => IsUserName(name) && Find(name) is not { Id: 0 };

    // The agent's sudo rules can name users of the image as well.
    private IEnumerable<string> ProvisionedByName() => RuledByCloudInit().Prepend(NamedByAgent()!).Where(name => name is not null).Distinct(StringComparer.Ordinal);

    private List<string[]> Groups() => _groups ??= [.. _tree.LinesOf("/etc/group").Select(line => line.Text.Split(':')).Where(field => field.Length >= 4)];

    private static LinuxAccount? AccountOf((int Number, string Text) line) => line.Text.Split(':') is { Length: >= 7 } field
        ? new LinuxAccount(line.Number, field[0], uint.TryParse(field[2], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null, field[5], field[6])
        : null;
}
