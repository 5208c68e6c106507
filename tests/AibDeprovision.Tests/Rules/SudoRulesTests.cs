using AibDeprovision.Machine.Linux;
using AibDeprovision.Rules.Linux;

namespace AibDeprovision.Tests.Rules;

/// <summary>Which of sudo's rules work again once the build user is made again, by the grammar of sudoers(5).</summary>
public sealed class SudoRulesTests : IDisposable
{
    private readonly LinuxRoot _root = new();

    public SudoRulesTests()
    {
        _root.Write("/etc/passwd", "root:x:0:0::/root:/bin/sh\npacker:x:1000:1000::/home/packer:/bin/sh\nappsvc:x:1001:1001::/home/appsvc:/bin/sh\n");
        _root.Write("/etc/group", "root:x:0:\npacker:x:1000:\nsudo:x:27:packer\nshared:x:1200:appsvc\nappsvc:x:1001:\n");
    }

    public void Dispose() => _root.Dispose();

    /// <summary>The rule, and whether it is the user's alone, names the user among others, or is none of theirs.</summary>
    [Theory]
    [InlineData("packer ALL=(ALL) ALL", "alone")]
    [InlineData("  packer\tALL=(ALL) ALL", "alone")]
    [InlineData("packer ALL=(ALL) /bin/a, \\\n  /bin/b", "alone")]
    [InlineData("%packer ALL=(ALL) ALL", "alone")]
    [InlineData("#1000 ALL=(ALL) ALL", "alone")]
    [InlineData("#1500 ALL=(ALL) ALL", "alone")]
    [InlineData("%#1500 ALL=(ALL) ALL", "alone")]
    [InlineData("\"packer\" ALL=(ALL) ALL", "alone")]
    [InlineData("pack\\er ALL=(ALL) ALL", "alone")]
    [InlineData("Defaults:packer !authenticate", "alone")]
    [InlineData("packer ALL=(ALL) ALL # own", "alone")]
    [InlineData("packer,appsvc ALL=(ALL) ALL", "among")]
    [InlineData("packer , appsvc ALL=(ALL) ALL", "among")]
    [InlineData("appsvc, %packer ALL=(ALL) ALL", "among")]
    [InlineData("User_Alias OPS = appsvc, \\\n  packer", "among")]
    [InlineData("User_Alias OPS=\"packer\"", "among")]
    [InlineData("Defaults:appsvc,packer !requiretty", "among")]
    [InlineData("# packer ALL=(ALL) ALL", "none")]
    [InlineData("appsvc ALL=(ALL) ALL # packer", "none")]
    [InlineData("packeradmin ALL=(ALL) ALL", "none")]
    [InlineData("pack.er ALL=(ALL) ALL", "none")]
    [InlineData("%sudo ALL=(ALL) ALL", "none")]
    [InlineData("%shared ALL=(ALL) ALL", "none")]
    [InlineData("#1001 ALL=(ALL) ALL", "none")]
    [InlineData("%#1200 ALL=(ALL) ALL", "none")]
    [InlineData("#200 ALL=(ALL) ALL", "none")]
    [InlineData("ALL ALL=(ALL) ALL", "none")]
    [InlineData("", "none")]
    public void A_rule_is_read_as_sudo_reads_it(string rule, string whose)
    {
        _root.Write("/etc/sudoers.d/own", rule + "\n");
        var found = Find();
        Assert.Equal(whose == "none" ? [] : [whose == "alone"], found.Select(r => r.IsAlone));
        // The end of the file ends the line too.
        _root.Write("/etc/sudoers.d/own", "Defaults env_reset\n" + rule);
        Assert.Equal(found.Select(r => r.IsAlone), Find().Select(r => r.IsAlone));
    }

    [Fact]
    public void A_group_of_the_users_name_that_has_members_is_not_the_users()
    {
        _root.Write("/etc/group", "packer:x:1000:appsvc\n");
        _root.Write("/etc/sudoers.d/own", "%packer ALL=(ALL) ALL\n");
        Assert.Empty(Find());
    }

    [Theory]
    [InlineData("@includedir /etc/rules", "/etc/rules/own")]
    [InlineData("#includedir /etc/rules", "/etc/rules/own")]
    [InlineData("@include /etc/rules.own", "/etc/rules.own")]
    public void What_the_files_include_is_read_too(string include, string path)
    {
        _root.Write("/etc/sudoers", include + "\n");
        _root.Write(path, "# one\npacker ALL=(ALL) ALL\n");
        Assert.Equal([(path, 2, "packer")], Find().Select(r => (r.File, r.Line, r.Who)));
    }

    private List<SudoRule> Find()
    {
        var tree = new LinuxTree(_root.Files);
        return [.. new SudoRules(tree, new LinuxAccounts(tree, ["packer"])).Find()];
    }
}
