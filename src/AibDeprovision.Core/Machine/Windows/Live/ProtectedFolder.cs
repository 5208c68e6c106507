using System.Runtime.InteropServices;
using AibDeprovision.Errors;
using AibDeprovision.Machine.Windows.Native;

namespace AibDeprovision.Machine.Windows.Live;

/// <summary>A folder that is nobody else's.</summary>
internal static class ProtectedFolder
{
    // All rights, for what will be in it as well, to SYSTEM and to the administrators; nothing from the folder above.
    private const string Descriptor = "D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)";

    /// <summary>Makes a folder that only SYSTEM and the administrators can open; it is theirs from its first moment.</summary>
    /// <exception cref="AibException">It could not be made, for one because something is there already.</exception>
    public static void Create(string path)
    {
        if (!Advapi32.ConvertStringSecurityDescriptorToSecurityDescriptorW(Descriptor, Advapi32.DescriptorRevision, out var descriptor, IntPtr.Zero))
        {
            throw WindowsError.Last($"No security descriptor could be made for '{path}'", path);
        }
        try
        {
            var attributes = new Kernel32.SecurityAttributes { Size = Marshal.SizeOf<Kernel32.SecurityAttributes>(), Descriptor = descriptor };
            if (!Kernel32.CreateDirectoryW(path, in attributes))
            {
                throw WindowsError.Last($"The folder '{path}' could not be made", path);
            }
        }
        finally
        {
            // What LocalFree frees.
            Marshal.FreeHGlobal(descriptor);
        }
    }
}
