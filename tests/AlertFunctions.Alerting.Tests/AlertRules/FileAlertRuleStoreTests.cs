using AlertFunctions.Alerting.AlertRules;
using AlertFunctions.Testing;

namespace AlertFunctions.Alerting.Tests.AlertRules;

public sealed class FileAlertRuleStoreTests : AlertRuleStoreContract, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("alertfn-rules-").FullName;

    protected override IAlertRuleStore Store => new FileAlertRuleStore(_folder, Target);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("{\"id\":")]
    [InlineData("[]")]
    public async Task ListAsync_FileThatIsNoRule_IsUnavailable(string content)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "broken.json"), content, TestContext.Current.CancellationToken);

        var listing = await Store.ListAsync(TestContext.Current.CancellationToken);

        Assert.Contains("broken.json", Assert.IsType<RulesUnavailable>(listing).Detail, StringComparison.Ordinal);
    }
}
