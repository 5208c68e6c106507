using System.Globalization;
using System.Management.Automation;
using System.Security.Cryptography;
using System.Text;
using AibDeprovision.Rehearsal.Windows.Vm;

namespace AibDeprovision.Rehearsal.Windows.Commands;

/// <summary>The VM's own accounts: the administrator that the build works as.</summary>
[Cmdlet(VerbsCommon.Get, "LocalUser")]
internal sealed class GetLocalUserCommand : SimulatedCommand
{
    [Parameter(Position = 0)]
    public string[] Name { get; set; } = ["*"];

    protected override void ProcessRecord()
    {
        var account = SimulatedUser.Administrator;
        var name = account.Name.Substring(account.Name.LastIndexOf('\\') + 1);
        foreach (var wanted in Name)
        {
            if (WildcardPattern.Get(wanted, WildcardOptions.IgnoreCase).IsMatch(name))
            {
                var user = new PSObject();
                user.Properties.Add(new PSNoteProperty("Name", name));
                user.Properties.Add(new PSNoteProperty("Enabled", true));
                user.Properties.Add(new PSNoteProperty("SID", account.Sid));
                WriteObject(user);
            }
            else if (!WildcardPattern.ContainsWildcardCharacters(wanted))
            {
                Fail($"User {wanted} was not found.", "UserNotFound", ErrorCategory.ObjectNotFound, wanted, "UserNotFoundException");
            }
        }
    }
}

/// <summary>Always another one in a run, and the same ones in every run.</summary>
[Cmdlet(VerbsCommon.New, "Guid")]
internal sealed class NewGuidCommand : SimulatedCommand
{
    protected override void ProcessRecord() => WriteObject(new Guid(Run.NextNumber(), 0, 0x4000, 0x80, 0, 0, 0, 0, 0, 0, 0));
}

[Cmdlet(VerbsCommon.Get, "FileHash")]
internal sealed class GetFileHashCommand : PathCommand
{
    [Parameter]
    [ValidateSet("SHA256", IgnoreCase = true)]
    public string Algorithm { get; set; } = "SHA256";

    protected override void ProcessRecord() => ForEachItem(path =>
    {
        if (Vm.Files.Read(path.Full) is not { } text)
        {
            FailPath(path.Full);
            return;
        }
        using var sha = SHA256.Create();
        var hash = new PSObject();
        hash.Properties.Add(new PSNoteProperty("Algorithm", Algorithm.ToUpperInvariant()));
        hash.Properties.Add(new PSNoteProperty("Hash", string.Concat(sha.ComputeHash(Encoding.UTF8.GetBytes(text)).Select(b => b.ToString("X2", CultureInfo.InvariantCulture)))));
        hash.Properties.Add(new PSNoteProperty("Path", path.Full));
        WriteObject(hash);
    });
}
