using AibDeprovision.WindowsTests.Bed;

namespace AibDeprovision.WindowsTests.Scenarios;

/// <summary>A run of the hardened script from the path that Azure Image Builder has for it.</summary>
internal sealed class ScriptRun
{
    private readonly EngineResult _result;
    private readonly int _exitCode;

    private ScriptRun(EngineResult result, int exitCode)
    {
        _result = result;
        _exitCode = exitCode;
    }

    public TimeSpan Duration => _result.Duration;

    /// <summary>Makes the script, installs it and runs it.</summary>
    /// <param name="bed">The machine.</param>
    /// <param name="options">More parameters of New-AibDeprovisionScript.</param>
    public static ScriptRun Of(BedMachine bed, string options = "")
    {
        var engine = bed.Engine;
        engine.Run($"New-AibDeprovisionScript Windows {options} | Install-AibDeprovisionScript").WithoutErrors();
        // A known value first: an exit code that is not 77 was set by the script.
        var result = engine.Run($"$global:LASTEXITCODE = 77; & '{BedFiles.DeprovisioningScript}'").WithoutErrors();
        foreach (var line in result.Output)
        {
            Console.WriteLine(line.Value);
        }
        return new ScriptRun(result, (int)engine.Run("$LASTEXITCODE").WithoutErrors().Output[0].Value.BaseObject);
    }

    /// <summary>Fails unless the exit code and the verdict line (the last) are these.</summary>
    public void ShouldEndWith(DeprovisionExitCode code, string cause)
    {
        Expect.Equal((int)code, _exitCode, "the exit code");
        Expect.Contains($"verdict: {code} (exit code {(int)code}): ", _result.Lines.TakeLast(1));
        Expect.Contains(cause, _result.Lines.TakeLast(1));
    }

    /// <summary>Fails unless a line contains a text.</summary>
    public void ShouldSay(string text) => Expect.Contains(text, _result.Lines);
}
