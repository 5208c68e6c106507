using System.Text.RegularExpressions;

namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>
/// Commands that cannot matter to the seal, and give nothing that a script of this kind decides by: they are taken as done.
/// One that asks for something belongs here only where there may well be nothing of it on a build VM.
/// </summary>
internal static class AssumedDone
{
    private static readonly HashSet<string> Commands = new(StringComparer.OrdinalIgnoreCase)
    {
        // Scheduled tasks
        "Register-ScheduledTask", "Unregister-ScheduledTask", "Disable-ScheduledTask", "Enable-ScheduledTask", "Stop-ScheduledTask", "Set-ScheduledTask", "Get-ScheduledTask", "Get-ScheduledTaskInfo",
        "New-ScheduledTask", "New-ScheduledTaskAction", "New-ScheduledTaskTrigger", "New-ScheduledTaskPrincipal", "New-ScheduledTaskSettingsSet", "schtasks",
        // Firewall and network
        "Set-NetFirewallProfile", "Set-NetFirewallRule", "New-NetFirewallRule", "Enable-NetFirewallRule", "Disable-NetFirewallRule", "Remove-NetFirewallRule", "Get-NetFirewallRule",
        "Set-NetConnectionProfile", "Clear-DnsClientCache", "Set-DnsClientServerAddress", "Register-DnsClient", "Set-NetAdapterAdvancedProperty", "Disable-NetAdapterBinding", "netsh", "ipconfig", "nbtstat", "arp", "route",
        // Remote management
        "Enable-PSRemoting", "Set-WSManQuickConfig", "Set-WSManInstance", "winrm", "Enable-WSManCredSSP", "Disable-WSManCredSSP",
        // Event logs
        "Clear-EventLog", "Write-EventLog", "New-EventLog", "Limit-EventLog", "Remove-EventLog", "Get-EventLog", "Get-WinEvent", "wevtutil", "eventcreate",
        // Disks and clean-up
        "Optimize-Volume", "Clear-RecycleBin", "defrag", "cleanmgr", "compact", "vssadmin", "fsutil", "sdelete", "sdelete64", "Disable-ComputerRestore", "Enable-ComputerRestore", "Checkpoint-Computer",
        // Permissions
        "icacls", "takeown", "attrib", "cacls", "auditpol", "secedit", "gpupdate",
        // Defender
        "Set-MpPreference", "Add-MpPreference", "Remove-MpPreference", "Update-MpSignature", "Start-MpScan",
        // Accounts
        "New-LocalUser", "Set-LocalUser", "Enable-LocalUser", "Disable-LocalUser", "Rename-LocalUser", "Remove-LocalUser",
        "New-LocalGroup", "Add-LocalGroupMember", "Remove-LocalGroupMember", "cmdkey",
        // Settings
        "Set-ExecutionPolicy", "Set-TimeZone", "Set-WinSystemLocale", "Set-WinUILanguageOverride", "Set-WinUserLanguageList", "Set-WinHomeLocation", "Set-Culture", "powercfg", "dism", "tzutil", "w32tm", "bcdedit", "setx", "lodctr", "winmgmt",
        "Unblock-File", "Clear-Host", "cls", "Clear-History", "Clear-Variable", "Update-Help", "Register-PSRepository", "Set-PSRepository", "Set-PSReadLineOption", "chcp", "mode", "title",
    };

    // What a command hands on to others to be run may matter all the same.
    private static readonly Regex Matters = new(@"sysprep|generalize|DeprovisioningScript|shutdown|Restart-Computer|Stop-Computer", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    private static readonly HashSet<string> InBox = new(StringComparer.OrdinalIgnoreCase)
    {
        "Appx", "BitLocker", "CimCmdlets", "Defender", "Dism", "DnsClient", "International", "Microsoft.PowerShell.LocalAccounts", "Microsoft.PowerShell.Management", "Microsoft.PowerShell.Utility",
        "Microsoft.PowerShell.Security", "NetAdapter", "NetConnection", "NetSecurity", "NetTCPIP", "PSScheduledJob", "ScheduledTasks", "ServerManager", "Storage",
    };

    /// <summary>Whether a command is taken as done.</summary>
    public static bool Contains(string name) => Commands.Contains(NameOf(name));

    /// <summary>Takes a call as done, and says so; one that may matter after all ends the run.</summary>
    public static void Take(ScriptRun run, string name, IEnumerable<string> arguments)
    {
        var words = arguments.ToList();
        var mayMatter = words.Exists(Matters.IsMatch) || (NameOf(name).Equals("dism", StringComparison.OrdinalIgnoreCase) && !words.Exists(word => word.IndexOf("Cleanup-Image", StringComparison.OrdinalIgnoreCase) >= 0));
        if (mayMatter && !run.AssumesDone(name))
        {
            run.RefuseHere($"{NameOf(name)} with what may matter to the seal");
        }
        run.NotSimulated.Add(NameOf(name), WaitingPlace.LineOf(run));
    }

    /// <summary>Whether a module comes with Windows; to load it changes nothing.</summary>
    public static bool IsInBoxModule(string name) => InBox.Contains(name);

    /// <summary>Whether a name is that of a program, which leaves an exit code.</summary>
    public static bool IsProgram(string name) => NameOf(name).IndexOf('-') < 0;

    /// <summary>A command's name without folder and .exe.</summary>
    public static string NameOf(string name)
    {
        var leaf = name.Substring(name.LastIndexOfAny(['\\', '/']) + 1);
        return leaf.EndsWith(".exe", StringComparison.OrdinalIgnoreCase) ? leaf.Substring(0, leaf.Length - 4) : leaf;
    }
}
