using System.Collections;

namespace AibDeprovision.Rehearsal.Windows.Types;

/// <summary>Lists of any kind of thing: one that takes all. Its methods come from the type table.</summary>
internal static class ListTypes
{
    /// <summary>The methods of a list, which are the list's own.</summary>
    public static IReadOnlyList<string> Methods => ["Add", "AddRange", "Clear", "Contains", "IndexOf", "Insert", "Remove", "RemoveAt", "Reverse", "Sort", "ToArray"];

    /// <summary>Their members.</summary>
    public static IEnumerable<(string Name, SimulatedMember Member)> Members =>
    [
        ("Collections.ArrayList::new", New),
        ("Collections.Generic.List::new", New),
    ];

    /// <summary>What a method of a list does.</summary>
    public static object? Call(ArrayList list, string method, object?[] arguments)
    {
        switch (method)
        {
            case "Add":
                return list.Add(arguments[0]);
            case "Contains":
                return list.Contains(arguments[0]);
            case "IndexOf":
                return list.IndexOf(arguments[0]);
            case "ToArray":
                return list.ToArray();
            case "AddRange":
                list.AddRange(arguments[0] as ICollection ?? new[] { arguments[0] });
                break;
            case "Insert":
                list.Insert((int)arguments[0]!, arguments[1]);
                break;
            case "Remove":
                list.Remove(arguments[0]);
                break;
            case "RemoveAt":
                list.RemoveAt((int)arguments[0]!);
                break;
            case "Reverse":
                list.Reverse();
                break;
            case "Sort":
                list.Sort(StringComparer.OrdinalIgnoreCase);
                break;
            default:
                list.Clear();
                break;
        }
        return SimulatedTypes.Nothing;
    }

    private static ArrayList New(Sandbox.ScriptRun run, object?[] arguments) =>
        arguments.Length > 0 && arguments[0] is ICollection items ? new ArrayList(items) : new ArrayList();
}
