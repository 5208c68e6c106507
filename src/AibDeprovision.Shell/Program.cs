using System.Management.Automation;
using AibDeprovision.Shell.Engine;

namespace AibDeprovision.Shell;

/// <summary>The shell's entry: understands the command line, runs what it asks for, and ends with its exit code.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        // The engine would otherwise report its use to Microsoft: build VMs and containers are not ours to report on.
        Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
        EnglishCulture.Use();
        try
        {
            return Run(CommandLine.Parse(args));
        }
        catch (ShellException problem)
        {
            Console.Error.WriteLine(problem.Message);
            return problem.ExitCode;
        }
    }

    private static int Run(CommandLine line)
    {
        switch (line.Action)
        {
            case ShellAction.Help:
                Console.Out.Write(ReadHelp());
                return ExitCodes.Success;
            case ShellAction.Version:
                var module = ModuleFolder.Find();
                Console.WriteLine($"AibDeprovision.Shell {ShellVersion.ToString(3)}");
                Console.WriteLine($"AibDeprovision module {module.ReadVersion()}");
                Console.WriteLine($"PowerShell engine {PSVersionInfo.PSVersion}");
                return ExitCodes.Success;
        }

        using var session = new ShellSession(ModuleFolder.Find());
        return line.Action switch
        {
            ShellAction.Command => session.RunCommand(line.Text == "-" ? Console.In.ReadToEnd() : line.Text),
            ShellAction.File => session.RunFile(new ScriptFile(line.Text, line.Arguments)),
            _ => new Prompt(session).Run(),
        };
    }

    /// <summary>The version of the shell, which is that of the module it was built with.</summary>
    internal static Version ShellVersion => typeof(Program).Assembly.GetName().Version!;

    private static string ReadHelp()
    {
        using var text = typeof(Program).Assembly.GetManifestResourceStream("Help.txt")!;
        using var reader = new StreamReader(text);
        return reader.ReadToEnd();
    }
}
