using AibDeprovision.Plans;
using AibDeprovision.Scripts;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Commands;

/// <summary>Durations as people write them, converted by the engine alone.</summary>
public sealed class DurationTests : IDisposable
{
    private readonly EngineSession _engine = new();

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData("30", 30)]
    [InlineData("'30'", 30)]
    [InlineData("'90s'", 90)]
    [InlineData("'15m'", 900)]
    [InlineData("'1h30m'", 5400)]
    [InlineData("'1H30M10S'", 5410)]
    [InlineData("'00:30:00'", 1800)]
    [InlineData("[timespan]'00:30:00'", 1800)]
    [InlineData("[timespan]::FromMinutes(2)", 120)]
    [InlineData("[long]90", 90)]
    [InlineData("[int16]90", 90)]
    [InlineData("90.0", 90)]
    public void The_engine_converts(string value, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Assert.Single(_engine.Run($"[AibDeprovision.Plans.Duration]({value})").Objects<Duration>()).ToTimeSpan());

    [Theory]
    [InlineData("1d", "24h")]
    [InlineData("1.5d", "24h")]
    [InlineData("1.5", "not whole")]
    [InlineData("'soon'", "not a duration")]
    [InlineData("'1d'", "not a duration")]
    [InlineData("''", "not a duration")]
    [InlineData("'1.5h'", "not a duration")]
    [InlineData("9223372036854775807", "not a duration")]
    [InlineData("[double]::NaN", "not a duration")]
    [InlineData("[double]::PositiveInfinity", "not a duration")]
    public void What_is_none_is_refused_with_the_reason(string value, string reason)
    {
        var result = _engine.Run($"[AibDeprovision.Plans.Duration]({value})");
        Assert.Empty(result.Output);
        Assert.Contains(reason, result.Error.Exception.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("15m")]
    [InlineData("1h30m")]
    [InlineData("2h")]
    [InlineData("45s")]
    [InlineData("0s")]
    [InlineData("26h3m4s")]
    public void A_duration_is_shown_as_it_is_given(string text) => Assert.Equal(text, new Duration(text).ToString());

    [Fact]
    public void A_duration_unquoted_on_a_command_line_is_one()
    {
        Assert.Equal(TimeSpan.FromSeconds(1800), _engine.Run("New-AibDeprovisionScript Windows -SysprepTimeout 30m").Objects<DeprovisionScript>()[0].Plan.SysprepTimeout);
        var refused = _engine.Run("New-AibDeprovisionScript Windows -SysprepTimeout 1d").Error;
        Assert.Equal("CannotConvertArgumentNoMessage,AibDeprovision.Commands.NewAibDeprovisionScriptCommand", refused.FullyQualifiedErrorId);
        Assert.Contains("24h", refused.Exception.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Windows", "-Deadline 30m", "-Deadline 30m is below -ServiceTimeout 15m and -SysprepTimeout 45m: it ends them early.")]
    [InlineData("Linux", "-Deadline 5m", "-Deadline 5m is below -ServiceTimeout 15m: it ends them early.")]
    public void A_deadline_below_its_parts_warns(string platform, string option, string warning)
    {
        Assert.Equal([warning], _engine.Run($"New-AibDeprovisionScript {platform} {option}").Warnings);
        Assert.Empty(_engine.Run($"New-AibDeprovisionScript {platform}").Warnings);
    }
}
