using AibDeprovision.Machine.Simulation;

namespace AibDeprovision.Rehearsal.Programs;

/// <summary>Sysprep.exe has a window, even with /quiet: whoever calls it goes on at once.</summary>
internal sealed class SysprepProgram() : VmProgram(SimulatedSysprep.Path)
{
    public override bool HasWindow => true;

    public override bool HandsOver => true;

    public override SimulatedProcess Start(SandboxRun run, IReadOnlyList<string> arguments) => run.Vm.Sysprep.Start(arguments);

    public override ProgramOutput Run(SandboxRun run, IReadOnlyList<string> arguments)
    {
        Start(run, arguments);
        return new ProgramOutput(0);
    }
}
