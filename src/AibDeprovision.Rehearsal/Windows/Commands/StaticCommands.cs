using System.Collections;
using System.Collections.Specialized;
using System.Management.Automation;
using AibDeprovision.Rehearsal.Windows.Sandbox;
using AibDeprovision.Rehearsal.Windows.Types;

namespace AibDeprovision.Rehearsal.Windows.Commands;

/// <summary>What a .NET member is run as: <see cref="SimulatedStatics"/> writes it.</summary>
[Cmdlet("Use", "SimulatedStatic")]
internal sealed class UseSimulatedStaticCommand : SimulatedCommand
{
    [Parameter(Mandatory = true, Position = 0)]
    public string Type { get; set; } = "";

    [Parameter(Mandatory = true, Position = 1)]
    public string Member { get; set; } = "";

    [Parameter(Position = 2)]
    [AllowNull]
    public object? First { get; set; }

    [Parameter(Position = 3)]
    [AllowNull]
    public object? Second { get; set; }

    [Parameter(Position = 4)]
    [AllowNull]
    public object? Third { get; set; }

    [Parameter(Position = 5)]
    [AllowNull]
    public object? Fourth { get; set; }

    [Parameter(Position = 6)]
    [AllowNull]
    public object? Fifth { get; set; }

    protected override void ProcessRecord()
    {
        if (!SimulatedTypes.Has(Type, Member))
        {
            // A setting that nothing depends on.
            return;
        }
        string[] names = [nameof(First), nameof(Second), nameof(Third), nameof(Fourth), nameof(Fifth)];
        object?[] all = [First, Second, Third, Fourth, Fifth];
        object?[] arguments = [.. all.Take(names.Count(MyInvocation.BoundParameters.ContainsKey))];
        try
        {
            WriteUnrolled(SimulatedTypes.Call(Run, Type, Member, arguments));
        }
        catch (IOException e)
        {
            ThrowTerminatingError(new ErrorRecord(
                (Exception)Activator.CreateInstance(e.GetType(), $"Exception calling \"{Member}\" with \"{arguments.Length}\" argument(s): \"{e.Message}\""),
                e.GetType().Name, ErrorCategory.NotSpecified, null));
        }
    }

    private void WriteUnrolled(object? value)
    {
        if (value != SimulatedTypes.Nothing)
        {
            WriteObject(value, enumerateCollection: false);
        }
    }
}

/// <summary>What a method of a list is run as; it may be that of a text or a table, too.</summary>
[Cmdlet("Use", "SimulatedList")]
internal sealed class UseSimulatedListCommand : SimulatedCommand
{
    [Parameter(Mandatory = true, Position = 0)]
    [AllowNull]
    [AllowEmptyCollection]
    [AllowEmptyString]
    public object? Target { get; set; }

    [Parameter(Mandatory = true, Position = 1)]
    public string Method { get; set; } = "";

    [Parameter(Position = 2)]
    [AllowNull]
    public object? First { get; set; }

    [Parameter(Position = 3)]
    [AllowNull]
    public object? Second { get; set; }

    // As a method it takes no time of its own.
    protected override void BeginProcessing() => Run.StopIfOver();

    protected override void ProcessRecord()
    {
        var target = Target is PSObject wrapped ? wrapped.BaseObject : Target;
        object?[] all = [First, Second];
        object?[] arguments = [.. all.Take(new[] { nameof(First), nameof(Second) }.Count(MyInvocation.BoundParameters.ContainsKey))
            .Select(argument => argument is PSObject { BaseObject: not PSCustomObject } inner ? inner.BaseObject : argument)];
        var method = ListTypes.Methods.First(name => name.Equals(Method, StringComparison.OrdinalIgnoreCase));
        if (target is null)
        {
            ThrowTerminatingError(new ErrorRecord(new InvalidOperationException("You cannot call a method on a null-valued expression."), "InvokeMethodOnNull", ErrorCategory.InvalidOperation, null));
        }
        object? result = null;
        try
        {
            // Only what has nothing but values in it and reaches nothing.
            result = target is ArrayList list ? ListTypes.Call(list, method, arguments)
                : target is string or Hashtable or OrderedDictionary ? PSObject.AsPSObject(target).Methods[method].Invoke(arguments)
                : SimulatedTypes.Nothing;
        }
        catch (Exception e) when (e is MethodException or ArgumentException or NullReferenceException or InvalidCastException or IndexOutOfRangeException)
        {
            Run.RefuseHere($"the method {Method} with these arguments");
        }
        if (target is not (ArrayList or string or Hashtable or OrderedDictionary))
        {
            Run.RefuseHere($"the method {Method}");
        }
        if (result != SimulatedTypes.Nothing && (result is not null || target is ArrayList))
        {
            WriteObject(result, enumerateCollection: false);
        }
    }
}

/// <summary>Stands in the place of what cannot be rehearsed; <see cref="LateRefusal"/> puts it there.</summary>
[Cmdlet("Deny", "SimulatedConstruct")]
internal sealed class DenySimulatedConstructCommand : SimulatedCommand
{
    [Parameter(Position = 0)]
    public int Line { get; set; }

    [Parameter(Position = 1)]
    public string Construct { get; set; } = "";

    protected override void BeginProcessing()
    {
        Run.Refuse(Line > 0 ? Line : WaitingPlace.LineOf(Run), Construct);
        Run.StopIfOver();
    }
}

/// <summary>New-Object of the types that scripts make and that reach nothing.</summary>
[Cmdlet(VerbsCommon.New, "Object")]
internal sealed class NewObjectCommand : SimulatedCommand
{
    [Parameter(Position = 0)]
    public string TypeName { get; set; } = "";

    [Parameter(Position = 1)]
    [Alias("Args")]
    [AllowNull]
    [AllowEmptyCollection]
    public object?[]? ArgumentList { get; set; }

    [Parameter]
    public IDictionary? Property { get; set; }

    [Parameter]
    public string? ComObject { get; set; }

    [Parameter]
    public SwitchParameter Strict { get; set; }

    protected override void ProcessRecord()
    {
        if (ComObject is not null)
        {
            Run.RefuseHere($"the COM object {ComObject}");
        }
        var type = SimulatedTypes.NameOf(TypeName);
        var made = Made(type);
        foreach (DictionaryEntry entry in Property ?? new Hashtable())
        {
            var name = entry.Key.ToString()!;
            if (made.Properties[name] is { } known)
            {
                known.Value = entry.Value;
            }
            else
            {
                made.Properties.Add(new PSNoteProperty(name, entry.Value));
            }
        }
        WriteObject(made, enumerateCollection: false);
    }

    private PSObject Made(string type)
    {
        object?[] arguments = [.. (ArgumentList ?? []).Select(argument => argument is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : argument)];
        switch (type.ToUpperInvariant())
        {
            case "PSOBJECT" or "PSCUSTOMOBJECT" or "MANAGEMENT.AUTOMATION.PSOBJECT" or "MANAGEMENT.AUTOMATION.PSCUSTOMOBJECT" or "OBJECT":
                return new PSObject();
            case "HASHTABLE" or "COLLECTIONS.HASHTABLE":
                return PSObject.AsPSObject(new Hashtable(StringComparer.OrdinalIgnoreCase));
            case "TIMESPAN":
                return PSObject.AsPSObject(Activator.CreateInstance(typeof(TimeSpan), [.. arguments.Select(LanguagePrimitives.ConvertTo<int>)]));
            case "VERSION":
                return PSObject.AsPSObject(new Version(LanguagePrimitives.ConvertTo<string>(arguments[0])));
            default:
                if (!SimulatedTypes.Has(type, "new"))
                {
                    Run.RefuseHere($"New-Object {TypeName}");
                }
                return PSObject.AsPSObject(SimulatedTypes.Call(Run, type, "new", arguments));
        }
    }
}
