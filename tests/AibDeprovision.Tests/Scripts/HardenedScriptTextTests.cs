using System.Management.Automation.Language;
using System.Text;
using AibDeprovision.Errors;
using AibDeprovision.Plans;
using AibDeprovision.Scripts;

namespace AibDeprovision.Tests.Scripts;

/// <summary>The hardened scripts as texts: their settings, their form, and that nothing in an option becomes code by accident.</summary>
public sealed class HardenedScriptTextTests
{
    /// <summary>Values that must stay data wherever they go.</summary>
    private static readonly string[] Hostile = ["'; Remove-Item C:\\ -Recurse #", "$(reboot)", "line\nbreak", "it's", "\"", "\u2019; reboot #"];

    private static readonly DeprovisionPlan EveryWindowsOption = new()
    {
        ModeVm = true,
        Strict = true,
        RequiredServices = ["RdAgent", "WindowsAzureGuestAgent", "My Service's"],
        OptionalServices = [],
        ServiceTimeout = TimeSpan.FromMinutes(5),
        SysprepTimeout = TimeSpan.FromMinutes(30),
        Deadline = TimeSpan.FromMinutes(40),
        RemoveSysprepProviders = ["VMAgentDisabler.dll"],
        NoTrace = true,
        BeforeScript = "Write-Output 'before'\nStop-Service -Name 'Spooler'\n",
        AfterScript = "Write-Output \"caf\u00e9\"",
    };

    private static readonly DeprovisionPlan EveryLinuxOption = new()
    {
        Platform = DeprovisionPlatform.Linux,
        KeepUser = true,
        Keep = ResidueKinds.MachineId | ResidueKinds.Logs | ResidueKinds.RootSshKeys,
        ServiceTimeout = TimeSpan.FromMinutes(5),
        Deadline = TimeSpan.FromMinutes(40),
        NoTrace = true,
        BeforeScript = "echo \"it's before\"\nsystemctl stop cron\n",
        AfterScript = "echo caf\u00e9",
    };

    public static TheoryData<string> Scripts => ["windows-default.ps1", "windows-every-option.ps1", "linux-default.sh", "linux-every-option.sh"];

    private const string EveryWindowsSetting = """
        $Settings = @{
            ModeVm                 = $true
            RequiredServices       = @('RdAgent', 'WindowsAzureGuestAgent', 'My Service''s')
            OptionalServices       = @()
            ServiceTimeout         = 300
            SysprepTimeout         = 1800
            Deadline               = 2400
            RemoveSysprepProviders = @('VMAgentDisabler.dll')
            Strict                 = $true
            NoTrace                = $true
            BeforeScript           = 'Write-Output ''before''
        Stop-Service -Name ''Spooler''
        '
            AfterScript            = ('Write-Output "caf' + [char]0x00E9 + '"')
        }
        """;

    private const string EveryLinuxSetting = """
        KEEP_USER='yes'
        KEEP_MACHINE_ID='yes'
        KEEP_CLOUD_INIT='no'
        KEEP_LOGS='yes'
        KEEP_HISTORY='no'
        KEEP_TEMP_FILES='no'
        KEEP_ROOT_SSH_KEYS='yes'
        KEEP_CREDENTIALS='no'
        KEEP_SUBSCRIPTIONS='no'
        KEEP_DOMAIN_JOIN='no'
        KEEP_AGENTS='no'
        AGENT_TIMEOUT='300'
        DEADLINE='2400'
        NO_TRACE='yes'
        BEFORE_SCRIPT='echo "it'\''s before"
        systemctl stop cron
        '
        AFTER_SCRIPT='echo caf'"$(printf '\303\251')"
        """;

    /// <summary>The script of the default plan is the part as it stands, as another test holds.</summary>
    [Theory]
    [InlineData("windows-every-option.ps1", "hardened.windows.ps1", EveryWindowsSetting, "\r\n")]
    [InlineData("linux-every-option.sh", "hardened.linux.sh", EveryLinuxSetting, "\n")]
    public void The_script_is_the_part_with_these_settings_in_it_and_nothing_else_changed(string name, string part, string settings, string lineEnd)
    {
        var lines = ScriptPart.Load(part).TrimEnd('\n').Split('\n');
        var start = Assert.Single(lines.Index(), line => line.Item.StartsWith("# --- settings -", StringComparison.Ordinal)).Index;
        var end = Assert.Single(lines.Index(), line => line.Item.StartsWith("# --- end of settings -", StringComparison.Ordinal)).Index;
        string[] expected = [.. lines[..(start + 1)], .. settings.ReplaceLineEndings("\n").Split('\n'), .. lines[end..]];

        Assert.Equal(string.Concat(expected.Select(line => line + lineEnd)), ScriptGenerator.Generate(PlanOf(name)).Content);
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void The_script_is_ASCII_with_the_platforms_line_ends_and_no_byte_order_mark(string name)
    {
        var script = ScriptGenerator.Generate(PlanOf(name));
        var bytes = script.GetBytes();

        Assert.True(Ascii.IsValid(bytes));
        Assert.DoesNotContain((byte)0, bytes);
        var lines = script.Content.Split('\n');
        Assert.Equal("", lines[^1]);
        Assert.All(lines[..^1], line => Assert.Equal(script.Platform == DeprovisionPlatform.Windows, line.EndsWith('\r')));
        Assert.All(lines, line => Assert.DoesNotContain('\r', line.TrimEnd('\r')));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)), script.Sha256);
    }

    [Theory]
    [InlineData(DeprovisionPlatform.Windows, "hardened.windows.ps1")]
    [InlineData(DeprovisionPlatform.Linux, "hardened.linux.sh")]
    public void The_source_as_it_stands_is_the_script_of_the_default_plan(DeprovisionPlatform platform, string part) =>
        Assert.Equal(ScriptPart.Load(part), ScriptGenerator.Generate(new DeprovisionPlan { Platform = platform }).Content.ReplaceLineEndings("\n"));

    [Theory]
    [InlineData("windows-default.ps1")]
    [InlineData("windows-every-option.ps1")]
    public void The_Windows_script_parses_uses_no_alias_and_only_what_5_1_has(string name)
    {
        var script = Parse(ScriptGenerator.Generate(PlanOf(name)).Content);

        var commands = script.FindAll(a => a is CommandAst, searchNestedScriptBlocks: true).Cast<CommandAst>()
            .Select(c => c.GetCommandName()).Where(n => n is not null).Distinct().ToArray();
        Assert.Contains("Start-Process", commands);
        Assert.All(commands, c => Assert.Matches("^[A-Z][a-z]+-[A-Z][A-Za-z]+$", c));
        // Operators and statements that came after 5.1.
        Assert.DoesNotContain(script.FindAll(_ => true, searchNestedScriptBlocks: true), a => a is TernaryExpressionAst or PipelineChainAst
            || a is BinaryExpressionAst { Operator: TokenKind.QuestionQuestion } || a is MemberExpressionAst { NullConditional: true }
            || a is AssignmentStatementAst { Operator: TokenKind.QuestionQuestionEquals });
        // No static .NET call at all, and instance calls on strings and dates only: what ConstrainedLanguage allows.
        var calls = script.FindAll(a => a is InvokeMemberExpressionAst, searchNestedScriptBlocks: true).Cast<InvokeMemberExpressionAst>().ToArray();
        Assert.DoesNotContain(calls, c => c.Static);
        Assert.All(calls, c => Assert.Contains(((StringConstantExpressionAst)c.Member).Value,
            new[] { "ToUniversalTime", "Split", "Trim", "Substring", "LastIndexOf", "Contains", "ToLowerInvariant" }));
    }

    [Fact]
    public void Hostile_text_in_the_options_of_a_Windows_script_is_data_or_an_error()
    {
        foreach (var value in Hostile)
        {
            foreach (var plan in new DeprovisionPlan[]
            {
                new() { RequiredServices = [value] }, new() { OptionalServices = [value] }, new() { RemoveSysprepProviders = [value] },
                new() { RemoveSysprepProviders = [value + ".dll"] }, new() { BeforeScript = value }, new() { AfterScript = value },
            })
            {
                DeprovisionScript script;
                try
                {
                    script = ScriptGenerator.Generate(plan);
                }
                catch (AibException e)
                {
                    Assert.Equal(ErrorId.InvalidOptionValue, e.Id);
                    Assert.Equal(value, e.Target?.ToString()?.Replace(".dll", "", StringComparison.Ordinal));
                    continue;
                }
                // Same statements as ever: the value has not become one.
                Assert.Equal(ShapeOf(new DeprovisionPlan()), ShapeOf(plan));
                Assert.True(Ascii.IsValid(script.Content));
            }
        }
    }

    /// <summary>Every command and function of the script in order: what it can do.</summary>
    private static IEnumerable<string> ShapeOf(DeprovisionPlan plan) => Parse(ScriptGenerator.Generate(plan).Content)
        .FindAll(a => a is CommandAst or FunctionDefinitionAst or InvokeMemberExpressionAst, searchNestedScriptBlocks: true).Select(a => a.ToString());

    private static ScriptBlockAst Parse(string content)
    {
        var script = Parser.ParseInput(content, out _, out var errors);
        Assert.Empty(errors);
        return script;
    }

    private static DeprovisionPlan PlanOf(string name) => name switch
    {
        "windows-default.ps1" => new DeprovisionPlan(),
        "windows-every-option.ps1" => EveryWindowsOption,
        "linux-default.sh" => new DeprovisionPlan { Platform = DeprovisionPlatform.Linux },
        _ => EveryLinuxOption,
    };
}
