using AibDeprovision.Rehearsal.Scenarios;
using AibDeprovision.Tests.Engine;
using AibDeprovision.Tests.LinuxBed;

namespace AibDeprovision.Tests.Session;

/// <summary>A rehearsal by a user without rights on a host that grants that user no namespaces, in the real PowerShell.</summary>
public sealed class OrdinaryUserTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Windows_scripts_are_rehearsed_in_a_process_and_Linux_scripts_are_not_run_and_both_say_so()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && System.Environment.IsPrivilegedProcess, "Only root can become another user.");
        const string Text = """
            Import-Module ./AibDeprovision/AibDeprovision.psd1
            "user|$(id -u)|$((Get-Content /proc/self/status | Where-Object { $_ -like 'CapEff*' }) -replace '\D')"
            New-AibDeprovisionScript Windows | Invoke-AibDeprovisionRehearsal -Scenario agent-present | ForEach-Object { "windows|$($_.Outcome)|$($_.Isolation)" }
            Invoke-AibDeprovisionRehearsal -ScriptText 'if ($false) { function Invoke-RestMethod {} }; Invoke-RestMethod http://127.0.0.1; exit 0' -Scenario agent-present | ForEach-Object { "hostile|$($_.Outcome)|$($_.Isolation)" }
            "#!/bin/sh`ntouch ran" | Invoke-AibDeprovisionRehearsal -Scenario agent-present | ForEach-Object { "linux|$($_.Outcome)|$($_.Detail)" }
            "ran|$(Test-Path ./ran)"
            """;
        // In a mount namespace of its own PowerShell and the module are where that user can read them; then a user namespace
        // with one more below it, in which nobody is root and no further one is granted.
        const string AsNobody = """
            cd "$1" && chmod 755 . && cp -R "$2" AibDeprovision && chmod -R a+rX AibDeprovision && mkdir pwsh home && chown 65534:65534 home &&
            mount --bind "$3" pwsh && shift 3 &&
            exec env HOME="$PWD/home" setpriv --reuid 65534 --regid 65534 --clear-groups -- unshare --user --map-root-user sh -c '
                echo 1 >/proc/sys/user/max_user_namespaces && exec unshare --user --map-user=65534 --map-group=65534 -- "$@"' sh "$@"
            """;
        string[] words = ["unshare", "--mount", "--propagation", "private", "--", "sh", "-c", AsNobody, "sh", _scratch.Path, Path.TrimEndingDirectorySeparator(Repository.StagedModule), Pwsh.Folder];

        var run = BedProcess.Run([.. words, .. Pwsh.WordsOf(Pwsh.DotNetRoot, _scratch["pwsh"], "-Command", Text)], Limit, "", Pwsh.Environment);

        Assert.SkipWhen(run.ExitCode != 0 && run.ToString().Contains("unshare failed", StringComparison.Ordinal) && !Toolbox.Required, "This host grants no namespaces to begin with.");
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal("user|65534|0000000000000000", run.Output[0]);
        Assert.Equal($"windows|{RehearsalOutcome.Sealed}|{RehearsalIsolation.Process}", run.Output[1]);
        Assert.Equal($"hostile|{RehearsalOutcome.NotRehearsable}|{RehearsalIsolation.Process}", run.Output[2]);
        Assert.StartsWith($"linux|{RehearsalOutcome.NotRehearsable}|The throw-away machine for Linux scripts needs namespaces of its own", run.Output[3], StringComparison.Ordinal);
        Assert.Equal("ran|False", run.Output[4]);
    }
}
