using System.Globalization;
using System.Text.RegularExpressions;
using AibDeprovision.Machine;
using AibDeprovision.Rehearsal.Windows.Sandbox;
using AibDeprovision.Rehearsal.Windows.Vm;

namespace AibDeprovision.Rehearsal.Windows.Programs;

/// <summary>whoami.exe /user, /groups and without anything.</summary>
internal sealed class WhoamiProgram() : VmProgram(SimulatedVm.System32 + @"\whoami.exe")
{
    public override ProgramResult Run(ScriptRun run, IReadOnlyList<string> arguments)
    {
        var user = run.Vm.User;
        return (arguments.Count > 0 ? arguments[0].ToUpperInvariant() : "") switch
        {
            "/USER" => new(0, "", "USER INFORMATION", "----------------", "", "User Name           SID", "=================== =============", $"{user.Name} {user.Sid}"),
            "/GROUPS" => new(0, "", "GROUP INFORMATION", "-----------------", "",
                "Everyone                             Well-known group S-1-1-0      Mandatory group, Enabled by default, Enabled group",
                "BUILTIN\\Administrators               Alias            S-1-5-32-544 " + (user.IsElevated ? "Mandatory group, Enabled by default, Enabled group, Group owner" : "Group used for deny only"),
                $"Mandatory Label\\Mandatory Level      Label            {user.IntegritySid}"),
            "" => new(0, user.Name),
            _ => new(1, $"ERROR: Invalid argument/option - '{arguments[0]}'."),
        };
    }
}

/// <summary>net.exe start, stop and accounts.</summary>
internal sealed class NetProgram() : VmProgram(SimulatedVm.System32 + @"\net.exe")
{
    public override ProgramResult Run(ScriptRun run, IReadOnlyList<string> arguments)
    {
        if (arguments.Count > 0 && arguments[0].Equals("accounts", StringComparison.OrdinalIgnoreCase))
        {
            // Rules for passwords: nothing that Sysprep or the agent looks at.
            return new(0, "The command completed successfully.");
        }
        if (arguments.Count > 0 && arguments[0].ToUpperInvariant() is not ("START" or "STOP"))
        {
            run.RefuseHere($"net.exe {arguments[0]}");
        }
        if (arguments.Count < 2)
        {
            return new(1, "The syntax of this command is: NET [ START | STOP ] service");
        }
        var service = arguments[1];
        if (arguments[0].Equals("stop", StringComparison.OrdinalIgnoreCase))
        {
            return run.Vm.Services.Stop(service) == 0 ? new(0, $"The {service} service was stopped successfully.") : new(2, $"The {service} service is not started.");
        }
        if (run.Vm.Services.Start(service) is not 0 and var error)
        {
            return new(2, $"System error {error} has occurred.");
        }
        run.WaitUntil(() => run.Vm.Services.Find(service)?.Status != ServiceStatus.StartPending, null, $"{service} to start");
        return run.Vm.Services.Find(service)?.Status == ServiceStatus.Running
            ? new(0, $"The {service} service was started successfully.")
            : new(2, $"The {service} service could not be started.");
    }
}

/// <summary>icacls.exe: who may open a file matters to nothing that Sysprep or the agent looks at.</summary>
internal sealed class IcaclsProgram() : VmProgram(SimulatedVm.System32 + @"\icacls.exe")
{
    public override ProgramResult Run(ScriptRun run, IReadOnlyList<string> arguments) =>
        arguments.Count == 0 || !run.Vm.Files.Exists(VmPath.Of(run.Vm, arguments[0]).Full) ? new(2, "The system cannot find the file specified.")
        : new(0, $"processed file: {arguments[0]}", "Successfully processed 1 files; Failed processing 0 files");
}

/// <summary>shutdown.exe: whatever it is told but /a, the session is gone.</summary>
internal sealed class ShutdownProgram() : VmProgram(SimulatedVm.System32 + @"\shutdown.exe")
{
    public override ProgramResult Run(ScriptRun run, IReadOnlyList<string> arguments)
    {
        if (!arguments.Any(a => a.TrimStart('/', '-').Equals("a", StringComparison.OrdinalIgnoreCase)))
        {
            run.Vm.CutSession($"the script shuts the machine down itself (shutdown.exe {string.Join(" ", arguments)})");
        }
        return new(0);
    }
}

/// <summary>timeout.exe /t: a sleep.</summary>
internal sealed class TimeoutProgram() : VmProgram(SimulatedVm.System32 + @"\timeout.exe")
{
    public override ProgramResult Run(ScriptRun run, IReadOnlyList<string> arguments)
    {
        var seconds = arguments.Select(a => int.TryParse(a, NumberStyles.Integer, CultureInfo.InvariantCulture, out var n) ? n : (int?)null).FirstOrDefault(n => n is not null);
        if (seconds is not { } s)
        {
            return new(1, "ERROR: Invalid syntax.");
        }
        run.Sleep(TimeSpan.FromSeconds(s));
        return new(0);
    }
}

/// <summary>cmd.exe /c with other commands that can be rehearsed, one after the other.</summary>
internal sealed class CmdProgram() : VmProgram(SimulatedVm.System32 + @"\cmd.exe")
{
    private static readonly Regex Variable = new("%(?<name>[^%]+)%", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
    private static readonly Regex ToNowhere = new(@"\s*[12]?>\s*(?:nul\b|&1)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1));

    public override ProgramResult Run(ScriptRun run, IReadOnlyList<string> arguments)
    {
        var line = string.Join(" ", arguments).Trim();
        if (!line.StartsWith("/c ", StringComparison.OrdinalIgnoreCase))
        {
            run.RefuseHere($"cmd.exe {line}");
        }
        var commands = Variable.Replace(line.Substring(3), match => run.Vm.Environment.TryGetValue(match.Groups["name"].Value, out var value) ? value : match.Value);
        commands = ToNowhere.Replace(commands, "");
        if (commands.IndexOfAny(['|', '>', '<', '^', '(']) >= 0)
        {
            run.RefuseHere($"cmd.exe {line}");
        }
        var result = new ProgramResult(0);
        foreach (var command in commands.Split(["&&"], StringSplitOptions.None).TakeWhile((_, n) => n == 0 || result.ExitCode == 0))
        {
            result = RunOne(run, command, line) is var next ? next with { Lines = [.. result.Lines, .. next.Lines] } : result;
        }
        return result;
    }

    private static ProgramResult RunOne(ScriptRun run, string command, string line)
    {
        var words = Split([command.Replace("\"", "")]);
        if (words.Count == 0 || command.Contains('&'))
        {
            run.RefuseHere($"cmd.exe {line}");
        }
        var name = words[0];
        if (AssumedDone.Contains(name) && !IsKnown(name))
        {
            AssumedDone.Take(run, name, words.Skip(1));
            return new(0);
        }
        switch (name.ToUpperInvariant())
        {
            case "ECHO":
                return new(0, string.Join(" ", words.Skip(1)));
            case "EXIT":
                return new(int.TryParse(words[words.Count - 1], NumberStyles.Integer, CultureInfo.InvariantCulture, out var code) ? code : 0);
            default:
                break;
        }
        if (!IsKnown(name))
        {
            run.RefuseHere($"cmd.exe {line}");
        }
        if (Find(run.Vm, name) is not { } program)
        {
            return new(1, $"'{name}' is not recognized as an internal or external command,", "operable program or batch file.");
        }
        try
        {
            // As in a batch file, the next line waits for every program.
            return program.RunToEnd(run, [.. words.Skip(1)]);
        }
        catch (InvalidOperationException e) when (e is not System.Management.Automation.PSInvalidOperationException)
        {
            return new(1, e.Message);
        }
    }
}
