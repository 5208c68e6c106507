using System.Management.Automation;

namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>Error records as Windows PowerShell 5.1 prints them into a log.</summary>
internal static class ErrorText
{
    private const string OurCommands = "AibDeprovision.Rehearsal.Commands.";

    public static string Of(ErrorRecord error)
    {
        var message = MessageOf(error);
        var command = error.Exception is CommandNotFoundException missing ? missing.CommandName : error.InvocationInfo?.MyCommand?.Name;
        var first = string.IsNullOrEmpty(command) ? message : $"{command} : {message}";
        var position = error.InvocationInfo?.PositionMessage;
        var where = string.IsNullOrEmpty(position) ? "" : "\n" + position!.Replace("At line:", @"At C:\DeprovisioningScript.ps1:");
        return ScriptGate.Unmask($"{first}{where}\n    + CategoryInfo          : {error.CategoryInfo}\n    + FullyQualifiedErrorId : {error.FullyQualifiedErrorId.Replace(OurCommands, "Microsoft.PowerShell.Commands.")}\n");
    }

    /// <summary>The message alone.</summary>
    public static string MessageOf(ErrorRecord error) => ScriptGate.Unmask(error.ErrorDetails?.Message ?? error.Exception.Message);
}
