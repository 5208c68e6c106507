using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using AibDeprovision.Machine.Windows.Native;

namespace AibDeprovision.Rehearsal.Worker;

/// <summary>The job object that holds a worker on Windows: its memory is limited, it can start no process, and it ends with this process.</summary>
internal sealed class WorkerJob : IDisposable
{
    private const uint Always = Kernel32.LimitJobMemory | Kernel32.KillOnJobClose | Kernel32.DieOnUnhandledException;

    private readonly SafeKernelHandle _job = Kernel32.CreateJobObjectW(IntPtr.Zero, name: null);

    /// <summary>Puts a process that has just been started into a job of its own.</summary>
    /// <exception cref="Win32Exception">The system refuses.</exception>
    public WorkerJob(Process process)
    {
        try
        {
            Check(!_job.IsInvalid);
            Set(Always, processes: 0);
            Check(Kernel32.AssignProcessToJobObject(_job, process.Handle));
        }
        catch
        {
            _job.Dispose();
            throw;
        }
    }

    /// <summary>From now on nothing more is started in it. Not from the beginning: a console program is given a process for its console.</summary>
    public void Close() => Set(Always | Kernel32.LimitActiveProcesses, processes: 1);

    /// <summary>Ends all that is in it.</summary>
    public void Dispose() => _job.Dispose();

    private void Set(uint flags, uint processes)
    {
        var limits = new Kernel32.JobLimits { Flags = flags, ActiveProcesses = processes, JobMemory = (UIntPtr)(ulong)WorkerLimits.Data };
        Check(Kernel32.SetInformationJobObject(_job, Kernel32.ExtendedLimits, limits, Marshal.SizeOf<Kernel32.JobLimits>()));
    }

    private static void Check(bool succeeded)
    {
        if (!succeeded)
        {
            throw new Win32Exception();
        }
    }
}
