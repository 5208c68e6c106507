using AibDeprovision.Errors;
using AibDeprovision.Plans;
using AibDeprovision.Rules;
using AibDeprovision.Scripting;
using AibDeprovision.Scripting.Editing;
using AibDeprovision.Scripts;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Scripting;

/// <summary>Scripts that nobody has written: cut off, mixed up, random characters, deep and long. A check ends, and says at most that it does not understand.</summary>
public sealed class ScriptFuzzTests
{
    private const int Seed = 20261125;

    private static readonly string[] s_pieces =
    [
        "'", "\"", "`", "$(", "${", "@'\n", "'@", "@\"\n", "\"@", "{", "}", "(", ")", "[", "]", "<#", "#>", "<<EOF\n", "EOF\n", "\\", "\n", "\r\n", "|", "&&", "||", ";", ";;", "case x in\n", "esac",
        "while", "do", "\0", "\u2013", "\uFEFF", "\uD800", "sysprep", "/quit", " -replace 'a(', ''", "DeprovisioningScript", "waagent", "-deprovision", "Get-Service RdAgent", "ImageState",
    ];

    public static TheoryData<string, DeprovisionPlatform> Monsters => new()
    {
        { new string('(', 10_000_000), DeprovisionPlatform.Windows },
        { new string('(', 9_000), DeprovisionPlatform.Windows },
        { string.Concat(Enumerable.Repeat("+1", 300_000)), DeprovisionPlatform.Windows },
        { "1" + string.Concat(Enumerable.Repeat("+1", 9_900)), DeprovisionPlatform.Windows },
        { "$a" + string.Concat(Enumerable.Repeat(".c", 9_900)), DeprovisionPlatform.Windows },
        { string.Concat(Enumerable.Repeat("if(1){", 4_000)) + string.Concat(Enumerable.Repeat("}", 4_000)), DeprovisionPlatform.Windows },
        { new string('\n', 200_000), DeprovisionPlatform.Windows },
        { "while (" + new string(' ', 100_000) + ") {", DeprovisionPlatform.Windows },
        { new string('(', 1_000_000), DeprovisionPlatform.Linux },
        { string.Concat(Enumerable.Repeat("$(", 300_000)), DeprovisionPlatform.Linux },
        { string.Concat(Enumerable.Repeat("$(a ", 20_000)) + new string(')', 20_000), DeprovisionPlatform.Linux },
        { string.Concat(Enumerable.Repeat("`a", 300_000)), DeprovisionPlatform.Linux },
        { string.Concat(Enumerable.Repeat("\"$(\"", 100_000)), DeprovisionPlatform.Linux },
        { string.Concat(Enumerable.Repeat("cat <<E\n", 100_000)), DeprovisionPlatform.Linux },
        { string.Concat(Enumerable.Repeat("a;", 400_000)), DeprovisionPlatform.Linux },
        { new string('x', 10_000_000), DeprovisionPlatform.Linux },
    };

    [Theory]
    [MemberData(nameof(Monsters))]
    public void A_monster_is_an_answer(string text, DeprovisionPlatform platform) => Assert.All(ScriptChecks.Check(text, platform, null), f => Assert.NotEmpty(f.RuleId));

    [Fact]
    public void No_mutated_script_ends_the_caller()
    {
        var random = new Random(Seed);
        foreach (var platform in (DeprovisionPlatform[])[DeprovisionPlatform.Windows, DeprovisionPlatform.Linux])
        {
            List<string> seeds = [ScriptGenerator.Generate(new DeprovisionPlan { Platform = platform }).Content, .. GenericScripts.VersionsOf(platform).Select(v => ScriptPart.Load(v + (platform == DeprovisionPlatform.Windows ? ".ps1" : ".sh")))];
            for (var n = 0; n < GeneratedCases.Of(100_000) / 2; n++)
            {
                // The hardened scripts are long; a stretch of one is enough.
                var text = Mutated(random, seeds[random.Next(seeds.Count)]);
                try
                {
                    Assert.All(ScriptChecks.Check(text, platform, null), f => Assert.True(f.Line > 0 && f.Column > 0));
                    Change(text, platform);
                }
                catch (Exception e)
                {
                    throw new InvalidOperationException($"Script {n} of seed {Seed} for {platform}:\n{text}", e);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Monsters))]
    public void A_monster_is_changed_or_refused(string text, DeprovisionPlatform platform) => Change(text, platform);

    // Done or refused; and what was done is done.
    private static void Change(string text, DeprovisionPlatform platform)
    {
        try
        {
            var change = new ScriptChange { ModeVm = platform == DeprovisionPlatform.Windows, Fixes = [.. s_fixable.Where(rule => rule.Platform == platform).Select(rule => new RuleFix(rule, IsNamed: false))] };
            var changed = ScriptEditor.Change(text, platform, change);
            Assert.Equal(changed.Text, ScriptEditor.Change(changed.Text, platform, change).Text);
        }
        catch (AibException e) when (e.Id is ErrorId.EditMatchedNothing or ErrorId.EditNotPossible)
        {
            Assert.NotEmpty(e.Message);
        }
    }

    private static readonly Rule[] s_fixable = [.. RuleCatalogue.All.Where(rule => rule.Fix is not null)];

    private static string Mutated(Random random, string text)
    {
        var from = random.Next(text.Length);
        text = text.Substring(from, Math.Min(text.Length - from, random.Next(2_000)));
        for (var i = random.Next(1, 8); i > 0; i--)
        {
            var at = random.Next(text.Length + 1);
            text = random.Next(3) switch
            {
                0 => text.Insert(at, s_pieces[random.Next(s_pieces.Length)]),
                1 => text.Remove(at, Math.Min(text.Length - at, random.Next(20))),
                _ => text.Insert(at, ((char)random.Next(0x2100)).ToString()),
            };
        }
        return text;
    }
}
