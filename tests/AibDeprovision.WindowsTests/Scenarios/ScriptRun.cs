using AibDeprovision.WindowsTests.Bed;

namespace AibDeprovision.WindowsTests.Scenarios;

/// <summary>A run of the hardened script by pwsh, from the path that Azure Image Builder has for it.</summary>
internal sealed class ScriptRun
{
    private readonly PwshResult _result;

    private ScriptRun(PwshResult result) => _result = result;

    public TimeSpan Duration => _result.Duration;

    /// <summary>Makes the script, installs it and runs it.</summary>
    /// <param name="bed">The machine.</param>
    /// <param name="options">More parameters of New-AibDeprovisionScript.</param>
    public static ScriptRun Of(BedMachine bed, string options = "")
    {
        Install(bed, options);
        return Run();
    }

    /// <summary>Makes the script and installs it.</summary>
    public static void Install(BedMachine bed, string options = "") =>
        bed.Engine.Run($"New-AibDeprovisionScript Windows {options} | Install-AibDeprovisionScript").WithoutErrors();

    /// <summary>Runs the installed script.</summary>
    public static ScriptRun Run() => new(Pwsh.RunFile(BedFiles.DeprovisioningScript));

    /// <summary>Runs the installed script as Packer does it: a script of its own that calls it, by Packer's command.</summary>
    public static ScriptRun RunByPacker() => new(RunByPacker($"& '{BedFiles.DeprovisioningScript}'\r\n"));

    /// <summary>Runs the text of a provisioner as Packer does it.</summary>
    public static PwshResult RunByPacker(string text)
    {
        const string provisioner = @"C:\windows\Temp\packer-provisioner.ps1", variables = @"C:\windows\Temp\packer-variables.ps1";
        File.WriteAllText(provisioner, text);
        File.WriteAllText(variables, "$env:PACKER_BUILD_NAME='image'\r\n");
        // developer.hashicorp.com/packer/docs/provisioners/powershell, the default of execute_command with use_pwsh
        return Pwsh.Run($"-executionpolicy bypass -command \"& {{ if (Test-Path variable:global:ProgressPreference){{set-variable -name variable:global:ProgressPreference -value 'SilentlyContinue'}};. {variables}; &'{provisioner}'; exit $LastExitCode }}\"");
    }

    /// <summary>Fails unless the exit code and the verdict line (the last) are these.</summary>
    public void ShouldEndWith(DeprovisionExitCode code, string cause)
    {
        Expect.Equal((int)code, _result.ExitCode, "the exit code");
        Expect.Contains($"verdict: {code} (exit code {(int)code}): ", _result.Lines.TakeLast(1));
        Expect.Contains(cause, _result.Lines.TakeLast(1));
    }

    /// <summary>Fails unless a line contains a text.</summary>
    public void ShouldSay(string text) => Expect.Contains(text, _result.Lines);
}
