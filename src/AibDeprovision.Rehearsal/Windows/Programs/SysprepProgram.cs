using AibDeprovision.Rehearsal.Windows.Sandbox;
using AibDeprovision.Rehearsal.Windows.Vm;

namespace AibDeprovision.Rehearsal.Windows.Programs;

/// <summary>Sysprep.exe has a window, even with /quiet: whoever calls it goes on at once.</summary>
internal sealed class SysprepProgram() : VmProgram(SimulatedSysprep.Path)
{
    public override bool HasWindow => true;

    public override bool HandsOver => true;

    public override SimulatedProcess Start(ScriptRun run, IReadOnlyList<string> arguments) => run.Vm.Sysprep.Start(arguments);

    public override ProgramResult Run(ScriptRun run, IReadOnlyList<string> arguments)
    {
        Start(run, arguments);
        return new ProgramResult(0);
    }
}
