using AibDeprovision.Errors;
using AibDeprovision.Machine.Windows;

namespace AibDeprovision.Generalizing.Windows;

/// <summary>Waits for an image state, and no longer than it can still come.</summary>
internal static class SysprepStateWait
{
    /// <summary>Waits.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="imageState">The state that is to come, see <see cref="Machine.ImageStates"/>.</param>
    /// <param name="timeout">The longest wait.</param>
    /// <param name="note">Gets each change, as a sentence.</param>
    /// <param name="cancel">Ends it at once.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static WaitOutcome Run(IWindowsMachine machine, string imageState, TimeSpan timeout, Action<string>? note, CancellationToken cancel)
    {
        var watch = new SysprepWatch(machine) { Note = note };
        var end = watch.Run(state => state.Equals(imageState, StringComparison.OrdinalIgnoreCase), timeout, cancel);
        var firstError = end == SysprepEnd.Reached ? null : SysprepFindings.FirstError(machine.Files, new SysprepFiles(machine.WindowsFolder)) ?? "its logs name none";
        return new WaitOutcome
        {
            Name = "ImageState",
            IsReached = end == SysprepEnd.Reached,
            State = watch.ImageState,
            Waited = watch.History.Waited,
            Changes = watch.History.Changes,
            Error = end switch { SysprepEnd.Ended => ErrorId.SysprepNotSealed, SysprepEnd.TimedOut => ErrorId.ImageStateNotReached, _ => null },
            Reason = end switch
            {
                SysprepEnd.Ended => FormattableString.Invariant(
                    $"{imageState} cannot come any more: Sysprep has not run for {SysprepWatch.Patience.TotalSeconds:0} s, and the image state is {watch.ImageState}; first error of its last run: {firstError}."),
                SysprepEnd.TimedOut => FormattableString.Invariant(
                    $"{imageState} did not come within {timeout.TotalSeconds:0} s: the image state is {watch.ImageState}; states: {watch.History.Recent()}; first error of the last run: {firstError}."),
                _ => null,
            },
        };
    }
}
