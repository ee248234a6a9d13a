using System.Collections.Frozen;

namespace AlertFunctions.Kql.Functions;

/// <summary>Functions, aggregates and plugins of the language that are refused, and why.</summary>
internal static class RefusedFunctions
{
    private const string Geospatial = "geospatial functions are not supported";
    private const string Graph = "graphs are not supported";
    private const string Storage = "the embedded workspace has no extents, cursors or materialized views";
    private const string Caller = "there is no signed-in caller";
    private const string Remote = "queries do not call out";
    private const string UnknownAlgorithm = "its algorithm is not published, so that its result could only be guessed";

    /// <summary>The reason by name, geospatial functions left out.</summary>
    public static readonly FrozenDictionary<string, string> All = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["parse_user_agent"] = "its table of user agents is not published",
        ["hash_combine"] = UnknownAlgorithm,
        ["hash_many"] = UnknownAlgorithm,
        ["datetime_list_timezones"] = "the service's list of time zones is not published",
        ["geo_info_from_ip_address"] = "its database of addresses is not published",
        ["current_cluster_endpoint"] = Caller,
        ["current_database"] = Caller,
        ["current_principal"] = Caller,
        ["current_principal_details"] = Caller,
        ["current_principal_is_member_of"] = Caller,
        ["current_cursor"] = Storage,
        ["cursor_after"] = Storage,
        ["cursor_before_or_at"] = Storage,
        ["cursor_current"] = Storage,
        ["extent_id"] = Storage,
        ["extentid"] = Storage,
        ["extent_tags"] = Storage,
        ["row_id"] = Storage,
        ["materialized_view"] = Storage,
        ["stored_query_result"] = Storage,
        ["external_table"] = Remote,
        ["entity_group"] = Remote,
        ["cluster"] = Remote,
        ["database"] = Remote,
        ["graph"] = Graph,
        ["inner_nodes"] = Graph,
        ["labels"] = Graph,
        ["map"] = Graph,
        ["all"] = Graph,
        ["node_degree_in"] = Graph,
        ["node_degree_out"] = Graph,
        ["node_id"] = Graph,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Why a function of the language is refused; false for one that is not, or is no function of the language.</summary>
    public static bool TryGetReason(string name, out string reason)
    {
        if (All.TryGetValue(name, out reason!))
        {
            return true;
        }

        reason = Geospatial;
        return name.StartsWith("geo_", StringComparison.Ordinal);
    }
}
