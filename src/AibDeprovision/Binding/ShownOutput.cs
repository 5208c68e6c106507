using System.Management.Automation;
using System.Management.Automation.Runspaces;
using AibDeprovision.Rehearsal.Windows.Sandbox;

namespace AibDeprovision.Binding;

/// <summary>Whether the output of a cmdlet is shown as it comes. Whoever takes the objects, in a pipeline or a variable, gets no line beside them.</summary>
internal static class ShownOutput
{
    /// <summary>Whether that of this call is, as far as the script that calls it tells.</summary>
    public static bool IsOf(InvocationInfo call)
    {
        var places = Runspace.DefaultRunspace?.Debugger?.GetCallStack().Select(frame => frame.Position).ToList() ?? [];
        return call.PipelinePosition == call.PipelineLength && !places.Where((place, depth) => OutputUse.IsTaken(place, isCaller: depth > 0)).Any();
    }
}
