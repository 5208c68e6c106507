using System.Collections;
using System.Management.Automation;

namespace AibDeprovision.Rehearsal.Windows.Types;

/// <summary>Lists of any kind of thing: one that takes all. The language does not let its methods be called: a simulated command does.</summary>
internal static class ListTypes
{
    /// <summary>The methods of a list, which are the list's own.</summary>
    public static IReadOnlyList<string> Methods => ["Add", "AddRange", "Clear", "Contains", "IndexOf", "Insert", "Remove", "RemoveAt", "Reverse", "Sort", "ToArray"];

    /// <summary>Their members.</summary>
    public static IEnumerable<(string Name, SimulatedMember Member)> Members =>
    [
        ("Collections.ArrayList::new", New),
        ("Collections.Generic.List::new", (_, a) => a.Length > 0 && a[0] is ICollection items ? new TypedList(items) : new TypedList(Array.Empty<object>())),
        ("PSCustomObject::new", (_, a) => Custom(a[0])),
        ("Management.Automation.PSCustomObject::new", (_, a) => Custom(a[0])),
    ];

    /// <summary>What a method of a list does.</summary>
    public static object? Call(ArrayList list, string method, object?[] arguments)
    {
        switch (method)
        {
            case "Add":
                var place = list.Add(arguments[0]);
                return list is TypedList ? SimulatedTypes.Nothing : place;
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
                var wasThere = list.Contains(arguments[0]);
                list.Remove(arguments[0]);
                return list is TypedList ? wasThere : SimulatedTypes.Nothing;
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

    private static object? Custom(object? from)
    {
        if (from is not IDictionary members)
        {
            return from;
        }
        var result = new PSObject();
        foreach (DictionaryEntry member in members)
        {
            result.Properties.Add(new PSNoteProperty(member.Key.ToString(), member.Value));
        }
        return result;
    }

    /// <summary>A list of one kind of thing: to add says nothing, and to remove whether it was there.</summary>
    private sealed class TypedList(ICollection items) : ArrayList(items);

    private static ArrayList New(Sandbox.ScriptRun run, object?[] arguments) =>
        arguments.Length > 0 && arguments[0] is ICollection items ? new ArrayList(items) : new ArrayList();
}
