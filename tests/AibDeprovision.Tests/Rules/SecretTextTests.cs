using System.Diagnostics;
using AibDeprovision.Generalizing.Windows;
using AibDeprovision.Rules;

namespace AibDeprovision.Tests.Rules;

public sealed class SecretTextTests
{
    private const string Secret = "S3cr3t!Value";

    [Theory]
    [InlineData("SYSPRP join failed, password=S3cr3t!Value for domain x", "SYSPRP join failed, password=*** for domain x")]
    [InlineData("Password: S3cr3t!Value", "Password: ***")]
    [InlineData("{\"adminPassword\": \"S3cr3t!Value\", \"user\": \"packer\"}", "{\"adminPassword\": \"***\", \"user\": \"packer\"}")]
    [InlineData("$env:ADMIN_PASSWORD = 'S3cr3t!Value more'", "$env:ADMIN_PASSWORD = '***'")]
    [InlineData("pwd=S3cr3t!Value;Database=x", "pwd=***;Database=x")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=a;AccountKey=S3cr3t!Value==;EndpointSuffix=x", "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=***;EndpointSuffix=x")]
    [InlineData("https://a.blob.example/x?sv=2022&sig=S3cr3t%21Value%3D&se=2026", "https://a.blob.example/x?sv=2022&sig=***&se=2026")]
    [InlineData("Authorization: Basic S3cr3t!Value", "Authorization: ***")]
    [InlineData("curl -H 'X: Bearer S3cr3t!Value' https://x", "curl -H 'X: Bearer ***' https://x")]
    [InlineData("New-LocalUser -Name packer -Password S3cr3t!Value -Force", "New-LocalUser -Name packer -Password *** -Force")]
    [InlineData("ConvertTo-SecureString 'S3cr3t!Value' -AsPlainText -Force", "ConvertTo-SecureString '***' -AsPlainText -Force")]
    [InlineData("ConvertTo-SecureString -AsPlainText -String \"S3cr3t!Value\" -Force", "ConvertTo-SecureString -AsPlainText -String \"***\" -Force")]
    [InlineData("'S3cr3t!Value' | ConvertTo-SecureString -AsPlainText -Force", "'***' | ConvertTo-SecureString -AsPlainText -Force")]
    [InlineData("<AdministratorPassword><Value>S3cr3t!Value</Value></AdministratorPassword>", "<AdministratorPassword><Value>***</Value></AdministratorPassword>")]
    [InlineData("git clone https://user:S3cr3t!Value@host.example/x", "git clone https://user:***@host.example/x")]
    [InlineData("client_secret = S3cr3t!Value", "client_secret = ***")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----S3cr3t!Value-----END RSA PRIVATE KEY-----", "-----BEGIN RSA PRIVATE KEY-----***-----END RSA PRIVATE KEY-----")]
    [InlineData("x eyJhbGciOi.S3cr3tValue_S3cr3tValue.abc y", "x *** y")]
    public void Secrets_are_masked_and_the_rest_is_left(string text, string masked) => Assert.Equal(masked, SecretText.Mask(text));

    [Theory]
    [InlineData("SYSPRP Package Microsoft.X_1.0_neutral__8wekyb3d8bbwe was installed for a user, but not provisioned for all users")]
    [InlineData("Version=1.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35")]
    [InlineData("LaunchDll:Failure occurred while executing 'provider.dll,Generalize', returned error code 5")]
    [InlineData("The password of the account expires.")]
    [InlineData("PWD=/root")]
    [InlineData("https://aka.ms/x:y@z is no address")]
    [InlineData("ConvertTo-SecureString $plain -AsPlainText")]
    [InlineData("")]
    public void What_is_no_secret_stays_word_for_word(string text) => Assert.Equal(text, SecretText.Mask(text));

    [Fact]
    public void Of_a_key_that_goes_over_several_lines_none_is_left() => Assert.Equal(
        ["a", "-----BEGIN PRIVATE KEY-----", "***", "***", "***", "b"],
        SecretText.MaskLines(["a", "-----BEGIN PRIVATE KEY-----", Secret, Secret, "-----END PRIVATE KEY-----", "b"]));

    [Fact]
    public void A_text_ten_times_as_long_takes_about_ten_times_as_long()
    {
        foreach (var part in new[] { "password ", "<password>", "-Password ", "sig=", "' | ConvertTo-SecureString ", "://", "PRIVATE KEY-----", "Bearer ", "a:", "-----END ", "\"" })
        {
            var shorter = TimeOf(part, 20_000);
            var longer = TimeOf(part, 200_000);
            // A hundred times as long is what reading it over and over takes.
            Assert.True(longer < (shorter + TimeSpan.FromMilliseconds(20)) * 50, $"{part}: {shorter} and {longer}");
        }
    }

    [Fact]
    public void A_line_of_Sysprep_is_evidence_without_its_secrets()
    {
        var line = Assert.Single(PantherRun.LastIn($"2026-01-15 09:00:00, Error      [0x0f0082] SYSPRP join failed: user=x password={Secret}\r\n"));
        Assert.Equal("[0x0f0082] SYSPRP join failed: user=x password=***", line.Message);
        Assert.DoesNotContain(Secret, line.Text, StringComparison.Ordinal);
    }

    private static TimeSpan TimeOf(string part, int length)
    {
        var text = string.Concat(Enumerable.Repeat(part, length / part.Length));
        var time = Stopwatch.StartNew();
        SecretText.Mask(text);
        return time.Elapsed;
    }
}
