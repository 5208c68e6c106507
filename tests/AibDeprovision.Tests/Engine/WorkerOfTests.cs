using System.Runtime.CompilerServices;
using AibDeprovision.Rehearsal.Worker;

namespace AibDeprovision.Tests.Engine;

/// <summary>The test program hosts the engine and is no pwsh: its rehearsals have their processes from the real PowerShell.</summary>
internal static class WorkerOfTests
{
    /// <summary>Runs before any test.</summary>
    [ModuleInitializer]
    internal static void SetUp() => WorkerHost.OfThisProcess = new WorkerHost(
        Path.Combine(Pwsh.DotNetRoot, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"), ["exec", Path.Combine(Pwsh.Folder, "pwsh.dll")], Pwsh.Folder);
}
