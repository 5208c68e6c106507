using System.Collections.ObjectModel;
using System.Management.Automation;

namespace AibDeprovision.WindowsTests.Commands;

/// <summary>
/// Commands over the engine's own registry and file system providers, as Microsoft.PowerShell.Management has them: only
/// the thin layer between the command line and the provider is made here, with the parameters that our scripts use.
/// </summary>
public abstract class ProviderCommand : PSCmdlet
{
    /// <summary>The paths, taken as they are.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath")]
    public string[] LiteralPath { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var path in LiteralPath)
        {
            try
            {
                ProcessPath(path);
            }
            catch (RuntimeException e) when (e is not PipelineStoppedException)
            {
                WriteError(new ErrorRecord(e.ErrorRecord, e));
            }
        }
    }

    private protected abstract void ProcessPath(string path);
}

/// <summary>Test-Path.</summary>
[Cmdlet(VerbsDiagnostic.Test, "Path")]
[OutputType(typeof(bool))]
public sealed class TestPathCommand : ProviderCommand
{
    private protected override void ProcessPath(string path) => WriteObject(InvokeProvider.Item.Exists(path, force: false, literalPath: true));
}

/// <summary>Get-Item.</summary>
[Cmdlet(VerbsCommon.Get, "Item")]
public sealed class GetItemCommand : ProviderCommand
{
    private protected override void ProcessPath(string path) =>
        WriteObject(InvokeProvider.Item.Get([path], force: false, literalPath: true), enumerateCollection: true);
}

/// <summary>Remove-Item.</summary>
[Cmdlet(VerbsCommon.Remove, "Item")]
public sealed class RemoveItemCommand : ProviderCommand
{
    /// <summary>Also what is read-only.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void ProcessPath(string path) => InvokeProvider.Item.Remove([path], recurse: false, Force, literalPath: true);
}

/// <summary>Move-Item.</summary>
[Cmdlet(VerbsCommon.Move, "Item")]
public sealed class MoveItemCommand : ProviderCommand
{
    /// <summary>Where to.</summary>
    [Parameter(Mandatory = true)]
    public string Destination { get; set; } = "";

    /// <summary>Also over what is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void ProcessPath(string path) => InvokeProvider.Item.Move([path], Destination, Force, literalPath: true);
}

/// <summary>Get-Content.</summary>
[Cmdlet(VerbsCommon.Get, "Content")]
[OutputType(typeof(string))]
public sealed class GetContentCommand : ProviderCommand
{
    private protected override void ProcessPath(string path)
    {
        foreach (var reader in InvokeProvider.Content.GetReader([path], force: false, literalPath: true))
        {
            using (reader)
            {
                while (reader.Read(readCount: 1000) is { Count: > 0 } lines)
                {
                    WriteObject(lines, enumerateCollection: true);
                }
            }
        }
    }
}

/// <summary>Get-ItemProperty.</summary>
[Cmdlet(VerbsCommon.Get, "ItemProperty")]
public sealed class GetItemPropertyCommand : ProviderCommand
{
    /// <summary>The values; all of them when not given.</summary>
    [Parameter]
    public string[] Name { get; set; } = [];

    private protected override void ProcessPath(string path) =>
        WriteObject(InvokeProvider.Property.Get([path], new Collection<string>([.. Name]), literalPath: true), enumerateCollection: true);
}

/// <summary>Remove-ItemProperty.</summary>
[Cmdlet(VerbsCommon.Remove, "ItemProperty")]
public sealed class RemoveItemPropertyCommand : ProviderCommand
{
    /// <summary>The values.</summary>
    [Parameter(Mandatory = true)]
    public string[] Name { get; set; } = [];

    /// <summary>Accepted as it is by the real command.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void ProcessPath(string path)
    {
        foreach (var name in Name)
        {
            InvokeProvider.Property.Remove([path], name, Force, literalPath: true);
        }
    }
}
