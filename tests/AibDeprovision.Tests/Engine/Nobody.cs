using System.Management.Automation.Runspaces;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace AibDeprovision.Tests.Engine;

/// <summary>A session of a user who may read and write no more than everybody, also where the tests run as root.</summary>
internal static class Nobody
{
    private const int Id = 65534;

    /// <summary>Runs a script on a thread that is nobody to the file system. Linux keeps that by thread.</summary>
    public static EngineResult Run(string script, params object?[] arguments)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux changes the user of one thread.");
        EngineResult? result = null;
        ExceptionDispatchInfo? error = null;
        var thread = new Thread(() =>
        {
            try
            {
                // Opened before, since the checkout may be root's alone.
                using var session = new EngineSession(threads: PSThreadOptions.UseCurrentThread);
                session.Run("$null = New-AibDeprovisionScript Linux; Invoke-AibDeprovisionRehearsal -ScriptText 'exit 7' -Scenario agent-present");
                if (Environment.IsPrivilegedProcess)
                {
                    _ = NativeMethods.SetFileSystemUser(Id);
                    Assert.Equal(Id, NativeMethods.SetFileSystemUser(-1));
                }
                result = session.Run(script, arguments);
            }
            catch (Exception e)
            {
                error = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        error?.Throw();
        return result!;
    }

    private static class NativeMethods
    {
        /// <summary>Gives the user that it was before.</summary>
        [DllImport("libc", EntryPoint = "setfsuid")]
        public static extern int SetFileSystemUser(int id);
    }
}
