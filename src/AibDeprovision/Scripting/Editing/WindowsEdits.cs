using AibDeprovision.Scripting.Windows;
using AibDeprovision.Scripting.Windows.Rules;
using AibDeprovision.Scripts.Quoting;

namespace AibDeprovision.Scripting.Editing;

/// <summary>The edits of scripts for Windows that are asked for by name. Each gives the edits of one place, and none when all of it is so.</summary>
internal static class WindowsEdits
{
    private const string Key = @"HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Setup\SysPrepExternal";

    /// <summary>/mode:vm.</summary>
    public static IReadOnlyList<ScriptEdit> ModeVm(WindowsScript script)
    {
        EditErrors.Require(script.SysprepCalls.Count > 0, "-ModeVm", "it calls Sysprep nowhere that can be read off");
        var call = script.SysprepCalls.FirstOrDefault(c => !c.Has("mode"));
        return call is null ? [] : call.IsComplete ? Possible(new SysprepWords(call, script.Constants).Add("/mode:vm"), "-ModeVm", call.Ast.Extent.StartLineNumber)
            : throw EditErrors.Impossible("-ModeVm", call.Ast.Extent.StartLineNumber, "what Sysprep is given there is not known");
    }

    /// <summary>A limit for the first wait that has none.</summary>
    public static IReadOnlyList<ScriptEdit> AddTimeout(WindowsScript script, TimeSpan limit)
    {
        var waits = script.Loops.Where(loop => loop.IsForImageState || loop.Services.Count > 0).ToList();
        EditErrors.Require(waits.Count > 0, "-AddTimeout", "it has no loop that waits for a service or for the image state");
        // With a limit alone, a wait for a service that newer agents do not have would fail every build instead of hanging it.
        return waits.Find(AbsentServiceWait.Breaks) is { } absent ? Possible(WaitEdits.Guard(absent, absent.Services[0]), "-AddTimeout", absent.Loop.Extent.StartLineNumber)
            : waits.Find(loop => loop.IsEndless) is { } endless ? Possible(WaitEdits.Bound(script, endless, limit), "-AddTimeout", endless.Loop.Extent.StartLineNumber) : [];
    }

    /// <summary>A question before the first wait for a service that asks none.</summary>
    public static IReadOnlyList<ScriptEdit> GuardService(WindowsScript script, string service)
    {
        var option = $"-GuardService {service}";
        var waits = script.Loops.Where(loop => loop.Services.Contains(service, StringComparer.OrdinalIgnoreCase)).ToList();
        EditErrors.Require(waits.Count > 0, option, "no loop of it waits for that service");
        var open = waits.Find(loop => !WaitEdits.IsGuarded(script, loop, service));
        return open is null ? [] : Possible(WaitEdits.Guard(open, service), option, open.Loop.Extent.StartLineNumber);
    }

    /// <summary>A statement before the first call of Sysprep that takes a provider out of the registry.</summary>
    public static IReadOnlyList<ScriptEdit> RemoveProvider(WindowsScript script, string dll)
    {
        var option = $"-RemoveProvider {dll}";
        EditErrors.Require(script.SysprepCalls.Count > 0, option, "it calls Sysprep nowhere that can be read off");
        var call = script.SysprepCalls[0].Ast;
        if (script.Commands.Any(c => c.Is("Remove-ItemProperty")) && script.Mentions("SysPrepExternal") && script.Mentions(dll))
        {
            return [];
        }
        var text = $"foreach ($part in 'Generalize', 'Cleanup', 'Specialize') {{ $key = \"{Key}\\$part\"; if (Test-Path $key) {{ foreach ($name in (Get-Item $key).Property) {{ "
            + $"if (((Get-ItemProperty $key).$name -split ',')[0] -like {PowerShellText.Quote("*" + dll)}) {{ Remove-ItemProperty $key -Name $name -Force }} }} }} }}";
        return StatementPlace.Before(script, call, text) is { } edit ? [edit] : throw EditErrors.Impossible(option, call.Extent.StartLineNumber, "there is no place for a statement before the call");
    }

    private static IReadOnlyList<ScriptEdit> Possible(IReadOnlyList<ScriptEdit> edits, string option, int line) =>
        edits.Count > 0 ? edits : throw EditErrors.Impossible(option, line, "it is written in a way that leaves no certain place for it");
}
