using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;
using AibDeprovision.Machine.Linux;

namespace AibDeprovision.Rules.Linux;

/// <summary>What a probe of a Linux machine asks. The names are those of the script's functions, in its way of writing.</summary>
internal enum LinuxProbeKind
{
    /// <summary>Whether one of the places is there.</summary>
    Exists,

    /// <summary>Whether none of the places is there.</summary>
    Missing,

    /// <summary>Whether no folder of PATH has the program; of an image, whose PATH nobody knows, always.</summary>
    NotInPath,

    /// <summary>Whether a file of the places has a line with the pattern.</summary>
    HasLine,

    /// <summary>Whether no file of the places has such a line.</summary>
    HasNoLine,

    /// <summary>Whether a line in a file of the places has the version after the pattern, and it is below <see cref="LinuxProbe.Limit"/>.</summary>
    HasVersionBelow,

    /// <summary>Whether the first line of a file of the places names a program that is missing.</summary>
    LacksInterpreter,

    /// <summary>Whether a file of the places is there and is no XML.</summary>
    IsNotXml,

    /// <summary>Whether a program (the places are its words) is there, fails, and prints a line with the pattern.</summary>
    Fails,

    /// <summary>Whether a package manager is at work.</summary>
    PackageManagerRuns,

    /// <summary>Whether there is one of the units, and systemd would start none of them.</summary>
    NotEnabled,

    /// <summary>Whether cloud-init would run at the first boot of a VM.</summary>
    CloudInitIsOn,

    /// <summary>Whether it would not, or is not installed.</summary>
    CloudInitIsOff,

    /// <summary>Whether less than <see cref="LinuxProbe.Limit"/> MB are free where the place is.</summary>
    FreeBelow,

    /// <summary>Whether the process is not root's.</summary>
    IsNotRoot,
}

/// <summary>
/// One question to a Linux machine, as data: this assembly asks it by the machine's files, and the script that only checks, which is
/// given the same data, by sh. Patterns are what extended regular expressions and .NET's have in common.
/// </summary>
/// <param name="Kind">What it asks.</param>
/// <param name="Places">Paths with * in their names, units, or the words of a program; empty where it asks for none.</param>
internal sealed record LinuxProbe(LinuxProbeKind Kind, params string[] Places)
{
    private static readonly string[] OfTheKernel = ["/proc/", "/run/", "/sys/"];

    /// <summary>The pattern; empty where none is needed.</summary>
    public string Pattern { get; init; } = "";

    /// <summary>A limit: a version or a number.</summary>
    public string Limit { get; init; } = "";

    /// <summary>What {found} stands for in the sentences; null for what was found.</summary>
    public string? Name { get; init; }

    /// <summary>Whether only a machine that runs can answer, and no mounted image.</summary>
    public bool NeedsMachine => Kind is LinuxProbeKind.Fails or LinuxProbeKind.PackageManagerRuns or LinuxProbeKind.FreeBelow or LinuxProbeKind.IsNotRoot
        || Places.Any(place => OfTheKernel.Any(folder => place.StartsWith(folder, StringComparison.Ordinal)));

    /// <summary>What was found; null where the answer is no.</summary>
    /// <exception cref="Errors.AibException">The machine does not say.</exception>
    public LinuxFound? Ask(LinuxView view) => Answer(view) is { } found ? found with { Text = Name ?? found.Text } : null;

    private LinuxFound? Answer(LinuxView view) => Kind switch
    {
        LinuxProbeKind.Exists => Files(view).Select(At).FirstOrDefault(),
        LinuxProbeKind.Missing => Files(view).Any() ? null : new LinuxFound(Places[0]),
        LinuxProbeKind.NotInPath => view.Machine?.RunProgram(["sh", "-c", "command -v " + Places[0]]) is { Status: 0 } ? null : new LinuxFound(Places[0]),
        LinuxProbeKind.HasLine => Lines(view).FirstOrDefault(),
        LinuxProbeKind.HasNoLine => Lines(view).Any() ? null : new LinuxFound(Places[0]),
        LinuxProbeKind.HasVersionBelow => Lines(view).Where(line => Version.TryParse(line.Match!.Groups[1].Value, out var version) && version < Version.Parse(Limit)).Select(line => line with { Text = line.Match!.Groups[1].Value }).FirstOrDefault(),
        LinuxProbeKind.LacksInterpreter => Files(view).Where(file => Interpreter(view, file) is { } program && !view.Tree.Exists(program)).Select(At).FirstOrDefault(),
        LinuxProbeKind.IsNotXml => Files(view).Where(file => view.Tree.ReadText(file) is { } text && !IsXml(text)).Select(At).FirstOrDefault(),
        LinuxProbeKind.NotEnabled => Places.Any(unit => view.Units.FileOf(unit) is not null) && !Places.Any(unit => view.Units.IsWanted(unit) && !view.Units.IsMasked(unit)) ? new LinuxFound(Places[0]) : null,
        LinuxProbeKind.CloudInitIsOn => view.FirstBoot.CloudInit ? new LinuxFound("cloud-init") : null,
        LinuxProbeKind.CloudInitIsOff => view.FirstBoot.CloudInit ? null : new LinuxFound("cloud-init"),
        LinuxProbeKind.PackageManagerRuns => LinuxPackageManagers.Running(view.Tree) is { } running ? new LinuxFound(running) : null,
        LinuxProbeKind.FreeBelow => view.Machine!.FreeSpace(Places[0]) / (1024 * 1024) is var free && free < long.Parse(Limit, CultureInfo.InvariantCulture) ? new LinuxFound(free.ToString(CultureInfo.InvariantCulture)) : null,
        LinuxProbeKind.IsNotRoot => view.Machine!.IsRoot ? null : new LinuxFound("root"),
        _ => Failure(view.Machine!),
    };

    private IEnumerable<string> Files(LinuxView view) => Places.SelectMany(view.Tree.Find).Where(file => view.Tree.Exists(file));

    private static LinuxFound At(string file) => new(file) { File = file };

    private IEnumerable<LinuxFound> Lines(LinuxView view)
    {
        var pattern = new Regex(Pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        return from file in Places.SelectMany(view.Tree.Find)
               from line in view.Tree.LinesOf(file)
               let match = pattern.Match(line.Text)
               where match.Success
               select new LinuxFound(file) { File = file, Line = line.Number, Match = match };
    }

    // #!/usr/bin/python3, or #!/usr/bin/env python3, which any folder of programs may have.
    private static string? Interpreter(LinuxView view, string file)
    {
        var words = (view.Tree.LinesOf(file).FirstOrDefault().Text ?? "").Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return words is not [var first, ..] || !first.StartsWith("#!/", StringComparison.Ordinal) ? null
            : !first.EndsWith("/env", StringComparison.Ordinal) ? first.Substring(2)
            : words is [_, var name, ..] && !name.StartsWith("-", StringComparison.Ordinal) ? LinuxView.ProgramFolders.Select(folder => $"{folder}/{name}").FirstOrDefault(view.Tree.Exists) ?? $"/usr/bin/{name}"
            : null;
    }

    // As waagent's reader: well-formed is enough, and what a document type brings in does not matter.
    private static bool IsXml(string text)
    {
        try
        {
            using var reader = XmlReader.Create(new StringReader(text.TrimStart('\uFEFF')), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null });
            while (reader.Read())
            {
                // To its end.
            }
            return true;
        }
        catch (XmlException)
        {
            return false;
        }
    }

    private LinuxFound? Failure(ILinuxSystem machine)
    {
        var run = machine.RunProgram(Places);
        return run is { HasRun: true, Status: not 0, TimedOut: false } && run.Lines.FirstOrDefault(line => Regex.IsMatch(line, Pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1))) is { } line
            ? new LinuxFound(SecretText.Mask(PrintableText.Short(line.Trim())))
            : null;
    }
}

/// <summary>What a probe has found.</summary>
/// <param name="Text">In words: mostly the path.</param>
internal sealed record LinuxFound(string Text)
{
    /// <summary>The file; null for none.</summary>
    public string? File { get; init; }

    /// <summary>The line in it, from 1; null for none.</summary>
    public int? Line { get; init; }

    /// <summary>What of the line has matched.</summary>
    public Match? Match { get; init; }
}
