using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text;

namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>
/// Proves that a script which sleeps will sleep for ever: nothing more will happen on the VM, and twice in a row the
/// script sleeps at the same place with the same values in all its variables, without having looked at the clock or
/// changed anything in between. It can only do the same again.
/// </summary>
internal sealed class HangProof
{
    private const int LargestState = 100_000;
    private const int DeepestValue = 4;

    // Always the same for one call of a function, or never read by a script that is not refused here.
    private static readonly HashSet<string> Ignored = new(StringComparer.OrdinalIgnoreCase) { "MyInvocation", "PSBoundParameters", "input", "Error", "PSCommandPath", "PSScriptRoot" };

    private readonly ScriptRun _run;
    private string? _before;
    private (long Version, long ClockReads) _moment;

    public HangProof(ScriptRun run) => _run = run;

    /// <summary>Whether the script that is about to sleep will never do anything else.</summary>
    public bool IsFor(PSCmdlet sleep, Func<IEnumerable<CallStackFrame>> stack)
    {
        // What a script that looks at the clock, or changes something, does next may differ: then there is nothing to compare.
        var moment = (_run.Vm.Version, _run.ClockReads);
        var unmoved = moment == _moment;
        _moment = moment;
        var now = unmoved && _run.Vm.Clock.IsQuiet && _run.HiddenState == 0 ? StateOf(sleep, stack()) : null;
        var same = now is not null && now == _before;
        _before = now;
        return same;
    }

    private static string? StateOf(PSCmdlet sleep, IEnumerable<CallStackFrame> stack)
    {
        var state = new StringBuilder();
        state.Append(sleep.SessionState.PSVariable.GetValue("global:LASTEXITCODE"));
        foreach (var frame in stack)
        {
            state.Append('\n').Append(frame.FunctionName).Append(':').Append(frame.Position?.StartOffset).Append('\n');
            foreach (var variable in frame.GetFrameVariables().Values.Where(v => !Ignored.Contains(v.Name)).OrderBy(v => v.Name, StringComparer.OrdinalIgnoreCase))
            {
                state.Append(variable.Name).Append('=');
                if (!Append(state, variable.Value, DeepestValue) || state.Length > LargestState)
                {
                    return null;
                }
            }
        }
        return state.ToString();
    }

    // False for a value whose state cannot be seen from outside, an enumerator for instance.
    private static bool Append(StringBuilder state, object? value, int depth)
    {
        var inner = value is PSObject wrapped ? wrapped.BaseObject : value;
        switch (inner)
        {
            case null or ScriptBlock:
                state.Append(inner is null ? "null;" : "block;");
                return true;
            case string or IConvertible or TimeSpan or Version or Guid:
                var text = Convert.ToString(inner, CultureInfo.InvariantCulture)!;
                state.Append(inner.GetType().Name).Append(text.Length).Append(':').Append(text).Append(';');
                return true;
            case SwitchParameter flag:
                state.Append(flag.IsPresent ? "on;" : "off;");
                return true;
            case PSCustomObject when depth > 0:
                return ((PSObject)value!).Properties.Where(p => p.IsInstance).All(p => AppendNamed(state, p.Name, p.Value, depth - 1));
            case IDictionary dictionary when depth > 0:
                return dictionary.Keys.Cast<object>().All(key => AppendNamed(state, key.ToString()!, dictionary[key], depth - 1));
            case IList list when depth > 0:
                state.Append('[').Append(list.Count).Append(']');
                return list.Cast<object?>().All(item => Append(state, item, depth - 1));
            default:
                return false;
        }
    }

    private static bool AppendNamed(StringBuilder state, string name, object? value, int depth)
    {
        state.Append(name).Append('=');
        return Append(state, value, depth);
    }
}
