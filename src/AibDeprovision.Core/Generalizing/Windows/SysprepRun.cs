using AibDeprovision.Errors;
using AibDeprovision.Machine;
using AibDeprovision.Machine.Windows;
using AibDeprovision.Rules;

namespace AibDeprovision.Generalizing.Windows;

/// <summary>One run of Sysprep: started, watched, and proven by image state and tag.</summary>
internal sealed class SysprepRun(IWindowsMachine machine)
{
    private readonly SysprepFiles _files = new(machine.WindowsFolder);

    /// <summary>Gets each step, as a sentence.</summary>
    public Action<string>? Note { get; init; }

    /// <summary>The image state that it is to end in.</summary>
    public string Goal { get; init; } = ImageStates.GeneralizedToOobe;

    /// <summary>What was found before, and may be why it fails.</summary>
    public IReadOnlyList<Finding> Suspicions { get; init; } = [];

    /// <summary>Starts it and waits for its end.</summary>
    /// <param name="arguments">Switches that <see cref="SysprepArguments.Check"/> has let through.</param>
    /// <param name="timeout">The longest that it may take.</param>
    /// <param name="cancel">Ends the wait at once; Sysprep itself goes on.</param>
    /// <exception cref="AibException">It could not be started, has failed, or has taken too long.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public void Execute(IReadOnlyList<string> arguments, TimeSpan timeout, CancellationToken cancel)
    {
        var commandLine = SysprepArguments.Text(arguments);
        Note?.Invoke($"starting {_files.Program} {commandLine}");
        using var program = machine.Start(_files.Program, commandLine);
        var watch = new SysprepWatch(machine) { Program = program, Note = Note };
        switch (watch.Run(state => IsProven(state, program), timeout, cancel))
        {
            case SysprepEnd.Ended:
                throw new AibException(ErrorId.SysprepNotSealed,
                    $"Sysprep ended with the image state {watch.ImageState} and {(machine.Files.Exists(_files.SuccessTag) ? "with" : "without")} its success tag; first error: {FirstError()}{Suspected()}",
                    $"Read {_files.Log("setuperr")}: its first error is the cause.", _files.Program);
            case SysprepEnd.TimedOut:
                throw new AibException(ErrorId.SysprepTimedOut,
                    FormattableString.Invariant($"Sysprep is not done after {timeout.TotalSeconds:0} s; image state {watch.ImageState}; first error: {FirstError()}{Suspected()}"),
                    $"Read the end of {_files.Log("setupact")} for what it works on, or give it more time.", _files.Program);
        }
    }

    /// <summary>The errors that this run has logged; none where its logs cannot be read, which the error of the run says.</summary>
    public IReadOnlyList<Finding> Findings()
    {
        try
        {
            return SysprepFindings.OfLastRun(machine.Files, _files);
        }
        catch (AibException e) when (e.Id is ErrorId.ReadFailed or ErrorId.AccessDenied)
        {
            return [];
        }
    }

    private bool IsProven(string imageState, IRunningProgram program) =>
        imageState == Goal && program.ExitCode is not null && machine.Files.Exists(_files.SuccessTag) && SysprepFiles.RunningOn(machine).Count == 0;

    private string Suspected() => string.Concat(Suspicions.Select(finding => $"; suspected: {finding.Message} {finding.Remedy}"));

    private string FirstError() => SysprepFindings.FirstError(machine.Files, _files) ?? "its logs name no error";
}
