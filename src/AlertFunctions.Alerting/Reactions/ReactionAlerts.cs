using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Evaluation;

namespace AlertFunctions.Alerting.Reactions;

/// <summary>
/// Makes an alert of what an event told as a detection makes one of a row: the event is put into the columns that the detection's query would
/// have given, so that title, labels and fingerprint are the same whichever of the two comes first.
/// </summary>
internal static class ReactionAlerts
{
    /// <summary>The alert for one row.</summary>
    /// <param name="detection">What it is an alert of.</param>
    /// <param name="at">When it happened: the column TimeGenerated, which need not be among the columns.</param>
    /// <param name="columns">Name and value of each column; the value's type gives the column's.</param>
    public static Alert Of(Detection detection, DateTimeOffset at, params IReadOnlyList<(string Name, object? Value)> columns)
    {
        var table = new QueryTable(
            [new QueryColumn("TimeGenerated", "datetime"), .. columns.Select(c => new QueryColumn(c.Name, TypeOf(c.Value)))],
            [[at, .. columns.Select(c => c.Value)]]);
        return AlertFactory.Make(new EvaluationRequest(detection, at, new TimeRange(at - detection.QueryPeriod, at)), table)[0];
    }

    private static string TypeOf(object? value) => value switch
    {
        bool => "bool",
        int => "int",
        long => "long",
        DateTimeOffset => "datetime",
        System.Text.Json.JsonElement => "dynamic",
        _ => "string",
    };
}
