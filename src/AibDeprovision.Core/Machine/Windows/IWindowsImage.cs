namespace AibDeprovision.Machine.Windows;

/// <summary>What can be seen of a Windows whether it runs or is a mounted image.</summary>
internal interface IWindowsImage
{
    /// <summary>Its registry.</summary>
    IRegistry Registry { get; }

    /// <summary>Its files.</summary>
    IFiles Files { get; }

    /// <summary>The folder that Windows is in, without a backslash at the end.</summary>
    string WindowsFolder { get; }
}
