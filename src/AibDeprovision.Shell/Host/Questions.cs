using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace AibDeprovision.Shell.Host;

/// <summary>Questions to the person at the terminal. Where there is none, asking is an error and nothing waits.</summary>
internal static class Questions
{
    public static string ReadLine()
    {
        RequirePerson();
        return Console.In.ReadLine() ?? throw NobodyAnswers();
    }

    /// <summary>Reads a line without showing it.</summary>
    public static SecureString ReadSecret()
    {
        RequirePerson();
        var secret = new SecureString();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } pressed)
        {
            if (pressed.Key != ConsoleKey.Backspace)
            {
                secret.AppendChar(pressed.KeyChar);
            }
            else if (secret.Length > 0)
            {
                secret.RemoveAt(secret.Length - 1);
            }
        }

        Console.Error.Write(Environment.NewLine);
        return secret;
    }

    /// <summary>Asks for the values of parameters that are mandatory and were not given.</summary>
    public static Dictionary<string, PSObject> AskForValues(string caption, string message, Collection<FieldDescription> fields)
    {
        RequirePerson();
        Introduce(caption, message);
        var values = new Dictionary<string, PSObject>(StringComparer.OrdinalIgnoreCase);
        foreach (var field in fields)
        {
            values[field.Name] = PSObject.AsPSObject(AskForValue(field));
        }

        return values;
    }

    /// <summary>Asks for one of several choices and gives its index.</summary>
    public static int AskForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        RequirePerson();
        Introduce(caption, message);
        var labels = choices.Select(static choice => new ChoiceLabel(choice)).ToList();
        var proposal = defaultChoice >= 0 ? $" (default is \"{labels[defaultChoice].Key}\")" : "";
        while (true)
        {
            Console.Error.Write(string.Join("  ", labels) + $"  [?] Help{proposal}: ");
            var answer = ReadLine().Trim();
            if (answer.Length == 0 && defaultChoice >= 0)
            {
                return defaultChoice;
            }

            var index = labels.FindIndex(label => label.IsMeantBy(answer));
            if (index >= 0)
            {
                return index;
            }

            if (answer == "?")
            {
                labels.ForEach(label => Console.Error.Write($"{label.Key} - {label.Help}{Environment.NewLine}"));
            }
        }
    }

    public static PSCredential AskForCredential(string caption, string message, string userName)
    {
        RequirePerson();
        Introduce(caption, message);
        if (string.IsNullOrEmpty(userName))
        {
            Console.Error.Write("User: ");
            userName = ReadLine();
        }

        Console.Error.Write($"Password for user {userName}: ");
        return new PSCredential(userName, ReadSecret());
    }

    private static object AskForValue(FieldDescription field)
    {
        if (field.ParameterTypeFullName == typeof(SecureString).FullName)
        {
            Console.Error.Write(field.Name + ": ");
            return ReadSecret();
        }

        if (!field.ParameterTypeFullName.EndsWith("[]", StringComparison.Ordinal))
        {
            Console.Error.Write(field.Name + ": ");
            return ReadLine();
        }

        // As in pwsh, the values of an array are asked for until an empty line.
        var values = new List<string>();
        while (true)
        {
            Console.Error.Write($"{field.Name}[{values.Count}]: ");
            if (ReadLine() is not { Length: > 0 } value)
            {
                return values.ToArray();
            }

            values.Add(value);
        }
    }

    private static void Introduce(string caption, string message)
    {
        foreach (var text in new[] { caption, message })
        {
            if (!string.IsNullOrEmpty(text))
            {
                Console.Error.Write(text + Environment.NewLine);
            }
        }
    }

    private static void RequirePerson()
    {
        if (Console.IsInputRedirected)
        {
            throw NobodyAnswers();
        }
    }

    private static PSInvalidOperationException NobodyAnswers() =>
        new("This would ask a question, and there is no terminal to answer it. " +
            "Give every mandatory parameter, and -Confirm:$false where a command asks for confirmation.");
}
