using System.Diagnostics;
using System.Management.Automation.Language;
using System.Text;
using AibDeprovision.Scripts;
using AibDeprovision.Scripts.Quoting;
using AibDeprovision.Tests.Engine;
using CsCheck;

namespace AibDeprovision.Tests.Scripts;

/// <summary>Whatever a value holds: quoted, it parses to one value and comes back unchanged, and nothing runs.</summary>
public sealed class QuotingTests
{
    private static readonly string[] Nasty =
    [
        "", "'", "''", "\"", "`", "$(reboot)", "`reboot`", "'; Remove-Item C:\\ -Recurse #", "\n", "\r", "\r\n", "\r\n'\r\n", "a\\", "\\'",
        "'@\n@'", "@'\n", "\u2018", "\u2019", "\u201A", "\u201B", "\u201C", "caf\u00e9", "\ud83d\ude00", "\t", "\u0085", "\u2028", "-n", "%s\\n", "$HOME", "!!",
        "${IFS}", "<#", "#>", "--%", "'\"'\"'", "$env:X", "\u0007", "# --- end of settings -", "}",
    ];

    /// <summary>Pieces that hurt, in any order, mixed with any characters.</summary>
    private static readonly Gen<string> AnyText = Gen.OneOf(Gen.Int[0, Nasty.Length - 1].Select(i => Nasty[i]), Gen.String, Gen.Char['\u2010', '\u2030'].Select(c => c.ToString()))
        .Array[0, 6].Select(string.Concat);

    [Fact]
    public void PowerShell_gives_back_any_text_unchanged()
    {
        AnyText.Sample(value => Assert.Equal(value, EvaluatedByPowerShell(PowerShellText.Quote(value))), iter: 3000);
        Assert.Equal("\0", EvaluatedByPowerShell(PowerShellText.Quote("\0")));
    }

    [Fact]
    public void PowerShell_source_is_ASCII_and_stays_the_same_value_when_line_ends_become_CR_LF() => AnyText.Sample(value =>
    {
        var source = PowerShellText.Quote(value);
        Assert.True(Ascii.IsValid(source));
        Assert.Equal(value, EvaluatedByPowerShell(LineEnds.ToCrLf(source)));
    }, iter: 3000);

    [Theory]
    [InlineData("dash")]
    [InlineData("bash --posix")]
    [InlineData("busybox sh")]
    public void Shells_give_back_any_text_unchanged(string shell)
    {
        // One process for all values: each is printed between NULs, which no value can hold.
        var values = Nasty.Concat(Enumerable.Range(0, 400).Select(_ => AnyText.Single())).Where(IsShellText).ToArray();
        var script = string.Concat(values.Select(v => $"printf '%s\\000' {ShText.Quote(v)}\n"));
        Assert.True(Ascii.IsValid(script));

        var returned = RunShell(shell, script).Split('\0');

        Assert.Equal(values, returned[..^1]);
    }

    [Fact]
    public void A_shell_cannot_hold_NUL_or_half_a_character()
    {
        Assert.Throws<ArgumentException>(() => ShText.Quote("a\0b"));
        Assert.ThrowsAny<ArgumentException>(() => ShText.Quote("\ud83d"));
    }

    [Fact]
    public void Arrays_booleans_and_times_are_written_as_PowerShell_and_sh_read_them()
    {
        Assert.Equal("@('a', 'it''s')", PowerShellText.Quote(["a", "it's"]));
        Assert.Equal("@()", PowerShellText.Quote(Array.Empty<string>()));
        Assert.Equal("$true $false", $"{PowerShellText.Quote(true)} {PowerShellText.Quote(false)}");
        Assert.Equal("900", PowerShellText.Quote(TimeSpan.FromMinutes(15)));
        Assert.Equal("'yes' 'no' '900'", $"{ShText.Quote(true)} {ShText.Quote(false)} {ShText.Quote(TimeSpan.FromMinutes(15))}");
    }

    private static bool IsShellText(string value) =>
        !value.Contains('\0', StringComparison.Ordinal) && string.Equals(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(value)), value, StringComparison.Ordinal);

    /// <summary>Parses the source and evaluates it by its syntax tree alone: string literals, [char] casts, plus and parentheses are all it may hold.</summary>
    private static string EvaluatedByPowerShell(string source)
    {
        var script = Parser.ParseInput("$x = " + source + "\r\n'end'", out _, out var errors);
        Assert.Empty(errors);
        Assert.Equal(2, script.EndBlock.Statements.Count);
        var assignment = Assert.IsType<AssignmentStatementAst>(script.EndBlock.Statements[0]);
        return ValueOf(Assert.IsType<CommandExpressionAst>(assignment.Right).Expression);
    }

    private static string ValueOf(Ast ast) => ast switch
    {
        StringConstantExpressionAst { StringConstantType: StringConstantType.SingleQuoted } text => text.Value,
        ConvertExpressionAst { Type.TypeName.FullName: "char", Child: ConstantExpressionAst { Value: int code } } => ((char)code).ToString(),
        BinaryExpressionAst { Operator: TokenKind.Plus } sum => ValueOf(sum.Left) + ValueOf(sum.Right),
        ParenExpressionAst { Pipeline: PipelineAst { PipelineElements: [CommandExpressionAst inside] } } => ValueOf(inside.Expression),
        _ => throw new InvalidOperationException($"Not inert: {ast.GetType().Name} '{ast}'"),
    };

    private static string RunShell(string shell, string script)
    {
        var command = shell.Split(' ');
        Assert.SkipUnless(Toolbox.Has(command[0]), Toolbox.Missing(command[0]));
        var start = new ProcessStartInfo(command[0]) { RedirectStandardInput = true, RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8 };
        foreach (var option in command.Skip(1).Append("-s"))
        {
            start.ArgumentList.Add(option);
        }
        using var process = Process.Start(start)!;
        process.StandardInput.Write(script);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
