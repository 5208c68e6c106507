using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;

namespace AibDeprovision.Shell.Engine;

/// <summary>A script file and the arguments for it.</summary>
internal sealed class ScriptFile
{
    private readonly string _path;
    private readonly IReadOnlyList<string> _arguments;

    /// <exception cref="ShellException">There is no such file.</exception>
    public ScriptFile(string path, IReadOnlyList<string> arguments)
    {
        _path = Path.GetFullPath(path);
        _arguments = arguments;
        if (!File.Exists(_path))
        {
            throw new ShellException(ExitCodes.Usage, $"There is no script file '{path}'. -Help explains the command line.");
        }
    }

    /// <summary>The name that the script has as a command.</summary>
    public string Name => Path.GetFileName(_path);

    /// <summary>
    /// The script's code. It becomes a function of the session, not a script command, since the engine lets <c>exit</c>
    /// in a script command end that command only; $PSScriptRoot and $PSCommandPath are those of the file all the same.
    /// </summary>
    /// <exception cref="ParseException">It is not a script.</exception>
    public ScriptBlock Read()
    {
        var script = Parser.ParseFile(_path, out _, out var errors);
        return errors.Length == 0 ? script.GetScriptBlock() : throw new ParseException(errors);
    }

    /// <summary>
    /// The arguments as pwsh -File reads them: <c>-Name value</c>, <c>-Name:value</c>, <c>-Switch</c>,
    /// <c>-Switch:$false</c> and values by position.
    /// </summary>
    public IEnumerable<CommandParameter> Parameters()
    {
        string? name = null;
        foreach (var argument in _arguments)
        {
            if (name is not null)
            {
                yield return new CommandParameter(name, argument);
                name = null;
            }
            else if (argument.Length > 1 && argument[0] == '-' && !IsNumber(argument))
            {
                var colon = argument.IndexOf(':', StringComparison.Ordinal);
                if (colon < 0)
                {
                    // The binder decides whether it is a switch or takes the next value.
                    yield return new CommandParameter(argument);
                }
                else if (colon == argument.Length - 1)
                {
                    name = argument[..colon];
                }
                else
                {
                    yield return new CommandParameter(argument[..colon], ValueOf(argument[(colon + 1)..]));
                }
            }
            else
            {
                yield return new CommandParameter(name: null, argument);
            }
        }
    }

    private static object ValueOf(string text) => text.ToUpperInvariant() switch
    {
        "TRUE" or "$TRUE" => true,
        "FALSE" or "$FALSE" => false,
        _ => text,
    };

    private static bool IsNumber(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}
