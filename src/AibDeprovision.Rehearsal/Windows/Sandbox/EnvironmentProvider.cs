using System.Collections;
using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Provider;

namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>The drive Env: with the VM's variables, so that $env:NAME works.</summary>
[CmdletProvider("Environment", ProviderCapabilities.None)]
internal sealed class EnvironmentProvider : ContainerCmdletProvider, IContentCmdletProvider
{
    private IDictionary<string, string> Variables => SandboxHost.RunOf(Host).Vm.Environment;

    public IContentReader GetContentReader(string path) => new Reader(Variables.TryGetValue(path, out var value) ? value : null);

    public object? GetContentReaderDynamicParameters(string path) => null;

    public IContentWriter GetContentWriter(string path) => new Writer(value => Set(path, value));

    public object? GetContentWriterDynamicParameters(string path) => null;

    public void ClearContent(string path) => Variables.Remove(path);

    public object? ClearContentDynamicParameters(string path) => null;

    protected override Collection<PSDriveInfo> InitializeDefaultDrives() => [new PSDriveInfo("Env", ProviderInfo, "", "", null)];

    protected override bool IsValidPath(string path) => true;

    protected override bool ItemExists(string path) => Variables.ContainsKey(path);

    private void Set(string path, string? value)
    {
        // A variable of the environment is none that HangProof compares.
        SandboxHost.RunOf(Host).HiddenState++;
        if (string.IsNullOrEmpty(value))
        {
            Variables.Remove(path);
        }
        else
        {
            Variables[path] = value!;
        }
    }

    private sealed class Reader(string? value) : IContentReader
    {
        private string? _value = value;

        public IList Read(long readCount)
        {
            var read = _value is null ? Array.Empty<object>() : [_value];
            _value = null;
            return read;
        }

        public void Seek(long offset, SeekOrigin origin)
        {
            // One value has no places to go to.
        }

        public void Close()
        {
            // Nothing is open.
        }

        public void Dispose()
        {
            // Nothing is open.
        }
    }

    private sealed class Writer(Action<string?> set) : IContentWriter
    {
        public IList Write(IList content)
        {
            set(content.Count == 0 ? null : content[0]?.ToString());
            return content;
        }

        public void Seek(long offset, SeekOrigin origin)
        {
            // One value has no places to go to.
        }

        public void Close()
        {
            // Nothing is open.
        }

        public void Dispose()
        {
            // Nothing is open.
        }
    }
}
