using AibDeprovision.Errors;
using AibDeprovision.Plans;

namespace AibDeprovision.Scripting.Editing;

/// <summary>A change of a hardened script is one of its plan: its waits all have a limit, and no rule finds anything in it.</summary>
internal static class PlanChange
{
    /// <summary>The plan with a change made.</summary>
    /// <exception cref="AibException">A part of the change has nothing to work on.</exception>
    public static DeprovisionPlan Of(DeprovisionPlan plan, ScriptChange change)
    {
        if (plan.Platform == DeprovisionPlatform.Linux && change.WindowsOption is { } option)
        {
            throw new AibException(ErrorId.OptionNotForPlatform, $"-{option} is an option for Windows, and this script is for Linux.", $"Leave out -{option}.", option);
        }
        foreach (var service in change.GuardServices)
        {
            EditErrors.Require(plan.RequiredServices.Concat(plan.OptionalServices).Contains(service, StringComparer.OrdinalIgnoreCase), $"-GuardService {service}", "it does not wait for that service");
        }
        return plan with
        {
            ModeVm = plan.ModeVm || change.ModeVm,
            RequiredServices = [.. plan.RequiredServices.Except(change.GuardServices, StringComparer.OrdinalIgnoreCase)],
            OptionalServices = [.. plan.OptionalServices.Concat(plan.RequiredServices.Intersect(change.GuardServices, StringComparer.OrdinalIgnoreCase))],
            RemoveSysprepProviders = [.. plan.RemoveSysprepProviders.Union(change.RemoveProviders, StringComparer.OrdinalIgnoreCase)],
        };
    }
}
