using System.Collections.Frozen;

namespace AlertFunctions.Kql.Functions;

/// <summary>The plugins of evaluate that are refused, and why.</summary>
internal static class RefusedPlugins
{
    private const string Unpublished = "how it finds its patterns is not published";
    private const string Sandbox = "it runs code in the service's sandbox";
    private const string Remote = "queries do not call out";
    private const string NotBuilt = "no one has built it here yet";

    public static readonly FrozenDictionary<string, string> All = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["autocluster"] = Unpublished,
        ["basket"] = Unpublished,
        ["diffpatterns"] = Unpublished,
        ["diffpatterns_text"] = Unpublished,
        ["python"] = Sandbox,
        ["r"] = Sandbox,
        ["ai_embed_text"] = Remote,
        ["azure_digital_twins_query_request"] = Remote,
        ["cosmosdb_sql_request"] = Remote,
        ["http_request"] = Remote,
        ["http_request_post"] = Remote,
        ["mysql_request"] = Remote,
        ["postgresql_request"] = Remote,
        ["sql_request"] = Remote,
        ["narrow"] = "it is not documented for Azure Monitor",
        ["active_users_count"] = "its page's text and example differ about where the lookback begins",
        ["activity_engagement"] = NotBuilt,
        ["activity_metrics"] = NotBuilt,
        ["funnel_sequence"] = NotBuilt,
        ["funnel_sequence_completion"] = NotBuilt,
        ["infer_storage_schema"] = Remote,
        ["new_activity_metrics"] = NotBuilt,
        ["preview"] = NotBuilt,
        ["schema_merge"] = Remote,
        ["sequence_detect"] = NotBuilt,
        ["session_count"] = NotBuilt,
    }.ToFrozenDictionary(StringComparer.Ordinal);
}
