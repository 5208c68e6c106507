using System.Management.Automation;
using AibDeprovision.Rehearsal.Windows.Sandbox;
using AibDeprovision.Rehearsal.Windows.Vm;

namespace AibDeprovision.Rehearsal.Windows.Types;

/// <summary>System.IO.File, Directory and Path on the VM's disk, and encodings, which its files do not have.</summary>
internal static class FileTypes
{
    /// <summary>Their members.</summary>
    public static IEnumerable<(string Name, SimulatedMember Member)> Members =>
    [
        ("IO.File::Exists", (run, a) => run.Vm.Files.IsFile(Full(run, a[0]))),
        ("IO.File::ReadAllText", (run, a) => TextOf(run, a[0])),
        ("IO.File::ReadAllLines", (run, a) => LinesOf(TextOf(run, a[0]))),
        ("IO.File::ReadLines", (run, a) => LinesOf(TextOf(run, a[0]))),
        ("IO.File::WriteAllText", (run, a) => Write(run, a[0], Text(a[1]), append: false)),
        ("IO.File::AppendAllText", (run, a) => Write(run, a[0], Text(a[1]), append: true)),
        ("IO.File::WriteAllLines", (run, a) => Write(run, a[0], Lines(a[1]), append: false)),
        ("IO.File::AppendAllLines", (run, a) => Write(run, a[0], Lines(a[1]), append: true)),
        ("IO.File::Delete", (run, a) => Delete(run, a[0])),
        ("IO.File::Copy", (run, a) => Write(run, a[1], TextOf(run, a[0]), append: false)),
        ("IO.File::Move", (run, a) => Move(run, a[0], a[1])),
        ("IO.Directory::Exists", (run, a) => Full(run, a[0]) is var path && run.Vm.Files.Exists(path) && !run.Vm.Files.IsFile(path)),
        ("IO.Directory::CreateDirectory", (run, a) => CreateFolder(run, a[0])),
        ("IO.Directory::Delete", (run, a) => Delete(run, a[0])),
        ("IO.Directory::GetFiles", (run, a) => Children(run, a, files: true)),
        ("IO.Directory::GetDirectories", (run, a) => Children(run, a, files: false)),
        ("IO.Path::Combine", (_, a) => a.Select(Text).Aggregate(Combine)),
        ("IO.Path::GetFileName", (_, a) => FileName(Text(a[0]))),
        ("IO.Path::GetFileNameWithoutExtension", (_, a) => FileName(Text(a[0])) is var name && name.LastIndexOf('.') is > 0 and var dot ? name.Substring(0, dot) : FileName(Text(a[0]))),
        ("IO.Path::GetExtension", (_, a) => FileName(Text(a[0])) is var name && name.LastIndexOf('.') is >= 0 and var dot ? name.Substring(dot) : ""),
        ("IO.Path::GetDirectoryName", (_, a) => SimulatedRegistry.ParentOf(Text(a[0]).Replace('/', '\\'))),
        ("IO.Path::GetFullPath", (run, a) => Full(run, a[0])),
        ("IO.Path::GetTempPath", (run, _) => run.Vm.Environment["TEMP"] + "\\"),
        .. Encodings.Select(name => ($"Text.Encoding::{name}", (SimulatedMember)((_, _) => name))),
        ("Text.UTF8Encoding::new", (_, _) => "UTF8"),
        ("Text.ASCIIEncoding::new", (_, _) => "ASCII"),
        ("Text.UnicodeEncoding::new", (_, _) => "Unicode"),
    ];

    private static IEnumerable<string> Encodings => ["UTF8", "ASCII", "Unicode", "Default", "BigEndianUnicode", "UTF7", "UTF32"];

    private static string Text(object? value) => LanguagePrimitives.ConvertTo<string>(value);

    private static string Lines(object? value) => string.Concat(LanguagePrimitives.ConvertTo<string[]>(value).Select(line => line + "\r\n"));

    private static string Full(ScriptRun run, object? path)
    {
        var target = VmPath.Of(run.Vm, Text(path));
        return target.Store == VmStore.File ? target.Full : "";
    }

    private static string TextOf(ScriptRun run, object? path)
    {
        var full = Full(run, path);
        var text = run.Vm.Files.Read(full) ?? throw new FileNotFoundException($"Could not find file '{full}'.");
        foreach (var line in LinesOf(text))
        {
            run.Output.Quote(line);
        }
        return text;
    }

    private static string[] LinesOf(string text)
    {
        var lines = text.Replace("\r\n", "\n").Split('\n');
        return lines[lines.Length - 1].Length > 0 ? lines : [.. lines.Take(lines.Length - 1)];
    }

    private static object Write(ScriptRun run, object? path, string text, bool append)
    {
        var full = Full(run, path);
        var folder = SimulatedRegistry.ParentOf(full);
        if (!run.Vm.Files.Exists(folder) || run.Vm.Files.IsFile(folder))
        {
            throw new DirectoryNotFoundException($"Could not find a part of the path '{full}'.");
        }
        run.Vm.Files.Write(full, (append ? run.Vm.Files.Read(full) : "") + text);
        return SimulatedTypes.Nothing;
    }

    private static object Delete(ScriptRun run, object? path)
    {
        run.Vm.Files.Delete(Full(run, path));
        return SimulatedTypes.Nothing;
    }

    private static object Move(ScriptRun run, object? from, object? to)
    {
        TextOf(run, from);
        run.Vm.Files.Move(Full(run, from), Full(run, to));
        return SimulatedTypes.Nothing;
    }

    private static PSObject CreateFolder(ScriptRun run, object? path)
    {
        run.Vm.Files.CreateFolder(Full(run, path));
        return ItemObject.Of(run.Vm, VmPath.Of(run.Vm, Text(path)));
    }

    private static string[] Children(ScriptRun run, object?[] arguments, bool files)
    {
        var pattern = WildcardPattern.Get(arguments.Length > 1 ? Text(arguments[1]) : "*", WildcardOptions.IgnoreCase);
        return [.. run.Vm.Files.ChildrenOf(Full(run, arguments[0])).Where(path => run.Vm.Files.IsFile(path) == files && pattern.IsMatch(FileName(path)))];
    }

    private static string Combine(string first, string second) =>
        second.IndexOf(':') > 0 || second.StartsWith("\\", StringComparison.Ordinal) ? second : first.Length == 0 ? second : first.TrimEnd('\\', '/') + "\\" + second;

    private static string FileName(string path) => path.Substring(path.LastIndexOfAny(['\\', '/', ':']) + 1);
}
