using System.Management.Automation;
using System.Management.Automation.Language;
using AibDeprovision.Rehearsal.Windows.Sandbox;

namespace AibDeprovision.Rehearsal.Windows.Types;

/// <summary>A member of a .NET type, as it acts on the simulated VM. Nothing of the real type is used where that would reach this machine.</summary>
internal delegate object? SimulatedMember(ScriptRun run, object?[] arguments);

/// <summary>The .NET types that are simulated, with those of their members that are. Constructors are called new.</summary>
internal static class SimulatedTypes
{
    private static readonly Dictionary<string, SimulatedMember> Members = Table(
        FileTypes.Members, ClockTypes.Members, MachineTypes.Members, MachineTypes.OfRegistry, MachineTypes.OfExceptions, ProcessTypes.Members, ListTypes.Members, MathTypes.Members);

    private static readonly HashSet<string> Conversions = new(StringComparer.OrdinalIgnoreCase) { "Security.Principal.WindowsPrincipal", "Collections.ArrayList", "Exception", "PSCustomObject", "Management.Automation.PSCustomObject" };

    /// <summary>What a member gives that gives nothing.</summary>
    public static object Nothing { get; } = new();

    /// <summary>A type's name without what does not tell types apart here: System, and what a collection is of.</summary>
    public static string NameOf(ITypeName type) => WithoutSystem(type is GenericTypeName generic ? generic.TypeName.FullName : type.FullName);

    /// <summary>As <see cref="NameOf(ITypeName)"/>, of a name.</summary>
    public static string NameOf(string type) => WithoutSystem(type.IndexOf('[') is > 0 and var at ? type.Substring(0, at) : type);

    /// <summary>Whether a member is simulated.</summary>
    public static bool Has(string type, string member) => Members.ContainsKey($"{type}::{member}");

    /// <summary>Whether a conversion to the type makes a simulated object.</summary>
    public static bool Converts(string type) => Conversions.Contains(type);

    /// <summary>Calls a member.</summary>
    /// <exception cref="IOException">The disk of the VM refuses; the message is what the member would say.</exception>
    public static object? Call(ScriptRun run, string type, string member, object?[] arguments)
    {
        try
        {
            return Members[$"{type}::{member}"](run, [.. arguments.Select(argument => argument is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : argument)]);
        }
        catch (Exception e) when (e is InvalidCastException or IndexOutOfRangeException or PSInvalidCastException)
        {
            run.RefuseHere($"[{type}]::{member} with these arguments");
            return Nothing;
        }
    }

    private static Dictionary<string, SimulatedMember> Table(params IEnumerable<(string Name, SimulatedMember Member)>[] tables) =>
        tables.SelectMany(table => table).ToDictionary(member => member.Name, member => member.Member, StringComparer.OrdinalIgnoreCase);

    private static string WithoutSystem(string name) => name.StartsWith("System.", StringComparison.OrdinalIgnoreCase) ? name.Substring(7) : name;
}
