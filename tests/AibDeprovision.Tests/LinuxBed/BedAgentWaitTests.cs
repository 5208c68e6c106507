using System.Globalization;
using System.Text.RegularExpressions;

namespace AibDeprovision.Tests.LinuxBed;

/// <summary>Wait-AibGuestAgentService on a machine that systemd has booted, for the unit of the real agent.</summary>
public sealed partial class BedAgentWaitTests
{
    [Fact]
    public void It_ends_when_systemd_runs_the_agent_and_the_VM_is_provisioned()
    {
        using var machine = BedModule.Start("""
            rm -f /var/lib/waagent/provisioned
            systemctl disable walinuxagent
            # Debian's unit starts only on Hyper-V.
            mkdir -p /etc/systemd/system/walinuxagent.service.d
            printf '[Unit]\nConditionVirtualization=\n' >/etc/systemd/system/walinuxagent.service.d/bed.conf
            """);
        const string Wait = "Wait-AibGuestAgentService -Timeout 60 -PassThru -Verbose | ForEach-Object { \"$($_.Name) $($_.IsReached): $($_.Changes -join \", \")\" }";

        var boot = machine.Boot($"""
            {string.Join(' ', BedModule.Words("").SkipLast(1))} '{Wait}' >/opt/out 2>&1 &
            for i in $(seq 300); do
                if grep -q 'the VM is not provisioned' /opt/out && grep -q 'is Stopped' /opt/out; then break; fi
                sleep 0.1
            done
            sleep 1
            systemctl start --no-block walinuxagent
            sleep 2
            touch /var/lib/waagent/provisioned
            wait
            """);

        Assert.True(boot.ExitCode == 0, boot.ToString());
        var output = machine.Read("/opt/out")!;
        var (agent, provisioned) = (Agent().Match(output), Provisioned().Match(output));
        Assert.True(agent.Success && provisioned.Success, output);
        // The slow look beside the notifications comes after ten seconds.
        Assert.InRange(double.Parse(agent.Groups[1].Value, CultureInfo.InvariantCulture), 0.5, 9);
        Assert.InRange(double.Parse(provisioned.Groups[1].Value, CultureInfo.InvariantCulture), 2.5, 9.5);
    }

    [Fact]
    public void Who_may_not_look_whether_the_VM_is_provisioned_is_told_so_at_once()
    {
        using var machine = BedModule.Start("chmod 700 /var/lib/waagent");

        var run = machine.Run(["setpriv", "--reuid=packer", "--regid=packer", "--init-groups", .. BedModule.Words("Wait-AibGuestAgentService -ErrorAction SilentlyContinue -ErrorVariable e; \"$($e[0].FullyQualifiedErrorId) $($e[0].CategoryInfo.Category)\"")]);

        Assert.Equal("AccessDenied,AibDeprovision.Commands.WaitAibGuestAgentServiceCommand PermissionDenied", run.Output[^1]);
        Assert.InRange(run.Duration.TotalSeconds, 0, 30);
    }

    [GeneratedRegex(@"^walinuxagent True: Stopped after [0-9.]+ s, .*Running after ([0-9.]+) s$", RegexOptions.Multiline, 1000)]
    private static partial Regex Agent();

    [GeneratedRegex(@"^provisioned True: not provisioned after [0-9.]+ s, provisioned after ([0-9.]+) s$", RegexOptions.Multiline, 1000)]
    private static partial Regex Provisioned();
}
