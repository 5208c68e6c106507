using System.Management.Automation.Language;
using System.Runtime.InteropServices;
using AibDeprovision.Shell.Engine;

namespace AibDeprovision.Shell;

/// <summary>Reads commands line by line and runs each one as soon as it is complete.</summary>
internal sealed class Prompt(ShellSession session)
{
    private const string First = "AibDeprovision> ";
    private const string Next = ">> ";

    /// <summary>Runs until exit, a request to terminate, or the end of the input.</summary>
    /// <returns>The exit code of the process.</returns>
    public int Run()
    {
        while (ReadCommand() is { } command)
        {
            var outcome = session.Run(shell => shell.AddScript(command, useLocalScope: false));
            if (session.ExitCode is { } exitCode)
            {
                return exitCode;
            }

            if (outcome == ExitCodes.Terminated)
            {
                return ExitCodes.Terminated;
            }
        }

        return ExitCodes.Success;
    }

    /// <summary>A complete command, or null at the end of the input.</summary>
    private static string? ReadCommand()
    {
        var command = ReadLine(First);
        while (command is not null && IsIncomplete(command))
        {
            // Without a further line the command runs as it is, and the parser's error says what it lacks.
            if (ReadLine(Next) is not { } line)
            {
                break;
            }

            // As in pwsh, an empty line ends a command that would otherwise go on.
            command += "\n" + line;
            if (line.Length == 0 && !Console.IsInputRedirected)
            {
                break;
            }
        }

        return command;
    }

    private static string? ReadLine(string prompt)
    {
        if (Console.IsInputRedirected)
        {
            return Console.In.ReadLine();
        }

        // Ctrl+C with nothing running drops the line that was begun, and not the session.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
        {
            signal.Cancel = true;
            Console.Write("\n" + prompt);
        });
        Console.Write(prompt);
        return Console.In.ReadLine();
    }

    private static bool IsIncomplete(string command)
    {
        Parser.ParseInput(command, out _, out var errors);
        return errors.Any(static error => error.IncompleteInput);
    }
}
