namespace AibDeprovision.Tests.Rehearsal;

/// <summary>Hostile scripts, and others made from them at random; the same seed makes the same.</summary>
internal sealed class ScriptMutation(int seed)
{
    private static readonly string[] Seeds =
    [
        "if ($false) { function Invoke-Planted {} }; Invoke-Planted", "function Outer { function Invoke-Planted {} }; Invoke-Planted", "Planted\\Invoke-Planted",
        "[IO.File]::Delete('CANARY')", "$f = 'Delete'; [IO.File]::$f('CANARY')", "& /bin/sh -c 'echo dead > CANARY'", "Start-Process /bin/rm CANARY", "rm.exe CANARY",
        "Invoke-Expression '[IO.File]::Delete(''CANARY'')'", "Invoke-Expression \"Invoke-Planted\"", "$a = 'Invoke-'; $b = 'Planted'; & \"$a$b\"", "& \"whoami\u2019; Invoke-Planted #\\sysprep\"",
        "using module Planted", "# c\rusing module Planted", "Import-Module Planted", "${ExecutionContext}.InvokeCommand.InvokeScript('1')", "$Host.Runspace.SessionStateProxy.LanguageMode",
        "[scriptblock]::Create('Invoke-Planted')", "New-Object System.IO.FileInfo 'CANARY'", "class X { [int] $y }", "'x' > CANARY", "Remove-Item 'CANARY' -Force", "Set-Content 'CANARY' 'dead'",
        "''.GetType().Assembly.GetType('System.IO.File')", "$t = 'System.IO.File' -as [type]; $t::Delete('CANARY')", "$n = 'psbase'; (1).$n", "[string].Assembly.Location",
        "function f { [CmdletBinding()] param() $PSCmdlet.InvokeCommand.InvokeScript('Invoke-Planted') }; f", "function f { [Alias('Invoke-Planted')] param() 1 }; f; Invoke-Planted",
        "$PSModuleAutoLoadingPreference = 'All'; Invoke-Planted", "1 | ForEach-Object { Invoke-Planted }", "@(1).ForEach({ Invoke-Planted })", "try { Invoke-Planted } catch { Invoke-Planted }",
        "trap { continue }; Invoke-Planted", ". 'FOLDER/planted.ps1'", "& 'FOLDER/planted.ps1'", "$b = { & $b }; & $b", "function f { f }; f", "${P`ID}; $PID; $PSVersionTable; $HOME",
        "[datetime]::get_Now()", "switch (1) { 1 { Invoke-Planted } }", "$env:Path = 'FOLDER'; planted.ps1", "\"$(Invoke-Planted)\"", "@\"\n$(Invoke-Planted)\n\"@", "workflow w { Invoke-Planted }",
        "function Invoke-SimulatedProgram { Invoke-Planted }; whoami", "try { 1 / 0 } catch { $_.Exception.TargetSite.Module }", "Get-Service | Where-Object { Invoke-Planted }", "exit 0",
    ];

    private static readonly string[] Wraps =
    [
        "{0}", "& {{ {0} }}", ". {{ {0} }}", "if ($true) {{ {0} }}", "try {{ {0} }} catch {{ }}", "try {{ {0} }} finally {{ exit 0 }}", "function g {{ {0} }}; g", "function g {{ {0} }}; if ($false) {{ g }}; Invoke-Planted",
        "foreach ($i in 1..2) {{ {0} }}", "1..2 | ForEach-Object {{ {0} }}", "$s = {{ {0} }}; & $s", "\"$({0})\"", "if ($false) {{ function Invoke-Planted {{ }} }}; {0}", "Invoke-Expression @'\n{0}\n'@", "$x = $({0})", "[void]({0})",
    ];

    private static readonly string[] Crumbs =
    [
        "`", "'", "\"", "\u2019", "\u201C", "\u2013", "(", ")", "{", "}", "$(", "@(", "[", "]", "<#", "#>", "#", "\r", "\n", "\u2028", "\0", ";", "|", "&", ".", "::", "$", "@'\n", "\n'@", "=", ",", "-as", "-f", "..", " using module Planted ", " Invoke-Planted ", "Planted\\",
    ];

    private readonly Random _random = new(seed);

    /// <summary>The next script.</summary>
    public string Next()
    {
        var script = string.Join(Pick(["; ", "\n", "\r", " | ", " "]), Enumerable.Range(0, _random.Next(1, 4)).Select(_ => string.Format(System.Globalization.CultureInfo.InvariantCulture, Pick(Wraps), Pick(Seeds))));
        for (var n = _random.Next(0, 5); n > 0; n--)
        {
            var at = _random.Next(script.Length);
            script = _random.Next(4) switch
            {
                0 => script.Insert(at, Pick(Crumbs)),
                1 => script.Remove(at, Math.Min(_random.Next(1, 4), script.Length - at)),
                2 => string.Concat(script.AsSpan(0, at), script.AsSpan(at).ToString().ToUpperInvariant()),
                _ => script.Insert(at, script.Substring(at, Math.Min(_random.Next(1, 12), script.Length - at))),
            };
            script = script.Length == 0 ? "1" : script;
        }
        return script;
    }

    private string Pick(string[] from) => from[_random.Next(from.Length)];
}
