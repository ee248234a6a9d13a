using System.Globalization;
using AlertFunctions.Kql.Emit;

namespace AlertFunctions.Kql.Functions;

/// <summary>Ways to make SQL of a call that several families of the function table share.</summary>
internal static class Template
{
    /// <summary>A template whose arguments are converted to text first, whatever their types: most string functions take any scalar.</summary>
    public static Func<CallSite, SqlText> OfText(string template, Precedence precedence = Precedence.Primary) =>
        site => new(Converted(site, _ => KqlType.String).Fill(template), precedence);

    /// <summary>A template whose arguments become JSON: <see cref="Json"/> of each, JSON null as SQL's text 'null'.</summary>
    public static Func<CallSite, SqlText> OfJson(string template) => site => new(Fill(template, i => JsonOrNull(site, i)));

    /// <summary>One call of a function that takes all arguments as one JSON array.</summary>
    public static Func<CallSite, SqlText> OfJsonArray(string function) => site => new($"{function}({JsonArray(site)})");

    /// <summary>All arguments as one JSON array's text.</summary>
    public static string JsonArray(CallSite site) => JsonArray(Enumerable.Range(0, site.Count).Select(i => JsonOrNull(site, i)));

    public static string JsonArray(IEnumerable<string> items)
    {
        var list = items.ToList();
        return list.Count == 0 ? "'[]'" : $"concat('[', {string.Join(", ',', ", list)}, ']')";
    }

    /// <summary>The JSON text of an argument, 'null' for KQL's null: fit to stand within an array or bag.</summary>
    public static string JsonOrNull(CallSite site, int index) =>
        site.Arguments[index].CanBeNull ? $"coalesce({Json(site, index)}, 'null')" : Json(site, index);

    /// <summary>
    /// The JSON text of an argument, NULL for KQL's null. A dynamic is JSON already; numbers and bools are themselves; all else
    /// is a JSON string of its text. A decimal is text too, for the numbers of a dynamic are longs and reals.
    /// Source: learn.microsoft.com/kusto/query/scalar-data-types/dynamic.
    /// </summary>
    public static string Json(CallSite site, int index) => JsonOf(site.Sql(index), site.TypeOf(index));

    /// <summary>As <see cref="Json"/>, of SQL of a type.</summary>
    public static string JsonOf(string sql, KqlType type) =>
        type switch
        {
            KqlType.Dynamic => sql,
            KqlType.Bool or KqlType.Int or KqlType.Long => $"CAST({sql} AS VARCHAR)",
            KqlType.Real => $"kql_real_json({sql})",
            KqlType.String => $"CAST(to_json({sql}) AS VARCHAR)",
            KqlType.Guid => $"('\"' || CAST({sql} AS VARCHAR) || '\"')",
            KqlType.DateTime => $"('\"' || kql_datetime_text({sql}) || '\"')",
            KqlType.TimeSpan => $"('\"' || kql_timespan_text({sql}) || '\"')",
            KqlType.Decimal => $"('\"' || kql_decimal_text({sql}) || '\"')",
            _ => throw new InvalidOperationException($"Unreachable: {type} is no type of KQL."),
        };

    /// <summary>The call with its arguments converted.</summary>
    public static CallSite Converted(CallSite site, Func<int, KqlType> type) =>
        new([.. site.Arguments.Select((argument, i) => Conversion.To(argument, type(i)))], site.ResultType, site.Emit, site.OrderBy);

    /// <summary>Replaces {0}, {1}, ... in a template by texts.</summary>
    public static string Fill(string template, Func<int, string> place)
    {
        var text = template;
        for (var i = 0; text.Contains('{', StringComparison.Ordinal) && i < 10; i++)
        {
            var mark = "{" + i.ToString(CultureInfo.InvariantCulture) + "}";
            if (text.Contains(mark, StringComparison.Ordinal))
            {
                text = text.Replace(mark, place(i), StringComparison.Ordinal);
            }
        }

        return text;
    }
}
