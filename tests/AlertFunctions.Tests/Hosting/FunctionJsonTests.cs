using System.Text.Json;
using System.Text.RegularExpressions;
using AlertFunctions.Hosting;
using AlertFunctions.Settings;
using AlertFunctions.Triggers;

namespace AlertFunctions.Tests.Hosting;

public sealed partial class FunctionJsonTests
{
    [Fact]
    public void Of_EachTrigger_IsWhatItsPageSays()
    {
        var texts = new (TriggerBinding Trigger, string Expected)[]
        {
            (new TimerBinding("0 * * * * *"), """{"bindings":[{"type":"timerTrigger","direction":"in","name":"timer","schedule":"0 * * * * *","runOnStartup":false,"useMonitor":true}]}"""),
            (new QueueBinding("work"), """{"bindings":[{"type":"queueTrigger","direction":"in","name":"message","queueName":"work","connection":"AzureWebJobsStorage"}]}"""),
            (new EventGridBinding(), """{"bindings":[{"type":"eventGridTrigger","direction":"in","name":"event"}]}"""),
            (new HttpBinding("alerts/{id?}", "anonymous", "get", "post"), """{"bindings":[{"type":"httpTrigger","direction":"in","name":"request","authLevel":"anonymous","methods":["get","post"],"route":"alerts/{id?}"},{"type":"http","direction":"out","name":"response"}]}"""),
        };

        Assert.All(texts, text => Assert.True(JsonElement.DeepEquals(
            JsonElement.Parse(text.Expected),
            JsonElement.Parse(FunctionJson.Of(new ScriptedFunction(text.Trigger, (_, _) => throw new InvalidOperationException()))))));
    }

    [Fact]
    public void Functions_Names_AreWhatTheHostAccepts()
    {
        var names = AppFunctions.Create(new AppServices(new AppSettings(), TimeProvider.System)).Select(function => function.Name).ToArray();

        Assert.All(names, name => Assert.Matches(HostsName(), name));
        Assert.Equal(names.Order(StringComparer.Ordinal), names.Distinct(StringComparer.OrdinalIgnoreCase));
    }

    [GeneratedRegex("^(?!host$)[a-zA-Z][a-zA-Z0-9_-]{0,127}$")]
    private static partial Regex HostsName();
}
