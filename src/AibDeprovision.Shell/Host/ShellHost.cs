using System.Globalization;
using System.Management.Automation.Host;

namespace AibDeprovision.Shell.Host;

/// <summary>The program that the engine runs in.</summary>
internal sealed class ShellHost : PSHost
{
    public override string Name => "AibDeprovision.Shell";

    public override Version Version => Program.ShellVersion;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override CultureInfo CurrentCulture => CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.CurrentUICulture;

    public override PSHostUserInterface UI => ShellUI;

    /// <summary>The same as <see cref="UI"/>, by its own type.</summary>
    public ShellUserInterface ShellUI { get; } = new();

    /// <summary>What exit asked for, if it did.</summary>
    public int? ExitCode { get; private set; }

    public override void SetShouldExit(int exitCode) => ExitCode = exitCode;

    /// <summary>What the answer Suspend to a question asks for. The question is asked again.</summary>
    public override void EnterNestedPrompt() => UI.WriteWarningLine("This shell has no nested prompt.");

    public override void ExitNestedPrompt()
    {
    }

    // A native program gets the terminal as it is: this host changes none of its settings.
    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }
}
