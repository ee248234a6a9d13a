using System.Collections.Frozen;

namespace AlertFunctions.Kql.Binding;

/// <summary>
/// The properties that a set statement may give, by what they would do here.
/// Source: learn.microsoft.com/kusto/api/rest/request-properties.
/// </summary>
internal static class RequestProperties
{
    /// <summary>They change how the service works, not what it answers; nothing of them is left to do here.</summary>
    public static readonly FrozenSet<string> WithoutEffect = new[]
    {
        "client_max_redirect_count", "deferpartialqueryfailures", "materialized_view_shuffle_query", "max_memory_consumption_per_query_per_node",
        "maxmemoryconsumptionperiterator", "notruncation", "push_selection_through_aggregation", "query_distribution_nodes_span",
        "query_fanout_nodes_percent", "query_fanout_threads_percent", "query_force_row_level_security", "query_log_query_parameters",
        "query_results_cache_max_age", "query_results_cache_per_shard", "query_results_progressive_row_count",
        "query_results_progressive_update_period", "query_weakconsistency_session_id", "queryconsistency", "querytrace", "request_app_name",
        "request_block_row_level_security", "request_callout_disabled", "request_description", "request_external_data_disabled",
        "request_external_table_disabled", "request_impersonation_disabled", "request_readonly", "request_remote_entities_disabled",
        "request_sandboxed_execution_disabled", "request_user", "results_progressive_enabled",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>They change which rows or columns come, or cannot be set in a query, and are refused.</summary>
    public static readonly FrozenSet<string> Refused = new[]
    {
        "maxoutputcolumns", "norequesttimeout", "query_cursor_after_default", "query_cursor_before_or_at_default", "query_cursor_current",
        "query_cursor_disabled", "query_cursor_scoped_tables", "query_datascope", "query_datetimescope_column", "query_datetimescope_from",
        "query_datetimescope_to", "query_language", "query_max_entities_in_union", "query_now", "query_python_debug",
        "query_results_apply_getschema", "query_results_cache_force_refresh", "query_take_max_records", "servertimeout",
        "truncation_max_records", "truncation_max_size", "validatepermissions",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
