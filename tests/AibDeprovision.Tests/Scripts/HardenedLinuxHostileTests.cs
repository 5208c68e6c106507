using AibDeprovision.Plans;
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

    [Theory]
    [MemberData(nameof(Shells), MemberType = typeof(HardenedLinuxRun))]
    public void A_folder_that_becomes_a_link_once_its_logs_are_found_leads_nowhere(string shell)
    {
        var machine = SeededMachine(shell);
        machine.Files.WriteFile("/var/log/app/file", Canary);
        machine.Files.WriteFile("/srv/precious/file", Canary);
        var find = machine.Files.ReadLink("/usr/bin/find")!;
        machine.WriteCommand("find", $$"""
            if [ "$1" != /var/log/ ]; then exec {{find}} "$@"; fi
            while [ "${1:-}" != -exec ] && [ $# -gt 0 ]; do shift; done
            if [ "${2:-}" != sh ]; then exit 0; fi
            rm -rf /var/log/app
            ln -s /srv/precious /var/log/app
            sh -c "$4" "$5" /var/log/app/file /var/log/auth.log
            """);

        AssertVerdict(RunPlan(machine, shell, new()), DeprovisionExitCode.Sealed);

        Assert.Equal(Canary, machine.Files.ReadFile("/srv/precious/file"));
        Assert.Equal("", machine.Files.ReadFile("/var/log/auth.log"));
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
