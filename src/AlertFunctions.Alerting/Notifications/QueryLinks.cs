using System.Globalization;

namespace AlertFunctions.Alerting.Notifications;

/// <summary>How a card lets its reader see the query behind an alert.</summary>
/// <param name="Title">The action's text.</param>
/// <param name="Query">The query and its time range.</param>
/// <param name="Url">The portal's address; null where the query's text is shown instead.</param>
/// <param name="Why">Why there is no link; empty where there is one.</param>
/// <param name="ElementId">The id of the element that holds the text.</param>
internal sealed record AlertQuery(string Title, QueryLink Query, string? Url, string Why, string ElementId);

internal static class QueryLinks
{
    /// <summary>One entry for each different query of these alerts, in their order.</summary>
    public static IReadOnlyList<AlertQuery> Of(IReadOnlyList<Alert> alerts, CardOptions options)
    {
        var queries = alerts.Select(alert => alert.Query).Where(query => query.Text.Length > 0).Distinct().ToList();
        return [.. queries.Select((query, i) => Of(query, options, i, queries.Count))];
    }

    private static AlertQuery Of(QueryLink query, CardOptions options, int index, int count)
    {
        var number = count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" ({index + 1})");
        var id = string.Create(CultureInfo.InvariantCulture, $"query{index + 1}");
        if (query.WorkspaceResourceId is null)
        {
            return new("Show query" + number, query, null, "This workspace has no portal: run the query with alertfn query.", id);
        }

        // A text this long cannot pack into an acceptable link; packing it would only cost time.
        var url = query.Text.Length > 64 * 1024 ? null : PortalLink.To(options.PortalHost, query.WorkspaceResourceId, query);
        return url is not null && url.Length <= options.MaxLinkLength
            ? new("Open in Log Analytics" + number, query, url, "", id)
            : new("Show query" + number, query, null, "The query is too long for a link: paste it into Log Analytics.", id);
    }
}
