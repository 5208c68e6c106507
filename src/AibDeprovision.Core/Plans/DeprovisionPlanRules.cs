using AibDeprovision.Errors;
using AibDeprovision.Rules;
using AibDeprovision.Scripts;
using AibDeprovision.Scripts.Quoting;

namespace AibDeprovision.Plans;

/// <summary>What a plan may hold. Bad input is refused here, with the value at fault, before any text is written.</summary>
internal static class DeprovisionPlanRules
{
    /// <summary>Azure Image Builder's own upper limit of a build (buildTimeoutInMinutes 960); nothing longer can be waited for.</summary>
    public static readonly TimeSpan LongestBuild = TimeSpan.FromMinutes(960);

    private static readonly DeprovisionPlan Default = new();

    /// <summary>An option of the hardened scripts: where it applies, and whether a plan asks for it.</summary>
    private sealed record PlanOption(string Name, DeprovisionPlatform? Platform, Func<DeprovisionPlan, bool> IsAsked);

    private static readonly PlanOption[] Options =
    [
        new("ModeVm", DeprovisionPlatform.Windows, p => p.ModeVm),
        new("RequiredService", DeprovisionPlatform.Windows, p => !p.RequiredServices.SequenceEqual(Default.RequiredServices)),
        new("OptionalService", DeprovisionPlatform.Windows, p => !p.OptionalServices.SequenceEqual(Default.OptionalServices)),
        new("SysprepTimeout", DeprovisionPlatform.Windows, p => p.SysprepTimeout != Default.SysprepTimeout),
        new("RemoveSysprepProvider", DeprovisionPlatform.Windows, p => p.RemoveSysprepProviders.Count > 0),
        new("Strict", DeprovisionPlatform.Windows, p => p.Strict),
        new("ReadinessOnly", null, p => p.ReadinessOnly),
        new("KeepUser", DeprovisionPlatform.Linux, p => p.KeepUser),
        new("Keep", DeprovisionPlatform.Linux, p => p.Keep != ResidueKinds.None),
        new("ServiceTimeout", null, p => p.ServiceTimeout != Default.ServiceTimeout),
        new("Deadline", null, p => p.Deadline != Default.Deadline),
        new("NoTrace", null, p => p.NoTrace),
        new("BeforeScript", null, p => p.BeforeScript.Length > 0),
        new("AfterScript", null, p => p.AfterScript.Length > 0),
    ];

    /// <summary>The plan in its normal form: names without repetition, hooks with the platform's line ends, the version filled in.</summary>
    /// <exception cref="AibException">Something in it cannot be done.</exception>
    public static DeprovisionPlan Check(DeprovisionPlan plan)
    {
        Given("RequiredService", plan.RequiredServices);
        Given("OptionalService", plan.OptionalServices);
        Given("RemoveSysprepProvider", plan.RemoveSysprepProviders);
        foreach (var option in Options.Where(o => o.IsAsked(plan)))
        {
            if (plan.Profile == DeprovisionProfile.Generic)
            {
                throw new AibException(ErrorId.OptionNotForProfile, $"-{option.Name} has no meaning for a generic script: its text is fixed.",
                    $"Leave out -{option.Name}, or use -Profile Hardened.", option.Name);
            }
            if (option.Platform is { } only && only != plan.Platform)
            {
                throw new AibException(ErrorId.OptionNotForPlatform, $"-{option.Name} is an option for {only}, and this is for {plan.Platform}.",
                    $"Leave out -{option.Name}; for both systems, make a call for each.", option.Name);
            }
        }
        return plan.Profile == DeprovisionProfile.Generic ? CheckGeneric(plan) : plan.ReadinessOnly ? CheckReadiness(plan) : CheckHardened(plan);
    }

    /// <summary>What can be done and is hardly meant, as sentences.</summary>
    public static IEnumerable<string> Doubts(DeprovisionPlan plan)
    {
        var parts = plan.Platform == DeprovisionPlatform.Windows ? plan.ServiceTimeout + plan.SysprepTimeout : plan.ServiceTimeout;
        if (plan.Profile == DeprovisionProfile.Hardened && plan.Deadline < parts)
        {
            var sum = plan.Platform == DeprovisionPlatform.Windows ? $"-ServiceTimeout {new Duration(plan.ServiceTimeout)} and -SysprepTimeout {new Duration(plan.SysprepTimeout)}" : $"-ServiceTimeout {new Duration(plan.ServiceTimeout)}";
            yield return $"-Deadline {new Duration(plan.Deadline)} is below {sum}: it ends them early.";
        }
    }

    private static DeprovisionPlan CheckGeneric(DeprovisionPlan plan)
    {
        var known = GenericScripts.VersionsOf(plan.Platform);
        var wanted = plan.GenericVersion ?? GenericScripts.NewestOf(plan.Platform);
        var version = known.FirstOrDefault(v => string.Equals(v, wanted, StringComparison.OrdinalIgnoreCase));
        return version is not null
            ? plan with { GenericVersion = version }
            : throw new AibException(ErrorId.UnknownGenericVersion, $"'{wanted}' is not a documented script for {plan.Platform}.",
                $"Use one of: {string.Join(", ", known)}.", wanted);
    }

    // Whoever gives another option means the script that deprovisions.
    private static DeprovisionPlan CheckReadiness(DeprovisionPlan plan) => Options.FirstOrDefault(option => option.Name is not ("Strict" or "ReadinessOnly") && option.IsAsked(plan)) is { } other
        ? throw new AibException(ErrorId.OptionNotForProfile, $"-{other.Name} has no meaning for a script that only checks.", $"Leave out -{other.Name}, or -ReadinessOnly.", other.Name)
        : plan.GenericVersion is null ? plan
        : throw new AibException(ErrorId.OptionNotForProfile, "-GenericVersion has no meaning for a script that only checks.", "Leave it out, or -ReadinessOnly.", plan.GenericVersion);

    private static DeprovisionPlan CheckHardened(DeprovisionPlan plan)
    {
        if (plan.GenericVersion is not null)
        {
            throw new AibException(ErrorId.OptionNotForProfile, "-GenericVersion has no meaning for a hardened script.",
                "Leave it out, or use -Profile Generic.", plan.GenericVersion);
        }
        CheckTime("ServiceTimeout", plan.ServiceTimeout);
        CheckTime("SysprepTimeout", plan.SysprepTimeout);
        CheckTime("Deadline", plan.Deadline);
        return plan with
        {
            RequiredServices = ServiceNames("RequiredService", plan.RequiredServices),
            OptionalServices = ServiceNames("OptionalService", plan.OptionalServices),
            RemoveSysprepProviders = ProviderNames("RemoveSysprepProvider", plan.RemoveSysprepProviders),
            BeforeScript = Hook("BeforeScript", plan.BeforeScript, plan.Platform),
            AfterScript = Hook("AfterScript", plan.AfterScript, plan.Platform),
        };
    }

    /// <summary>Refuses a time that no wait can have.</summary>
    internal static void CheckTime(string option, TimeSpan value)
    {
        if (value < TimeSpan.FromSeconds(1) || value > LongestBuild || value.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            throw Invalid(option, value, $"-{option} is {new Duration(value)}, and has to be a whole number of seconds from 1 s to {LongestBuild.TotalHours} h, the longest build there is.");
        }
    }

    /// <summary>The names of services that an option gives, without repetition.</summary>
    /// <exception cref="AibException">One of them can be no service's, or there is no list.</exception>
    internal static string[] ServiceNames(string option, IReadOnlyList<string>? values) => Names(option, values, ServiceNameProblem);

    /// <summary>The file names of providers that an option gives, without repetition.</summary>
    /// <exception cref="AibException">One of them is no DLL's, or there is no list.</exception>
    internal static string[] ProviderNames(string option, IReadOnlyList<string>? values) => Names(option, values, DllNameProblem);

    // A variable that was never set, most likely: to take it for an empty list could leave out the very wait that was meant.
    private static IReadOnlyList<string> Given(string option, IReadOnlyList<string>? values) =>
        values ?? throw Invalid(option, option, $"-{option} is null; where there is nothing to name, give an empty list.");

    private static string[] Names(string option, IReadOnlyList<string>? given, Func<string, string?> problemOf)
    {
        var values = Given(option, given);
        foreach (var value in values)
        {
            if (problemOf(value) is { } problem)
            {
                throw Invalid(option, value, $"-{option} '{PrintableText.Of(value)}' {problem}");
            }
        }
        return values.Distinct(StringComparer.OrdinalIgnoreCase).ToArray();
    }

    // The limits of CreateServiceW; wildcards are refused because Get-Service would take them for a pattern.
    private static string? ServiceNameProblem(string name) =>
        string.IsNullOrWhiteSpace(name) ? "is empty."
        : name.Length > 256 ? "is longer than the 256 characters a service name can have."
        : name.Any(char.IsControl) ? "holds a control character."
        : name.IndexOfAny(['/', '\\']) >= 0 ? "holds a slash, which a service name cannot."
        : name.IndexOfAny(['*', '?', '[', ']']) >= 0 ? "holds a wildcard; name each service."
        : null;

    private static string? DllNameProblem(string name) =>
        !name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) || name.Length == 4 ? "is not the file name of a DLL, such as VMAgentDisabler.dll."
        : name.Any(char.IsControl) || name.IndexOfAny(['/', '\\', ':', '*', '?', '"', '<', '>', '|', ',']) >= 0 ? "is not a plain file name; give it without a path."
        : null;

    private static string Hook(string option, string text, DeprovisionPlatform platform)
    {
        if (text.IndexOf('\0') >= 0)
        {
            throw Invalid(option, text, $"-{option} holds a NUL character, which no script can.");
        }
        if (platform == DeprovisionPlatform.Windows)
        {
            return LineEnds.ToCrLf(text);
        }
        text = LineEnds.ToLf(text);
        try
        {
            ShText.Quote(text);
        }
        catch (ArgumentException)
        {
            throw Invalid(option, text, $"-{option} holds half of a surrogate pair, which has no bytes in UTF-8.");
        }
        return text;
    }

    private static AibException Invalid(string option, object value, string message) =>
        new(ErrorId.InvalidOptionValue, message, $"Correct the value of -{option}.", value);
}
