using System.Globalization;
using AibDeprovision.Rehearsal.Windows.Sandbox;
using AibDeprovision.Rehearsal.Windows.Vm;

namespace AibDeprovision.Rehearsal.Windows.Programs;

/// <summary>reg.exe query, add and delete.</summary>
internal sealed class RegProgram() : VmProgram(SimulatedVm.System32 + @"\reg.exe")
{
    public override ProgramResult Run(ScriptRun run, IReadOnlyList<string> arguments)
    {
        var key = arguments.Count > 1 ? VmPath.Registry(arguments[1]) : null;
        if (key is not { Store: VmStore.Registry })
        {
            return new(1, "ERROR: Invalid key name.");
        }
        var value = Option(arguments, "/v");
        switch (arguments[0].ToUpperInvariant())
        {
            case "ADD":
                Add(run.Vm.Registry, key.Full, value, Option(arguments, "/t") ?? "REG_SZ", Option(arguments, "/d") ?? "");
                return new(0, "The operation completed successfully.");
            case "DELETE" when !Exists(run.Vm.Registry, key.Full, value):
                return NotFound();
            case "DELETE":
                Remove(run.Vm.Registry, key.Full, value);
                return new(0, "The operation completed successfully.");
            case "QUERY":
                return Exists(run.Vm.Registry, key.Full, value) ? Query(run.Vm.Registry, key.Full, value) : NotFound();
            default:
                run.RefuseHere($"reg.exe {arguments[0]}");
                return new(1);
        }
    }

    private static ProgramResult NotFound() => new(1, "ERROR: The system was unable to find the specified registry key or value.");

    private static bool Exists(SimulatedRegistry registry, string key, string? value) =>
        value is null ? registry.Exists(key) : registry.Find(key, value) is not null;

    private static void Add(SimulatedRegistry registry, string key, string? value, string type, string data)
    {
        registry.Create(key);
        if (value is null)
        {
            return;
        }
        if (!type.Equals("REG_DWORD", StringComparison.OrdinalIgnoreCase))
        {
            registry.Set(key, value, data);
        }
        else if (int.TryParse(data, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number))
        {
            registry.Set(key, value, number);
        }
    }

    private static void Remove(SimulatedRegistry registry, string key, string? value)
    {
        if (value is null)
        {
            registry.Delete(key);
        }
        else
        {
            registry.Unset(key, value);
        }
    }

    private static ProgramResult Query(SimulatedRegistry registry, string key, string? value) => new(0,
        ["", key.Replace("HKLM", "HKEY_LOCAL_MACHINE"), .. registry.ValuesOf(key)
            .Where(v => value is null || v.Name.Equals(value, StringComparison.OrdinalIgnoreCase))
            .Select(v => $"    {v.Name}    REG_{v.Kind.ToString().ToUpperInvariant()}    {(v.Data is int n ? $"0x{n:x}" : v.Data)}")]);

    private static string? Option(IReadOnlyList<string> arguments, string name)
    {
        for (var i = 0; i < arguments.Count - 1; i++)
        {
            if (arguments[i].Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return arguments[i + 1];
            }
        }
        return null;
    }
}
