namespace AibDeprovision.Shell;

/// <summary>What the shell was started to do.</summary>
internal enum ShellAction
{
    /// <summary>Read commands from a person, or from standard input, one after the other.</summary>
    Prompt,

    /// <summary>Run the text of the command line.</summary>
    Command,

    /// <summary>Run a script file.</summary>
    File,

    /// <summary>Say the versions.</summary>
    Version,

    /// <summary>Say how the shell is used, and what it lacks.</summary>
    Help,
}

/// <summary>The command line, understood.</summary>
/// <param name="Action">What to do.</param>
/// <param name="Text">The command, or the path of the script.</param>
/// <param name="Arguments">The script's arguments.</param>
internal sealed record CommandLine(ShellAction Action, string Text, IReadOnlyList<string> Arguments)
{
    private static readonly ShellAction[] s_options =
        [ShellAction.Command, ShellAction.File, ShellAction.Version, ShellAction.Help];

    /// <exception cref="ShellException">The arguments make no sense.</exception>
    public static CommandLine Parse(string[] args)
    {
        if (args.Length == 0)
        {
            return new CommandLine(ShellAction.Prompt, "", []);
        }

        if (!args[0].StartsWith('-') && args[0] != "/?")
        {
            return Script(args, 0);
        }

        var action = FindOption(args[0]);
        if (action is ShellAction.Version or ShellAction.Help)
        {
            return new CommandLine(action, "", []);
        }

        if (args.Length == 1)
        {
            throw Unusable($"{args[0]} needs {(action == ShellAction.Command ? "a command" : "the path of a script")}.");
        }

        return action == ShellAction.File ? Script(args, 1) : new CommandLine(action, string.Join(' ', args[1..]), []);
    }

    private static CommandLine Script(string[] args, int position) =>
        new(ShellAction.File, args[position], args[(position + 1)..]);

    private static ShellAction FindOption(string argument)
    {
        var name = argument.StartsWith("--", StringComparison.Ordinal) ? argument[2..] : argument[1..];
        if (name == "?")
        {
            return ShellAction.Help;
        }

        foreach (var option in s_options)
        {
            if (name.Length > 0 && option.ToString().StartsWith(name, StringComparison.OrdinalIgnoreCase))
            {
                return option;
            }
        }

        throw Unusable($"There is no option '{argument}'.");
    }

    private static ShellException Unusable(string message) =>
        new(ExitCodes.Usage, message + " The options are -Command, -File, -Version and -Help; -Help explains them.");
}
