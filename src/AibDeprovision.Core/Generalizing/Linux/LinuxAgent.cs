using System.Text.RegularExpressions;
using AibDeprovision.Machine.Linux;
using AibDeprovision.Plans;

namespace AibDeprovision.Generalizing.Linux;

/// <summary>waagent: where it is, and how its deprovisioning has ended.</summary>
internal sealed class LinuxAgent
{
    /// <summary>Where it writes the sudo rule of the user it makes.</summary>
    public const string RulesFile = "/etc/sudoers.d/waagent";

    /// <summary>What it writes once it has provisioned the machine.</summary>
    public const string ProvisionedFile = "/var/lib/waagent/provisioned";

    private const string Failure = "Failed to run 'deprovision";

    private static readonly TimeSpan VersionLimit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(90);

    private static readonly string[] Places =
    [
        "/usr/sbin/waagent", "/usr/bin/waagent", "/sbin/waagent", "/usr/local/sbin/waagent", "/usr/share/oem/bin/waagent", "/usr/share/oem/python/bin/waagent",
    ];

    // Flatcar has agent and Python in /usr/share/oem.
    private static readonly string[] Interpreters = ["python3", "python", "/usr/share/oem/python/bin/python3", "/usr/share/oem/python/bin/python", "/usr/libexec/platform-python"];

    private static readonly Regex ExceptionLine = new("^[A-Za-z_.]+(Error|Exception)(:|$)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
    private static readonly Regex Version = new(@"WALinuxAgent-[0-9.]*[0-9]", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    private readonly LinuxWork _work;
    private readonly string[] _words;
    private readonly string _about;

    private LinuxAgent(LinuxWork work, string[] words, string about)
    {
        _work = work;
        _words = words;
        _about = about;
    }

    /// <summary>Finds the agent, and an interpreter where it does not run by itself.</summary>
    /// <exception cref="DeprovisionEndException">There is none that runs.</exception>
    public static LinuxAgent Find(LinuxWork work)
    {
        var tree = work.Look();
        foreach (var path in new[] { work.Machine.FindProgram("waagent") }.Concat(Places).OfType<string>().Distinct(StringComparer.Ordinal).Where(tree.Exists))
        {
            foreach (var interpreter in Interpreters.Select(name => name[0] == '/' ? name : work.Machine.FindProgram(name)).Where(i => i is not null && tree.Exists(i)).Prepend(null))
            {
                string[] words = interpreter is null ? [path] : [interpreter, path];
                var run = work.Run(VersionLimit, [.. words, "-version"]);
                if (run.HasRun)
                {
                    var version = run.Lines.Select(line => Version.Match(line)).FirstOrDefault(match => match.Success)?.Value;
                    return new LinuxAgent(work, words, $"{path}{(interpreter is null ? "" : " by " + interpreter.Substring(interpreter.LastIndexOf('/') + 1))}, {version ?? "unknown version"}");
                }
            }
            work.Log.Phase("start", $"{path} is there, but neither by itself nor by a Python could it be run");
        }
        throw new DeprovisionEndException(DeprovisionExitCode.WaagentNotFound, "no waagent that runs is in PATH or in one of the folders where distributions put it");
    }

    /// <summary>Path and version.</summary>
    public override string ToString() => _about;

    /// <summary>Runs its deprovisioning, and judges it by result and by what it has logged.</summary>
    /// <exception cref="DeprovisionEndException">It has failed, or had not ended at the deadline.</exception>
    public void Deprovision(BuildUser? user)
    {
        StopService();
        ProgramRun run;
        using (new TakenFiles(_work, user))
        {
            using (new LentFiles(_work))
            {
                string[] arguments = ["-force", _work.Plan.KeepUser ? "-deprovision" : "-deprovision+user"];
                _work.Log.Phase("waagent", $"running {_words[_words.Length - 1]} {string.Join(" ", arguments)}");
                run = _work.Run(_work.Plan.Deadline, [.. _words, .. arguments]);
            }
            _work.ShowEvidence("waagent", run);
        }
        Judge(run, user);
    }

    // An agent that still runs may write into the folder that waagent is emptying.
    private void StopService()
    {
        foreach (var unit in (string[])["walinuxagent", "waagent"])
        {
            if (_work.RunIfThere(StopLimit, "systemctl", "stop", unit + ".service") is { Status: 0 })
            {
                _work.Log.Phase("waagent", $"stopped the service {unit}");
            }
        }
    }

    // waagent catches its own exceptions, logs 'Failed to run' and exits 0. The first exception names the cause best.
    private void Judge(ProgramRun run, BuildUser? user)
    {
        if (run.TimedOut)
        {
            throw Failed(DeprovisionExitCode.DeadlinePassed, $"waagent had not ended when {_work.Deadline} passed", user);
        }
        var cause = run.Lines.FirstOrDefault(line => ExceptionLine.IsMatch(line) || line.Contains(Failure));
        if (run.Lines.Any(line => line.Contains(Failure)))
        {
            throw Failed(DeprovisionExitCode.WaagentFailed, $"waagent logged: {cause}", user);
        }
        if (run.Status != 0)
        {
            throw Failed(DeprovisionExitCode.WaagentFailed, FormattableString.Invariant($"waagent ended with status {run.Status}: {cause ?? (run.Lines.Count > 0 ? run.Lines[run.Lines.Count - 1] : "it has said nothing")}"), user);
        }
        if (run.Lines.Any(line => line.Contains("Skip delete user") || line.Contains("ovf-env.xml is not found")))
        {
            _work.Log.Phase("waagent", "waagent has not deleted the user");
        }
    }

    // Nobody is to take the half that was done for the whole.
    private DeprovisionEndException Failed(DeprovisionExitCode verdict, string cause, BuildUser? user)
    {
        var tree = _work.Look();
        _work.Log.Phase("waagent", "not done: clean, verify, after; cloud-init's state, machine-id, logs and so on are as they were");
        if (user?.IsThere(tree) == true)
        {
            _work.Log.Phase("waagent", $"not done: the account {user.Name} is still there");
        }
        if (tree.Exists(ProvisionedFile))
        {
            _work.Log.Phase("waagent", "not done: /var/lib/waagent still says that this machine is provisioned");
        }
        return new DeprovisionEndException(verdict, cause);
    }
}
