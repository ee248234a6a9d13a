using System.Text.Json;
using System.Text.RegularExpressions;
using AlertFunctions.Alerting.Notifications;

namespace AlertFunctions.Alerting.Tests.Notifications;

/// <summary>
/// Cards of each kind of detection, compared whole with Golden/*.json. To record them anew, run with UPDATE_GOLDEN set to this project's
/// Notifications/Golden folder, and look at what changed.
/// </summary>
public sealed partial class AdaptiveCardTests
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    [GeneratedRegex("/q/[^/]+/")]
    private static partial Regex PackedQuery();

    public static TheoryData<string> Names => [.. Samples.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Render_ATypicalNotification_IsTheGoldenCard(string name)
    {
        using var card = JsonDocument.Parse(AdaptiveCard.Render(Samples.All[name], CardOptions.Default));
        CardSchema.AssertValid(card.RootElement);

        // What gzip makes of a query differs between versions of its library; PortalLinkTests unpack it.
        var actual = PackedQuery().Replace(JsonSerializer.Serialize(card.RootElement, Indented) + "\n", "/q/(packed)/");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") is { Length: > 0 } folder)
        {
            File.WriteAllText(Path.Combine(folder, name + ".json"), actual);
        }

        var golden = Path.Combine(AppContext.BaseDirectory, "Notifications", "Golden", name + ".json");
        Assert.Equal(File.Exists(golden) ? File.ReadAllText(golden) : "", actual);
    }

    [Fact]
    public void Render_WithLinks_HasButtonsForEachAlertThatFires()
    {
        var links = new AlertLinks(new Uri("https://alerts.example.org"), new string('k', 32));
        var alerts = new[] { Some.Alert(), Some.Alert() with { Fingerprint = new string('0', 32), State = AlertState.Resolved } };

        using var card = JsonDocument.Parse(AdaptiveCard.Render(Some.Notification(alerts), CardOptions.Default with { Links = links }));

        CardSchema.AssertValid(card.RootElement);
        var urls = card.RootElement.GetProperty("body").EnumerateArray()
            .Where(element => element.GetProperty("type").GetString() == "ActionSet")
            .SelectMany(set => set.GetProperty("actions").EnumerateArray())
            .Select(action => action.GetProperty("url").GetString()!.Split('/')[^1])
            .Select(token => links.TryRead(token, Some.Now, out var link) ? (link.Action, link.Fingerprint) : default);
        Assert.Equal([(LinkAction.Acknowledge, alerts[0].Fingerprint), (LinkAction.Silence, alerts[0].Fingerprint)], urls);
    }

    [Fact]
    public void Render_Twice_GivesEqualBytes()
    {
        var notification = Samples.All["oom-killed"];

        Assert.Equal(AdaptiveCard.Render(notification, CardOptions.Default), AdaptiveCard.Render(notification, CardOptions.Default));
    }

    [Fact]
    public void Render_ManyLongRows_CutsRowsFirstAndSaysHowMany()
    {
        var rows = Enumerable.Range(0, 10).Select(i => new object?[] { i.ToString("D3", null), new string('x', 150) + i, new string('y', 150) + i }).ToArray();
        var alert = Some.Alert(rows: Some.Table("Id:string A:string B:string", rows), count: 5000, runbook: new string('r', 3900));

        var card = AdaptiveCard.Render(Some.Notification(alert), CardOptions.Default with { MaxBytes = 9000 });

        var texts = CardSchema.MarkdownTexts(JsonDocument.Parse(card).RootElement).ToList();
        Assert.Contains("4,997 further records are not shown.", texts);
        Assert.Contains(texts, text => text.Length >= 3900);
    }

    [Fact]
    public void Render_MoreAlertsThanFit_ListsTheWorstAndCountsTheRest()
    {
        var alerts = Enumerable.Range(0, 40).Select(i => Some.Alert(title: $"Container c{i} was killed")).ToArray();

        var texts = CardSchema.MarkdownTexts(JsonDocument.Parse(AdaptiveCard.Render(Some.Notification(alerts), CardOptions.Default)).RootElement).ToList();

        Assert.Contains("40 alerts", texts);
        Assert.Contains("and 39 more", texts);
        Assert.Contains("28 alerts are not listed.", texts);
    }

    [Fact]
    public void Render_ALinkThatIsTooLong_ShowsTheQueryAndSaysWhy()
    {
        var query = string.Join('\n', Enumerable.Range(0, 80).Select(i => $"| where Column{i} != '{(i * 7919L * 104729L):x}'"));
        using var card = JsonDocument.Parse(AdaptiveCard.Render(
            Some.Notification(Some.Alert(query: query)),
            CardOptions.Default with { MaxLinkLength = 500 }));

        var action = Assert.Single(card.RootElement.GetProperty("actions").EnumerateArray());
        Assert.Equal("Action.ToggleVisibility", action.GetProperty("type").GetString());
        Assert.Contains(CardSchema.MarkdownTexts(card.RootElement), text => text.StartsWith("The query is too long for a link", StringComparison.Ordinal));
    }

    [Fact]
    public void Render_ASovereignCloud_LinksToItsPortal()
    {
        using var card = JsonDocument.Parse(AdaptiveCard.Render(
            Some.Notification(Some.Alert()),
            CardOptions.Default with { PortalHost = "portal.azure.us" }));

        var url = card.RootElement.GetProperty("actions")[0].GetProperty("url").GetString();
        Assert.StartsWith("https://portal.azure.us/#blade/", url, StringComparison.Ordinal);
    }
}
