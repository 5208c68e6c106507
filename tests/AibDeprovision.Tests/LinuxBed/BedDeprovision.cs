using AibDeprovision.Plans;
using static AibDeprovision.Tests.LinuxBed.BedScripts;

namespace AibDeprovision.Tests.LinuxBed;

/// <summary>How a machine of the bed is deprovisioned.</summary>
public enum BedWay
{
    /// <summary>By the hardened script.</summary>
    Script,

    /// <summary>By Invoke-AibDeprovision.</summary>
    Cmdlet,
}

/// <summary>Deprovisions a machine that <see cref="BedModule.Start"/> has made, in either way.</summary>
public static class BedDeprovision
{
    public static TheoryData<BedWay> Ways => [BedWay.Script, BedWay.Cmdlet];

    /// <summary>Installs what the way needs, and runs it.</summary>
    public static BedRun Deprovision(BedMachine machine, BedWay way, DeprovisionPlan plan)
    {
        Install(machine, way, plan);
        return Run(machine, way, plan);
    }

    /// <summary>Puts the script where Azure Image Builder has it; the cmdlet is there.</summary>
    public static void Install(BedMachine machine, BedWay way, DeprovisionPlan plan)
    {
        if (way == BedWay.Script)
        {
            machine.Sh($"cat >{BedMachine.ScriptPath}", Hardened(plan));
        }
    }

    /// <summary>Runs it. The last line of the output is the verdict's.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="way">The way.</param>
    /// <param name="plan">What is to be done.</param>
    /// <param name="asWhom">The command that makes somebody else of root; none for root.</param>
    public static BedRun Run(BedMachine machine, BedWay way, DeprovisionPlan plan, params string[] asWhom) =>
        machine.Run([.. asWhom, .. way == BedWay.Script ? (string[])["sh", BedMachine.ScriptPath] : BedModule.Words($"$r = {Command(plan)} -ErrorAction SilentlyContinue; exit $r.ExitCode")]);

    private static string Command(DeprovisionPlan plan) => FormattableString.Invariant(
        $"Invoke-AibDeprovision -ServiceTimeout {plan.ServiceTimeout.TotalSeconds}s -Deadline {plan.Deadline.TotalSeconds}s -Keep {plan.Keep} -KeepUser:${plan.KeepUser}");
}
