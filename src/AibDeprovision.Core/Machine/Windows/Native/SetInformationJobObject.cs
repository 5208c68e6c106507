using System.Runtime.InteropServices;

namespace AibDeprovision.Machine.Windows.Native;

internal static partial class Kernel32
{
    /// <summary>JobObjectExtendedLimitInformation.</summary>
    public const int ExtendedLimits = 9;

    /// <summary>JOB_OBJECT_LIMIT_ACTIVE_PROCESS: so many processes and no more.</summary>
    public const uint LimitActiveProcesses = 0x8;

    /// <summary>JOB_OBJECT_LIMIT_JOB_MEMORY: what all of them may commit together.</summary>
    public const uint LimitJobMemory = 0x200;

    /// <summary>JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION: no dialog when one crashes.</summary>
    public const uint DieOnUnhandledException = 0x400;

    /// <summary>JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE: all of them end with the last handle of the job.</summary>
    public const uint KillOnJobClose = 0x2000;

    [DllImport("kernel32", CharSet = CharSet.Unicode, ExactSpelling = true, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static extern bool SetInformationJobObject(SafeKernelHandle job, int informationClass, in JobLimits limits, int length);

    /// <summary>JOBOBJECT_EXTENDED_LIMIT_INFORMATION.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct JobLimits
    {
        public long ProcessUserTime;
        public long JobUserTime;
        public uint Flags;
        public UIntPtr MinimumWorkingSet;
        public UIntPtr MaximumWorkingSet;
        public uint ActiveProcesses;
        public UIntPtr Affinity;
        public uint PriorityClass;
        public uint SchedulingClass;
        public ulong ReadOperations;
        public ulong WriteOperations;
        public ulong OtherOperations;
        public ulong ReadBytes;
        public ulong WrittenBytes;
        public ulong OtherBytes;
        public UIntPtr ProcessMemory;
        public UIntPtr JobMemory;
        public UIntPtr PeakProcessMemory;
        public UIntPtr PeakJobMemory;
    }
}
