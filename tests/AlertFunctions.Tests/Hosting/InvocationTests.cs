using System.Text;
using AlertFunctions.Hosting;

namespace AlertFunctions.Tests.Hosting;

/// <summary>Envelopes as the host's own classes write them. Source: learn.microsoft.com/azure/azure-functions/functions-custom-handlers.</summary>
public sealed class InvocationTests
{
    private static readonly QueueBinding Queue = new("work");
    private static readonly EventGridBinding Event = new();
    private static readonly TimerBinding Timer = new("0 * * * * *");

    [Theory]
    [InlineData("an object as text", """ "\"{\\\"a\\\":1}\"" """, """{"a":1}""")]
    [InlineData("an empty message", """ "\"\"" """, "")]
    [InlineData("nothing at all", """ "" """, "")]
    [InlineData("text", """ "\"hello\"" """, "hello")]
    [InlineData("text in quotes of its own", """ "\"\\\"x\\\"\"" """, "\"x\"")]
    [InlineData("bytes, which are Base64 of UTF-8", """ "eyJhIjoiw6kifQ==" """, """{"a":"é"}""")]
    [InlineData("the page's form: text not encoded twice", """ "{ message: \"sent\" }" """, "{ message: \"sent\" }")]
    [InlineData("Base64 that is no UTF-8", """ "////" """, "////")]
    [InlineData("an object", """ {"a":1} """, """{"a":1}""")]
    public void MessageText_Encodings_GiveTheMessage(string what, string value, string expected)
    {
        var text = Parse($$"""{"Data":{"message":{{value}} },"Metadata":{} }""").MessageText(Queue);

        Assert.True(expected == text, $"{what}: {text}");
    }

    [Fact]
    public void MessageText_MetadataHidesTheHosts_IsThePayload()
    {
        var text = Parse("""{"Data":{"message":"\"{\\\"Id\\\":\\\"mine\\\"}\""},"Metadata":{"Id":"\"mine\"","DequeueCount":"\"x\""}}""").MessageText(Queue);

        Assert.Equal("""{"Id":"mine"}""", text);
    }

    [Theory]
    [InlineData("one event", """ {"id":"1"} """, "1")]
    [InlineData("a batch, which the host writes as text", """ "[{\"id\":\"1\"},{\"id\":\"2\"}]" """, "1 2")]
    [InlineData("a CloudEvents batch", """ "[{\"specversion\":\"1.0\",\"id\":\"a\",\"source\":\"s\",\"type\":\"t\"}]" """, "a")]
    [InlineData("an empty batch", """ "[]" """, "")]
    public void Events_SingleAndBatch_GiveEachEvent(string what, string value, string ids)
    {
        var events = Parse($$"""{"Data":{"event":{{value}} } }""").Events(Event);

        Assert.True(ids == string.Join(' ', events.Select(e => e.GetProperty("id").GetString())), what);
    }

    [Theory]
    [InlineData(""" "not JSON" """)]
    [InlineData("null")]
    [InlineData("3")]
    public void Events_NoEvent_IsRefused(string value) =>
        Assert.Throws<InvocationException>(() => Parse($$"""{"Data":{"event":{{value}} } }""").Events(Event));

    [Fact]
    public void Events_DeepPayload_IsRead()
    {
        var deep = new StringBuilder().Insert(0, """{"x":""", 300).Append('1').Append('}', 300);

        Assert.Single(Parse($$"""{"Data":{"event":{"id":"1","data":{{deep}} } } }""").Events(Event));
    }

    [Theory]
    [InlineData("the run of an occurrence", """ {"ScheduleStatus":{"Last":"2026-01-02T03:00:00.012+00:00","Next":"2026-01-02T03:05:00+00:00"},"IsPastDue":false} """, "2026-01-02T03:05:00Z")]
    [InlineData("a host in another zone", """ {"ScheduleStatus":{"Next":"2026-01-02T05:05:00+02:00"}} """, "2026-01-02T03:05:00Z")]
    [InlineData("no monitor", """ {"ScheduleStatus":null,"IsPastDue":false} """, null)]
    [InlineData("the first run ever has a Next, its Last is the year 1", """ {"ScheduleStatus":{"Last":"0001-01-01T00:00:00+00:00","Next":"0001-01-01T00:00:00+00:00"}} """, null)]
    public void Occurrence_OfTheSchedule_IsUtc(string what, string value, string? expected)
    {
        var occurrence = Parse($$"""{"Data":{"timer":{{value}} } }""").Occurrence(Timer);

        Assert.True((expected is null ? null : DateTimeOffset.Parse(expected, null)) == occurrence, $"{what}: {occurrence}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"Data":"x"}""")]
    [InlineData("""{"Data":{""")]
    public void Parse_NoEnvelope_IsRefused(string body) => Assert.Throws<InvocationException>(() => Parse(body));

    [Fact]
    public void Value_OfAnotherBinding_SaysWhatDoesNotBelongTogether()
    {
        var fault = Assert.Throws<InvocationException>(() => Parse("""{"Data":{"msg":"x"}}""").MessageText(Queue));

        Assert.Contains("'message'", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"Url":"http://h/api/x?q=1","Method":"GET","Query":{"q":"1"},"Headers":{"Accept":["a","b"]},"Params":{"id":"42"}}""", "a,b")]
    [InlineData("""{"Url":"http://h/api/x?q=1","Method":"GET","Query":{"q":"1"},"Headers":{"accept":"a"},"Params":{"id":"42"},"Body":"t"}""", "a")]
    public void Request_OfTheEnvelope_HasItsParts(string request, string accept)
    {
        var call = Parse($$"""{"Data":{"request":{{request}} } }""").Request(new HttpBinding("x", "function", "get"));

        Assert.Equal(("1", accept, "42"), (call.Query["q"], call.Headers["ACCEPT"], call.RouteValues["id"]));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"Url":"not one","Method":"GET"}""")]
    [InlineData("3")]
    public void Request_Malformed_IsRefused(string request) => Assert.Throws<InvocationException>(
        () => Parse($$"""{"Data":{"request":{{request}} } }""").Request(new HttpBinding("x", "function", "get")));

    private static Invocation Parse(string body) => Invocation.Parse("F", "id", Encoding.UTF8.GetBytes(body));
}
