namespace AibDeprovision.Rehearsal.Windows.Vm;

/// <summary>Who works on the VM.</summary>
/// <param name="Name">The account, as whoami prints it.</param>
/// <param name="Sid">Its security identifier.</param>
/// <param name="IsElevated">Whether it works with an administrator's full token.</param>
internal sealed record SimulatedUser(string Name, string Sid, bool IsElevated)
{
    /// <summary>The VM's own security identifier, with which those of its accounts begin.</summary>
    public const string MachineSid = "S-1-5-21-1004336348-1177238915-682003330";

    /// <summary>The administrator that an elevated customizer runs as.</summary>
    public static SimulatedUser Administrator { get; } = new(@"build-vm\packer", MachineSid + "-500", true);

    /// <summary>The same account with the token that it has without elevation.</summary>
    public static SimulatedUser NotElevated { get; } = Administrator with { IsElevated = false };

    /// <summary>The machine's own account.</summary>
    public static SimulatedUser System { get; } = new(@"nt authority\system", "S-1-5-18", true);

    /// <summary>The integrity level of its token, as a security identifier.</summary>
    public string IntegritySid => Sid == System.Sid ? "S-1-16-16384" : IsElevated ? "S-1-16-12288" : "S-1-16-8192";
}
