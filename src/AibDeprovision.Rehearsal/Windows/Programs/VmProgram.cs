using AibDeprovision.Rehearsal.Windows.Sandbox;
using AibDeprovision.Rehearsal.Windows.Vm;

namespace AibDeprovision.Rehearsal.Windows.Programs;

/// <summary>What a console program printed, and what it exited with.</summary>
internal sealed record ProgramResult(int ExitCode, params string[] Lines);

/// <summary>A program of the VM that scripts call.</summary>
internal abstract class VmProgram
{
    private static readonly Dictionary<string, VmProgram> All = new(StringComparer.OrdinalIgnoreCase)
    {
        ["sysprep"] = new SysprepProgram(),
        ["whoami"] = new WhoamiProgram(),
        ["sc"] = new ScProgram(),
        ["net"] = new NetProgram(),
        ["reg"] = new RegProgram(),
        ["icacls"] = new IcaclsProgram(),
        ["shutdown"] = new ShutdownProgram(),
        ["timeout"] = new TimeoutProgram(),
        ["cmd"] = new CmdProgram(),
    };

    private protected VmProgram(string path) => Path = path;

    /// <summary>Where it stands on the VM.</summary>
    public string Path { get; }

    /// <summary>Whether it has a window: then a script does not wait for it, and its exit code goes nowhere.</summary>
    public virtual bool HasWindow => false;

    /// <summary>Whether it may leave its work to another process.</summary>
    public virtual bool HandsOver => false;

    /// <summary>Whether a name or a path is meant for a program that can be rehearsed, installed or not.</summary>
    public static bool IsKnown(string name) => All.ContainsKey(NameOf(name));

    /// <summary>The program that a name or a path leads to; null when there is none on the VM.</summary>
    public static VmProgram? Find(SimulatedVm vm, string name)
    {
        if (!All.TryGetValue(NameOf(name), out var program) || !vm.Files.Exists(program.Path))
        {
            return null;
        }
        var isPath = name.IndexOfAny(['\\', '/']) >= 0;
        // Sysprep.exe is not in the search path; the others are.
        return isPath ? (VmPath.Of(vm, WithExe(name)).Full.Equals(program.Path, StringComparison.OrdinalIgnoreCase) ? program : null)
            : program is SysprepProgram ? null : program;
    }

    /// <summary>Arguments as a program sees them: one string may hold several.</summary>
    public static IReadOnlyList<string> Split(IEnumerable<string> arguments) =>
        [.. arguments.SelectMany(a => a.Split([' '], StringSplitOptions.RemoveEmptyEntries))];

    /// <summary>Starts it as a process of its own.</summary>
    /// <exception cref="InvalidOperationException">The system does not start it.</exception>
    public virtual SimulatedProcess Start(ScriptRun run, IReadOnlyList<string> arguments)
    {
        var process = run.Vm.Processes.Start(NameOf(Path));
        process.Exit(Run(run, arguments).ExitCode);
        return process;
    }

    /// <summary>Runs it and waits until it has ended, whether it has a window or not.</summary>
    /// <exception cref="InvalidOperationException">The system does not start it.</exception>
    public ProgramResult RunToEnd(ScriptRun run, IReadOnlyList<string> arguments)
    {
        if (!HasWindow)
        {
            return Run(run, arguments);
        }
        var process = Start(run, arguments);
        run.WaitUntil(() => process.HasExited, null, $"{process.Name} to end");
        return new ProgramResult(process.ExitCode ?? 0);
    }

    /// <summary>Runs it as a script does that only calls it: to its end, unless it has a window.</summary>
    public abstract ProgramResult Run(ScriptRun run, IReadOnlyList<string> arguments);

    private static string NameOf(string name)
    {
        var leaf = name.Substring(name.LastIndexOfAny(['\\', '/']) + 1);
        return leaf.EndsWith(".exe", StringComparison.OrdinalIgnoreCase) ? leaf.Substring(0, leaf.Length - 4) : leaf;
    }

    private static string WithExe(string path) => path.EndsWith(".exe", StringComparison.OrdinalIgnoreCase) ? path : path + ".exe";
}
