using System.Management.Automation;
using AibDeprovision.Rehearsal.Windows.Programs;
using AibDeprovision.Rehearsal.Windows.Sandbox;
using AibDeprovision.Rehearsal.Windows.Vm;

namespace AibDeprovision.Rehearsal.Windows.Types;

/// <summary>System.Diagnostics.Process: programs of the VM, as a script starts them without Start-Process.</summary>
internal static class ProcessTypes
{
    /// <summary>The name of the type of what a process writes.</summary>
    public const string Reader = "AibDeprovision.SimulatedReader";

    private static readonly string[] OfStart = ["FileName", "Arguments", "UseShellExecute", "CreateNoWindow", "RedirectStandardOutput", "RedirectStandardError", "RedirectStandardInput", "WorkingDirectory", "WindowStyle", "Verb", "ErrorDialog"];

    /// <summary>Their members.</summary>
    public static IEnumerable<(string Name, SimulatedMember Member)> Members =>
    [
        ("Diagnostics.ProcessStartInfo::new", (_, a) => StartInfo(a)),
        ("Diagnostics.Process::new", (_, _) => NewProcess()),
        ("Diagnostics.Process::Start", (run, a) => Started(run, a.Length > 0 && a[0] is PSObject info ? info : StartInfo(a))),
        ("Diagnostics.Process::GetProcessesByName", (run, a) => run.Vm.Processes.Running
            .Where(p => p.Name.Equals(LanguagePrimitives.ConvertTo<string>(a[0]), StringComparison.OrdinalIgnoreCase)).Select(ProcessObject.Of).ToArray()),
    ];

    /// <summary>Starts what a process object is to be.</summary>
    public static void Start(ScriptRun run, PSObject process)
    {
        var started = Started(run, (PSObject)process.Properties["StartInfo"].Value);
        foreach (var property in started.Properties.ToList())
        {
            process.Properties.Remove(property.Name);
            process.Properties.Add(property, preValidated: true);
        }
    }

    private static PSObject NewProcess()
    {
        var result = new PSObject();
        result.TypeNames.Insert(0, ProcessObject.TypeName);
        result.Properties.Add(new PSNoteProperty("StartInfo", StartInfo([])), preValidated: true);
        return result;
    }

    private static PSObject StartInfo(object?[] arguments)
    {
        var result = new PSObject();
        for (var n = 0; n < OfStart.Length; n++)
        {
            result.Properties.Add(new PSNoteProperty(OfStart[n], n < arguments.Length && n < 2 ? arguments[n] : null), preValidated: true);
        }
        return result;
    }

    private static PSObject Started(ScriptRun run, PSObject info)
    {
        string Of(string name) => LanguagePrimitives.ConvertTo<string>(info.Properties[name]?.Value) ?? "";
        var program = VmProgram.Find(run.Vm, Of("FileName"));
        if (program is null && !VmProgram.IsKnown(Of("FileName")))
        {
            run.RefuseHere($"the program {Of("FileName")}");
        }
        SimulatedProcess process;
        try
        {
            process = (program ?? throw new InvalidOperationException("The system cannot find the file specified")).Start(run, VmProgram.Split([Of("Arguments")]));
        }
        catch (InvalidOperationException e) when (e is not PSInvalidOperationException)
        {
            throw new IOException(e.Message, e);
        }
        var result = ProcessObject.Of(process);
        foreach (var name in (string[])["StandardOutput", "StandardError"])
        {
            var reader = new PSObject();
            reader.TypeNames.Insert(0, Reader);
            result.Properties.Add(new PSNoteProperty(name, reader), preValidated: true);
        }
        return result;
    }
}
