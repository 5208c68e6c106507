using AibDeprovision.Errors;
using AibDeprovision.Machine.Windows;

namespace AibDeprovision.Generalizing.Windows;

/// <summary>Leaves the trace of a seal on a Windows machine, as the hardened script does. What of it fails is a warning, and the seal holds.</summary>
internal sealed class WindowsTrace(IWindowsMachine machine, bool isUnwanted, DeprovisionLog log)
{
    private const string Phase = "trace";

    private readonly string _folder = $@"{machine.ProgramDataFolder}\{SealTrace.WindowsFolder}";
    private string? _sid;
    private string? _problem;

    /// <summary>
    /// Before Sysprep takes the machine's identity: notes it, and removes the trace of an earlier image, so that nothing says that
    /// the machine is sealed where this run fails.
    /// </summary>
    public void Begin()
    {
        try
        {
            machine.DeleteFolder(_folder);
            if (isUnwanted)
            {
                return;
            }
            machine.CreateProtectedFolder(_folder);
        }
        catch (AibException e)
        {
            _problem = e.Message;
            return;
        }
        try
        {
            _sid = machine.Sid;
        }
        catch (AibException e)
        {
            log.Phase(Phase, $"warning: the identity of this machine is not known: {e.Message}");
        }
    }

    /// <summary>Leaves it on the sealed machine.</summary>
    public void Leave()
    {
        if (!isUnwanted && _problem is null)
        {
            var file = $@"{_folder}\{SealTrace.WindowsName}";
            try
            {
                machine.WriteFile(file, SealTrace.Of(machine.Now, _sid).ToJson());
                log.Phase(Phase, $"left {file}");
            }
            catch (AibException e)
            {
                _problem = e.Message;
            }
        }
        if (_problem is not null)
        {
            log.Phase(Phase, $"warning: {_folder} is not as it should be: {_problem} The machine is sealed all the same.");
        }
    }
}
