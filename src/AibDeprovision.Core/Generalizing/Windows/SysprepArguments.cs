using AibDeprovision.Errors;
using AibDeprovision.Machine;

namespace AibDeprovision.Generalizing.Windows;

/// <summary>
/// Sysprep's command line, checked before it does harm. Azure Image Builder needs /oobe /generalize /quit: anything that
/// ends the session cuts the build off (learn.microsoft.com/windows-hardware/manufacture/desktop/sysprep-command-line-options).
/// </summary>
internal static class SysprepArguments
{
    /// <summary>What a build needs.</summary>
    public static readonly IReadOnlyList<string> Default = ["/oobe", "/generalize", "/quiet", "/quit"];

    /// <summary>What /mode:vm is called on the command line.</summary>
    public const string ModeVmSwitch = "/mode:vm";

    /// <summary>The default, with or without /mode:vm.</summary>
    public static IReadOnlyList<string> Of(bool modeVm) => modeVm ? [.. Default, ModeVmSwitch] : Default;

    /// <summary>Checks a command line.</summary>
    /// <param name="arguments">The switches.</param>
    /// <param name="force">Whether what cuts a build off, or does not generalize, is wanted all the same.</param>
    /// <exception cref="AibException">It is refused.</exception>
    public static void Check(IReadOnlyList<string> arguments, bool force)
    {
        var switches = SysprepSwitches.Parse(arguments);
        if (arguments.FirstOrDefault(argument => argument.Length < 2 || argument[0] is not ('/' or '-')) is { } stray)
        {
            throw Refused($"'{stray}' is no switch of Sysprep.", "Switches begin with a slash, and each is an argument of its own.", stray);
        }
        if (switches.Wrong is { } wrong)
        {
            throw Refused($"'{wrong}' is no switch of Sysprep, or contradicts another one.", "Use /oobe /generalize /quiet /quit, and /mode:vm if need be.", wrong);
        }
        if (!force && Danger(switches) is { } danger)
        {
            throw Refused(danger, "Use /oobe /generalize /quiet /quit; -Force takes it as it is.", string.Join(" ", arguments));
        }
    }

    /// <summary>The command line as one string.</summary>
    public static string Text(IReadOnlyList<string> arguments) => ProcessArguments.Join(arguments);

    private static string? Danger(SysprepSwitches switches) =>
        switches.Shutdown ? "/shutdown turns the build VM off, and the build fails for want of it."
        : switches.Reboot ? "/reboot restarts the build VM into first boot, and the image is taken from a machine that is not general any more."
        : switches.Audit ? "/audit seals for audit mode, and a VM made from the image never finishes provisioning."
        : !switches.Generalize ? "Without /generalize every VM made from the image is the same machine."
        : !switches.Oobe ? "Without /oobe a VM made from the image does not go through its set-up."
        : !switches.Quit ? "Without /quit Sysprep restarts the machine when it is done."
        : switches.AnswerFile is not null ? "/unattend: is not supported for generalized images on Azure."
        : null;

    private static AibException Refused(string message, string advice, string target) => new(ErrorId.SysprepArgumentRefused, message, advice, target);
}
