using System.Management.Automation;
using AibDeprovision.Machine;
using AibDeprovision.Rehearsal.Windows.Sandbox;
using AibDeprovision.Rehearsal.Windows.Vm;

namespace AibDeprovision.Rehearsal.Windows.Types;

/// <summary>What .NET tells of the machine, its user, its environment and its services.</summary>
internal static class MachineTypes
{
    /// <summary>The name of the type that tells a user's roles.</summary>
    public const string Principal = "AibDeprovision.SimulatedPrincipal";

    private const string Administrators = "S-1-5-32-544";

    /// <summary>Their members.</summary>
    public static IEnumerable<(string Name, SimulatedMember Member)> Members =>
    [
        ("IntPtr::Size", (_, _) => 8),
        ("GC::Collect", (_, _) => SimulatedTypes.Nothing),
        ("GC::WaitForPendingFinalizers", (_, _) => SimulatedTypes.Nothing),
        ("Console::WriteLine", (run, a) => Print(run, a)),
        ("Console::Write", (run, a) => Print(run, a)),
        ("Console::Out", (_, _) => null),
        ("Environment::NewLine", (_, _) => "\r\n"),
        ("Environment::MachineName", (run, _) => Variable(run, "COMPUTERNAME")),
        ("Environment::UserName", (run, _) => Variable(run, "USERNAME")),
        ("Environment::SystemDirectory", (_, _) => SimulatedVm.System32),
        ("Environment::Is64BitProcess", (_, _) => true),
        ("Environment::Is64BitOperatingSystem", (_, _) => true),
        ("Environment::UserInteractive", (_, _) => false),
        ("Environment::OSVersion", (_, _) => Object(null, ("Platform", "Win32NT"), ("Version", new Version(10, 0, 20348, 0)), ("VersionString", "Microsoft Windows NT 10.0.20348.0"))),
        ("Environment::GetEnvironmentVariable", (run, a) => Variable(run, Text(a[0]))),
        ("Environment::SetEnvironmentVariable", SetVariable),
        ("Environment::ExpandEnvironmentVariables", (run, a) => Expand(run, Text(a[0]))),
        ("Environment::Exit", Exit),
        ("Security.Principal.WindowsIdentity::GetCurrent", (run, _) => Object(null,
            ("Name", run.Vm.User.Name), ("User", Object(null, ("Value", run.Vm.User.Sid))), ("IsSystem", run.Vm.User == SimulatedUser.System), ("IsAuthenticated", true),
            ("Groups", run.Vm.User.IsElevated ? new[] { Administrators, "S-1-1-0" } : ["S-1-1-0"]))),
        ("Security.Principal.WindowsPrincipal::new", (run, _) => Object(Principal, ("Identity", Object(null, ("Name", run.Vm.User.Name))))),
        ("Security.Principal.WindowsBuiltInRole::Administrator", (_, _) => "Administrator"),
        ("ServiceProcess.ServiceController::new", (run, a) => Service(run, Text(a[0]))),
        ("ServiceProcess.ServiceController::GetServices", (run, _) => run.Vm.Services.All.Select(ServiceObject.Of).ToArray()),
        .. Enum.GetNames(typeof(ServiceStatus)).Select(name => ($"ServiceProcess.ServiceControllerStatus::{name}", (SimulatedMember)((_, _) => Enum.Parse(typeof(ServiceStatus), name)))),
    ];

    /// <summary>Exceptions that scripts throw.</summary>
    public static IEnumerable<(string Name, SimulatedMember Member)> OfExceptions =>
        Exceptions.Select(type => ($"{type.FullName!.Substring("System.".Length)}::new", (SimulatedMember)((_, a) => Activator.CreateInstance(type, [.. a.Take(1).Select(Text)]))));

    private static Type[] Exceptions =>
    [
        typeof(Exception), typeof(TimeoutException), typeof(InvalidOperationException), typeof(ArgumentException), typeof(ApplicationException), typeof(SystemException), typeof(NotSupportedException),
        typeof(UnauthorizedAccessException), typeof(IOException), typeof(FileNotFoundException), typeof(DirectoryNotFoundException),
    ];

    /// <summary>Members of Microsoft.Win32.Registry.</summary>
    public static IEnumerable<(string Name, SimulatedMember Member)> OfRegistry =>
    [
        ("Microsoft.Win32.Registry::GetValue", (run, a) => VmPath.Registry(Text(a[0])) is var key && run.Vm.Registry.Exists(key.Full) ? run.Vm.Registry.Find(key.Full, Text(a[1]))?.Data ?? a[2] : null),
        ("Microsoft.Win32.Registry::SetValue", (run, a) =>
        {
            run.Vm.Registry.Set(VmPath.Registry(Text(a[0])).Full, Text(a[1]), a[2] is int or long or string[] or byte[] ? a[2]! : Text(a[2]));
            return SimulatedTypes.Nothing;
        }),
        .. ((string[])["String", "DWord", "QWord", "ExpandString", "MultiString", "Binary"]).Select(kind => ($"Microsoft.Win32.RegistryValueKind::{kind}", (SimulatedMember)((_, _) => kind))),
    ];

    /// <summary>Whether the user has a role, by name, number or security identifier.</summary>
    public static bool IsInRole(ScriptRun run, object? role) => Text(role) is var text && (text.Equals("Administrator", StringComparison.OrdinalIgnoreCase)
        || text.EndsWith("Administrators", StringComparison.OrdinalIgnoreCase) || text is "544" or Administrators) && run.Vm.User.IsElevated;

    private static string Text(object? value) => LanguagePrimitives.ConvertTo<string>(value);

    private static string? Variable(ScriptRun run, string name) => run.Vm.Environment.TryGetValue(name, out var value) ? value : null;

    private static object SetVariable(ScriptRun run, object?[] arguments)
    {
        // What the machine or the user keeps is for processes to come.
        if (arguments.Length < 3 || Text(arguments[2]).Equals("Process", StringComparison.OrdinalIgnoreCase))
        {
            run.HiddenState++;
            run.Vm.Environment[Text(arguments[0])] = Text(arguments[1]);
        }
        return SimulatedTypes.Nothing;
    }

    private static string Expand(ScriptRun run, string text) =>
        run.Vm.Environment.Aggregate(text, (whole, variable) => System.Text.RegularExpressions.Regex.Replace(
            whole, $"%{System.Text.RegularExpressions.Regex.Escape(variable.Key)}%", variable.Value.Replace("$", "$$"), System.Text.RegularExpressions.RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1)));

    private static object Print(ScriptRun run, object?[] arguments)
    {
        run.Output.Add(arguments.Length == 0 ? "" : arguments.Length == 1 ? ObjectText.Of(arguments[0]) : string.Format(System.Globalization.CultureInfo.InvariantCulture, Text(arguments[0]), arguments.Skip(1).ToArray()));
        return SimulatedTypes.Nothing;
    }

    private static object Exit(ScriptRun run, object?[] arguments)
    {
        run.ExitNow(LanguagePrimitives.ConvertTo<int>(arguments[0]));
        return SimulatedTypes.Nothing;
    }

    private static PSObject Service(ScriptRun run, string name)
    {
        run.Looks.AtService(name);
        return run.Vm.Services.Find(name) is { } service ? ServiceObject.Of(service)
            : throw new IOException($"Service {name} was not found on computer '.'.");
    }

    private static PSObject Object(string? type, params (string Name, object? Value)[] properties)
    {
        var result = new PSObject();
        if (type is not null)
        {
            result.TypeNames.Insert(0, type);
        }
        foreach (var (name, value) in properties)
        {
            result.Properties.Add(new PSNoteProperty(name, value), preValidated: true);
        }
        return result;
    }
}
