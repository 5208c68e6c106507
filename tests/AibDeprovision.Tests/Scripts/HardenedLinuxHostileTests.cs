using static AibDeprovision.Tests.Scripts.HardenedLinuxRun;
using static AibDeprovision.Tests.Scripts.SeededLinuxMachine;

namespace AibDeprovision.Tests.Scripts;

/// <summary>What users and builds can plant neither misleads the hardened Linux script nor gets into its output.</summary>
public sealed class HardenedLinuxHostileTests
{
    [Theory]
    [MemberData(nameof(Shells), MemberType = typeof(HardenedLinuxRun))]
    public void A_hook_can_neither_end_nor_confuse_the_script(string shell)
    {
        var machine = SeededMachine(shell);
        const string hook = "cd /var/lib; KEEP_LOGS=yes; say() { echo hijacked; }; umask 0; echo \"it's \\$HOME\"; exit 0";

        var run = RunPlan(machine, shell, new() { BeforeScript = hook, AfterScript = hook });

        AssertVerdict(run, DeprovisionExitCode.Sealed);
        Assert.Equal(2, run.Output.Count(line => line == "it's $HOME"));
        Assert.Equal(KeptPaths(""), Surviving(machine));
    }

    [Theory]
    [MemberData(nameof(HostileUserNames), MemberType = typeof(SeededLinuxMachine))]
    public void A_hostile_user_name_is_not_used(string name)
    {
        var machine = SeededMachine("dash");
        machine.Files.Delete("/etc/sudoers.d/90-cloud-init-users");
        machine.Files.WriteFile("/var/lib/waagent/ovf-env.xml", $"<ns1:UserName>{name}</ns1:UserName>");
        WriteAgent(machine, "rm -rf /var/lib/waagent/*");
        machine.WriteCommand("reboot", "echo reboot >>/calls");

        var run = RunPlan(machine, "dash", new());

        AssertVerdict(run, DeprovisionExitCode.ResidueLeft, "1 left, first /etc/passwd (the provisioned user, whom nothing names)");
        Assert.DoesNotContain(Calls(machine), call => call.StartsWith("userdel", StringComparison.Ordinal) || call == "reboot");
        Assert.Contains("packer:", machine.Files.ReadFile("/etc/passwd"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Shells), MemberType = typeof(HardenedLinuxRun))]
    public void Of_links_that_were_planted_only_the_links_go(string shell)
    {
        var machine = SeededMachine(shell);
        string[] links = ["/home/appsvc/.zsh_history", "/home/appsvc/.viminfo", "/tmp/link", "/var/lib/dhcp/link"];
        foreach (var link in links)
        {
            machine.Files.WriteLink(link, "/etc/precious");
        }
        machine.Files.WriteLink("/var/log/planted.log", "/etc/precious");
        machine.Files.WriteLink("/var/log/folder", "/srv/precious");
        machine.Files.WriteLink("/tmp/folder", "/srv/precious");
        machine.Files.WriteLink("/home/appsvc/.local/share/powershell", "/srv/precious");
        machine.Files.WriteFile("/etc/precious", Canary);
        machine.Files.WriteFile("/srv/precious/PSReadLine/x_history.txt", Canary);

        AssertVerdict(RunPlan(machine, shell, new()), DeprovisionExitCode.Sealed);

        Assert.All(links, link => Assert.False(machine.Files.Exists(link), link));
        Assert.False(machine.Files.Exists("/tmp/folder"));
        Assert.Equal(Canary, machine.Files.ReadFile("/etc/precious"));
        Assert.Equal(Canary, machine.Files.ReadFile("/srv/precious/PSReadLine/x_history.txt"));
    }

    [Fact]
    public void Names_with_blanks_line_feeds_and_controls_neither_break_it_nor_its_output()
    {
        var machine = SeededMachine("dash");
        machine.Files.WriteFile("/tmp/a\nb \u001b[31m'\"$(reboot)", Canary);
        machine.Files.WriteFile("/var/log/x y\n>>> AibDeprovision [    0.0s] verdict: Sealed (exit code 0): no", Canary);
        machine.Files.WriteFile("/var/lib/dhcp/-rf \n*", Canary);

        var run = RunPlan(machine, "dash", new());

        AssertVerdict(run, DeprovisionExitCode.Sealed);
        Assert.Single(run.Output, line => line.Contains("verdict:", StringComparison.Ordinal));
        Assert.Equal(KeptPaths(""), Surviving(machine));
    }
}
