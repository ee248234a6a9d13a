using AlertFunctions.Kql.Runtime.Json;

namespace AlertFunctions.Kql.Runtime.Time;

/// <summary>Source: learn.microsoft.com/kusto/query/row-window-session-function.</summary>
internal static class SessionRuntime
{
    public static readonly IReadOnlyList<RuntimeFunction> All =
    [
        RuntimeFunction.Of<string, string, long, long, string?>("kql_session_starts", Starts),
    ];

    /// <summary>
    /// The start of the session of each time (a JSON array of ticks and nulls), as another. A session begins where there is none,
    /// where a restart says so (a JSON array of bools, or an empty one), and at a time that lies <paramref name="fromFirst"/> or
    /// more behind the start or <paramref name="between"/> or more behind the time before.
    /// </summary>
    public static string? Starts(string times, string restarts, long fromFirst, long between)
    {
        if (JsonReader.Read(times) is not List<object?> values || JsonReader.Read(restarts) is not List<object?> flags)
        {
            return null;
        }

        var starts = new List<object?>(values.Count);
        long? start = null;
        long? last = null;
        for (var i = 0; i < values.Count; i++)
        {
            if (values[i] is not long time)
            {
                (start, last) = (null, null);
            }
            else
            {
                var isNew = start is not { } first || last is not { } before || (i < flags.Count && flags[i] is true)
                    || (Int128)time >= (Int128)first + fromFirst || (Int128)time >= (Int128)before + between;
                start = isNew ? time : start;
                last = time;
            }

            starts.Add(start);
        }

        return JsonText.Write(starts);
    }
}
