using AibDeprovision.Plans;

namespace AibDeprovision.Rules.Scripts;

/// <summary>The rules about deprovision scripts for Linux.</summary>
internal static class LinuxScriptRules
{
    private const string Verify = "Verify what waagent was to do (the user, /var/lib/waagent), or use the hardened script of New-AibDeprovisionScript.";

    /// <summary>No kernel finds the interpreter, and every line ends with a stray character.</summary>
    public static readonly Rule CarriageReturns = Certain("ShellCarriageReturns", "Line ends of Windows",
        "The lines end with CR LF: the shell takes the CR for a part of the last word of every line.", "Save the file with LF, and put '*.sh text eol=lf' into .gitattributes.")
        with { Fix = "Writes LF as line ends." };

    /// <summary>The first line is no comment then.</summary>
    public static readonly Rule ByteOrderMark = Certain("ShellByteOrderMark", "A byte order mark",
        "The file begins with a byte order mark, which the shell takes for a part of the first word.", "Save the file as UTF-8 without one.")
        with { Fix = "Takes the byte order mark out." };

    /// <summary>What follows is not looked at.</summary>
    public static readonly Rule NotUnderstood = new Rule("ShellNotUnderstood", RuleKinds.Script, DeprovisionPlatform.Linux, Severity.Information, Certainty.Certain, "A part that is not understood",
        "From here on the script is not checked: {found}.", "Look at it yourself, or rehearse the script.");

    /// <summary>Nothing else generalizes.</summary>
    public static readonly Rule AgentNeverRun = Certain("WaagentNeverRun", "waagent is never run",
        "The script never runs waagent -deprovision: the build succeeds, and the VM is not generalized.", "Run waagent -force -deprovision+user.");

    /// <summary>waagent reads it as one word that it does not know.</summary>
    public static readonly Rule DashIsNone = Certain("WaagentDashIsNone", "A dash that is none",
        "'{found}' begins with a dash of typography (pasted from a page): waagent does not know it, prints how it is used, and does nothing.", "Type the ASCII hyphen '-'.")
        with { Fix = "Puts '-' in the place of the dash." };

    /// <summary>It asks, and nobody answers.</summary>
    public static readonly Rule NotForced = Certain("WaagentNotForced", "waagent asks before it works",
        "waagent is called without -force: it asks whether to proceed, and nobody answers.", "Add -force.")
        with { Fix = "Adds -force." };

    /// <summary>With its keys.</summary>
    public static readonly Rule UserStays = new Rule("WaagentUserStays", RuleKinds.Script, DeprovisionPlatform.Linux, Severity.Warning, Certainty.Certain, "The build's user stays",
        "waagent is called with -deprovision and not with -deprovision+user: the user of the build stays in the image, with keys and rights.", "Use -deprovision+user, or leave the user on purpose (-KeepUser).")
        with { Fix = "Puts -deprovision+user in the place of -deprovision." };

    /// <summary>Distributions have it elsewhere.</summary>
    public static readonly Rule AgentPathFixed = new Rule("WaagentPathFixed", RuleKinds.Script, DeprovisionPlatform.Linux, Severity.Information, Certainty.Certain, "waagent is looked for in one place",
        "waagent is called as {found}: some distributions have it elsewhere, and then nothing is generalized.", "Call it by its name with /usr/sbin in PATH, or try several places.");

    /// <summary>It exits 0 when it fails.</summary>
    public static readonly Rule ResultNotVerified = new Rule("WaagentNotVerified", RuleKinds.Script, DeprovisionPlatform.Linux, Severity.Warning, Certainty.Certain, "What waagent did is not verified",
        "Nothing after waagent looks at what it did: it exits with 0 also when it fails halfway.", Verify);

    /// <summary>The last command's result is the script's.</summary>
    public static readonly Rule FailureHidden = Likely("WaagentFailureHidden", "The failure of waagent is lost",
        "What comes after this line is run whatever waagent returns, and the script's exit code is that of its last command.", "Exit with an error of your own where waagent fails.");

    /// <summary>waagent finds the name of the user in it.</summary>
    public static readonly Rule AgentStateRemovedFirst = Certain("WaagentStateRemovedFirst", "What waagent needs is removed before it runs",
        "{found} is removed before waagent runs: it finds the build's user by it, and leaves the user where it is gone.", "Run waagent first.");

    /// <summary>The VM is stopped before.</summary>
    public static readonly Rule Deferred = Certain("DeprovisionDeferred", "Deprovisioning is put off",
        "waagent is put off by {found}: the script ends at once, and Azure Image Builder stops the VM before it has run.", "Run it in the foreground.");

    /// <summary>Of the build.</summary>
    public static readonly Rule SessionEnds = Certain("ShellEndsSession", "The script stops or restarts the VM",
        "{found} ends the session of the build.", "Leave it out: Azure Image Builder stops the VM itself.");

    /// <summary>The shell of the user opens the file.</summary>
    public static readonly Rule SudoRedirect = new Rule("SudoRedirect", RuleKinds.Script, DeprovisionPlatform.Linux, Severity.Warning, Certainty.Certain, "sudo does not open the file",
        "'sudo {found}' writes to a file that the shell opens without sudo's rights.", "Pipe it into 'sudo tee', or put the line into 'sudo sh -c'.");

    /// <summary>dash is /bin/sh on Debian and Ubuntu.</summary>
    public static readonly Rule Bashism = Likely("ShellBashOnly", "Only bash knows it",
        "Only bash knows {found}, and the script says #!/bin/sh or nothing: on Debian and Ubuntu that is dash.", "Write #!/bin/bash in the first line, or what every sh has.");

    /// <summary>The next machine is taken for this one.</summary>
    public static readonly Rule CloudInitStays = Likely("CloudInitStateStays", "cloud-init's state stays",
        "The script leaves cloud-init's state, by which the next machine can be taken for this one (its host name above all).", "Run cloud-init clean, or remove what is below /var/lib/cloud.");

    /// <summary>waagent removes it on few distributions.</summary>
    public static readonly Rule MachineIdStays = Likely("MachineIdStays", "The machine-id stays",
        "The script leaves /etc/machine-id: all VMs made from the image have the same one.", "Empty it: : > /etc/machine-id.");

    /// <summary>Others have histories of their own.</summary>
    public static readonly Rule OneHistoryOnly = new Rule("OneHistoryOnly", RuleKinds.Script, DeprovisionPlatform.Linux, Severity.Information, Certainty.Certain, "One history only is cleared",
        "The script clears the history of one shell of one user, or of this shell alone (HISTSIZE).", "Remove the histories of root and of every user that stays, of every shell.");

    /// <summary>What was written may not be on the disk.</summary>
    public static readonly Rule NoSync = new Rule("ShellNoSync", RuleKinds.Script, DeprovisionPlatform.Linux, Severity.Information, Certainty.Likely, "The script ends without sync",
        "The script does not end with sync: what it has written may not be on the disk when the VM is stopped.", "Let sync be the last command.");

    /// <summary>The service looks at one path.</summary>
    public static readonly Rule TargetWrong = Likely("ShellTargetWrong", "The script is written to a path that is not read",
        "'{found}' is not /tmp/DeprovisioningScript.sh, the one path that Azure Image Builder runs.", "Write it to /tmp/DeprovisioningScript.sh.")
        with { Fix = "Writes to /tmp/DeprovisioningScript.sh." };

    /// <summary>The script is echoed into the log of every build.</summary>
    public static readonly Rule SecretInScript = Likely("SecretInShellScript", "A secret in clear text",
        "A secret stands in the script in clear text, and the log of the build may show it.", "Take it from a key vault by the identity of the build VM, and change this one.");

    /// <summary>All of these rules.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        CarriageReturns, ByteOrderMark, NotUnderstood, AgentNeverRun, DashIsNone, NotForced, UserStays, AgentPathFixed, ResultNotVerified, FailureHidden, AgentStateRemovedFirst, Deferred, SessionEnds,
        SudoRedirect, Bashism, CloudInitStays, MachineIdStays, OneHistoryOnly, NoSync, TargetWrong, SecretInScript,
    ];

    private static Rule Certain(string id, string title, string message, string remedy) =>
        new(id, RuleKinds.Script, DeprovisionPlatform.Linux, Severity.Error, Certainty.Certain, title, message, remedy);

    private static Rule Likely(string id, string title, string message, string remedy) =>
        new(id, RuleKinds.Script, DeprovisionPlatform.Linux, Severity.Warning, Certainty.Likely, title, message, remedy);
}
