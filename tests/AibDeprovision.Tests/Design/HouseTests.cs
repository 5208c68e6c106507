using System.Management.Automation;
using System.Reflection;
using System.Text.RegularExpressions;
using AibDeprovision.Commands;
using AibDeprovision.Errors;
using AibDeprovision.Plans;
using AibDeprovision.Rehearsal.Scenarios;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Design;

/// <summary>The rules of the house that a compiler does not hold: which assembly knows which, and what is where.</summary>
public sealed class HouseTests
{
    private static readonly Assembly s_core = typeof(DeprovisionPlan).Assembly;
    private static readonly Assembly s_rehearsal = typeof(RehearsalResult).Assembly;
    private static readonly Assembly s_module = typeof(AibCommand).Assembly;

    private static IEnumerable<string> Sources => Directory.EnumerateFiles(Repository.PathOf("src"), "*.cs", SearchOption.AllDirectories)
        .Where(path => !Regex.IsMatch(path, @"[/\\](obj|bin)[/\\]"));

    [Fact]
    public void Core_knows_neither_PowerShell_nor_the_rehearsal()
    {
        Assert.DoesNotContain("System.Management.Automation", References(s_core));
        Assert.DoesNotContain(References(s_core), name => name.StartsWith("AibDeprovision", StringComparison.Ordinal));
    }

    [Fact]
    public void Only_the_module_knows_the_rehearsal()
    {
        var projects = Directory.EnumerateFiles(Repository.PathOf("src"), "*.csproj", SearchOption.AllDirectories)
            .Where(project => File.ReadAllText(project).Contains("AibDeprovision.Rehearsal.csproj", StringComparison.Ordinal));
        Assert.Equal(["AibDeprovision.csproj"], projects.Select(Path.GetFileName));
        Assert.Equal(["AibDeprovision.Core"], References(s_rehearsal).Where(name => name.StartsWith("AibDeprovision", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_namespace_is_its_folder()
    {
        foreach (var path in Sources)
        {
            var place = Path.GetRelativePath(Repository.PathOf("src"), path).Split(Path.DirectorySeparatorChar)[..^1];
            var expected = string.Join('.', place).Replace("AibDeprovision.Core", "AibDeprovision", StringComparison.Ordinal);
            var actual = Regex.Match(File.ReadAllText(path), @"(?m)^namespace ([\w.]+);").Groups[1].Value;
            Assert.True(expected == actual, $"{path}: the namespace is {actual}, the folder says {expected}.");
        }
    }

    [Fact]
    public void A_cmdlet_fits_on_a_page_or_two()
    {
        foreach (var path in Sources.Where(path => Path.GetFileName(Path.GetDirectoryName(path)) == "Commands" && path.Contains($"src{Path.DirectorySeparatorChar}AibDeprovision{Path.DirectorySeparatorChar}", StringComparison.Ordinal)))
        {
            Assert.True(File.ReadLines(path).Count() <= 120, $"{path} has more than 120 lines.");
        }
    }

    /// <summary>What a script can get hold of is public: what a cmdlet writes or takes, what that is made of, and the exception in an error record.</summary>
    [Fact]
    public void A_type_is_public_only_where_a_cmdlet_emits_it()
    {
        var emitted = new HashSet<Type>();
        foreach (var cmdlet in s_module.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(Cmdlet))))
        {
            foreach (var output in cmdlet.GetCustomAttributes<OutputTypeAttribute>().SelectMany(attribute => attribute.Type))
            {
                Add(output.Type);
            }
            foreach (var parameter in cmdlet.GetProperties().Where(property => property.IsDefined(typeof(ParameterAttribute))))
            {
                Add(parameter.PropertyType);
            }
        }
        Add(typeof(AibException));
        Assert.Empty(s_core.GetExportedTypes().Concat(s_rehearsal.GetExportedTypes()).Except(emitted));

        void Add(Type? type)
        {
            if (type is null)
            {
                return;
            }
            foreach (var part in type.GetGenericArguments().Append(type.GetElementType()).OfType<Type>())
            {
                Add(part);
            }
            if (type.Assembly.GetName().Name!.StartsWith("AibDeprovision", StringComparison.Ordinal) && emitted.Add(type))
            {
                foreach (var property in type.GetProperties())
                {
                    Add(property.PropertyType);
                }
            }
        }
    }

    private static IEnumerable<string> References(Assembly assembly) => assembly.GetReferencedAssemblies().Select(name => name.Name!);
}
