using System.Management.Automation;
using System.Runtime.Versioning;
using AibDeprovision.Tests.Engine;

namespace AibDeprovision.Tests.Commands;

/// <summary>What a user is told who may not read or write what is named.</summary>
[SupportedOSPlatform("linux")]
public sealed class RefusedAccessTests : IDisposable
{
    private const UnixFileMode All = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly ScratchFolder _scratch = new();

    public RefusedAccessTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux changes the user of one thread.");
        File.SetUnixFileMode(_scratch.Path, All | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        Directory.CreateDirectory(_scratch["locked"], All);
        File.WriteAllText(_scratch["locked/my.ps1"], "exit 7");
        File.WriteAllText(_scratch["secret.ps1"], "exit 7");
        File.SetUnixFileMode(_scratch["secret.ps1"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("Invoke-AibDeprovisionRehearsal -Path $args[0]", "secret.ps1")]
    [InlineData("Invoke-AibDeprovisionRehearsal -LiteralPath $args[0]", "locked/my.ps1")]
    [InlineData("Invoke-AibDeprovisionRehearsal -Path $args[0]", "locked/my.ps1")]
    [InlineData("Invoke-AibDeprovisionRehearsal -Path $args[0]", "locked/*.ps1")]
    [InlineData("New-AibDeprovisionScript Linux -Path $args[0]", "locked/new.sh")]
    [InlineData("New-AibDeprovisionScript Linux -Path $args[0]", "locked/sub/new.sh")]
    [InlineData("New-AibDeprovisionScript Linux -Force -Path $args[0]", "locked/my.ps1")]
    [InlineData("New-AibDeprovisionScript Linux | Install-AibDeprovisionScript -Root $args[0]", "locked")]
    [InlineData("Test-AibGeneralization -Root $args[0]", "locked")]
    [InlineData("Test-AibGeneralization -Root $args[0]", "locked/sub")]
    [InlineData("Get-AibSysprepState -Root $args[0]", "locked")]
    [InlineData("Test-AibSysprepState -Root $args[0]", "locked")]
    public void Access_is_refused_in_words_and_the_next_item_has_its_turn(string code, string path)
    {
        var result = Nobody.Run($"{code}; 'next'", _scratch[path]);
        Assert.Null(result.Terminating);
        Assert.Equal("next", Assert.Single(result.Output).BaseObject);
        var error = result.Error;
        Assert.Equal("AccessDenied", error.FullyQualifiedErrorId.Split(',')[0]);
        Assert.Equal(ErrorCategory.PermissionDenied, error.CategoryInfo.Category);
        Assert.Contains(_scratch.Path, error.TargetObject.ToString(), StringComparison.Ordinal);
    }
}
