using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;

namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>The host of a rehearsed script: it takes the exit code and has no console, no keyboard and nobody behind it.</summary>
internal sealed class SandboxHost : PSHost
{
    private readonly Handle _handle;

    public SandboxHost(ScriptRun run)
    {
        _handle = new Handle(run);
        UI = new SandboxUi(run);
    }

    /// <summary>What the script exited with; null as long as it has not.</summary>
    public int? ExitCode { get; private set; }

    public override CultureInfo CurrentCulture => CultureInfo.InvariantCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.InvariantCulture;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override string Name => "ConsoleHost";

    public override PSHostUserInterface UI { get; }

    public override Version Version { get; } = new(5, 1, 20348, 1);

    /// <summary>The way from a simulated command to its run. The script can see it, but it has no public members.</summary>
    public override PSObject PrivateData => new(_handle);

    /// <summary>The run that a command belongs to.</summary>
    public static ScriptRun RunOf(PSHost host) => ((Handle)host.PrivateData.BaseObject).Run;

    public override void EnterNestedPrompt() => throw new NotSupportedException();

    public override void ExitNestedPrompt() => throw new NotSupportedException();

    public override void NotifyBeginApplication()
    {
        // Nothing runs beside the script.
    }

    public override void NotifyEndApplication()
    {
        // Nothing runs beside the script.
    }

    public override void SetShouldExit(int exitCode) => ExitCode ??= exitCode;

    private sealed class Handle(ScriptRun run)
    {
        internal ScriptRun Run => run;
    }
}
