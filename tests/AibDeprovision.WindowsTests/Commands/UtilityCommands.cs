using System.Management.Automation;

namespace AibDeprovision.WindowsTests.Commands;

/// <summary>Write-Output.</summary>
[Cmdlet(VerbsCommunications.Write, "Output")]
public sealed class WriteOutputCommand : PSCmdlet
{
    /// <summary>What to write.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromRemainingArguments = true)]
    [AllowNull]
    [AllowEmptyCollection]
    public PSObject?[]? InputObject { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => WriteObject(InputObject, enumerateCollection: true);
}

/// <summary>Get-Date without a date of the caller's own: the present moment.</summary>
[Cmdlet(VerbsCommon.Get, "Date")]
[OutputType(typeof(DateTime))]
public sealed class GetDateCommand : PSCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord() => WriteObject(DateTime.Now);
}

/// <summary>Start-Sleep; ends at once when the pipeline is stopped.</summary>
[Cmdlet(VerbsLifecycle.Start, "Sleep")]
public sealed class StartSleepCommand : PSCmdlet, IDisposable
{
    private readonly ManualResetEventSlim _stopped = new();

    /// <summary>For how long.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public double Seconds { get; set; }

    /// <inheritdoc/>
    public void Dispose() => _stopped.Dispose();

    /// <inheritdoc/>
    protected override void ProcessRecord() => _stopped.Wait(TimeSpan.FromSeconds(Seconds));

    /// <inheritdoc/>
    protected override void StopProcessing() => _stopped.Set();
}

/// <summary>Invoke-Expression.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "Expression")]
public sealed class InvokeExpressionCommand : PSCmdlet
{
    /// <summary>The text of the script.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public string Command { get; set; } = "";

    /// <inheritdoc/>
    protected override void ProcessRecord() => WriteObject(InvokeCommand.InvokeScript(Command), enumerateCollection: true);
}
