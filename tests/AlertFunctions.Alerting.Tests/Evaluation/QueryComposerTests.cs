using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Evaluation;

namespace AlertFunctions.Alerting.Tests.Evaluation;

public sealed class QueryComposerTests
{
    [Fact]
    public void TablesOf_FunctionsIncluded_StringsNot()
    {
        var composer = new QueryComposer(new DetectionCatalogue(
            [], [new SavedFunction("Recent", "{ Heartbeat | where TimeGenerated > ago(1d) }", "Recent.kql")], ["Heartbeat", "Perf", "Usage"], []));

        Assert.Equal(["Heartbeat", "Perf"], composer.TablesOf("union Recent, Perf | where Name == 'Usage'"));
    }
}
