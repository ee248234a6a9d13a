using System.Globalization;
using System.Text;
using System.Text.Json;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.State;

namespace AlertFunctions.Alerting.Reactions.Images;

/// <summary>
/// The images that the scheduled detection finds join those that events told of: an event that was lost costs delay and nothing else. The detection
/// raises no alert of its own here, because the registry may have evidence that the workspace has not.
/// </summary>
public sealed class ImageScanCandidates(
    DetectionEvaluator evaluator, ImageScanAlerts alerts, WorkspaceQueries workspaces, ImageScanStore scans, IStateStore store, ImageScanOptions options)
{
    private const string Partition = "image-scan-candidates";
    private const string Row = "asked";

    /// <summary>Runs the detection where it is due, and gives how many images were not known.</summary>
    public async Task<int> JoinAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var detection = alerts.Overdue;
        var asked = await store.ReadAsync(Partition, Row, cancellationToken);
        if (asked is not null && now < Time(asked) + detection.QueryFrequency)
        {
            return 0;
        }

        var joined = 0;
        foreach (var workspace in workspaces.Workspaces)
        {
            var request = new EvaluationRequest(
                detection, now, DetectionEvaluator.IntervalOf(detection, now - detection.QueryFrequency, now), workspace);
            if (await evaluator.EvaluateAsync(request, cancellationToken) is Evaluated evaluated)
            {
                joined += await JoinAsync([.. evaluated.Alerts.Select(PushOf).OfType<ImagePushed>()], cancellationToken);
            }
        }

        var ticks = Encoding.UTF8.GetBytes(now.UtcTicks.ToString(CultureInfo.InvariantCulture));
        await store.WriteAsync(Partition, [new Put(Row, ticks, StateChange.Any)], cancellationToken);
        return joined;
    }

    private async Task<int> JoinAsync(IReadOnlyList<ImagePushed> pushes, CancellationToken cancellationToken)
    {
        var byImage = pushes.DistinctBy(p => p.Image).ToDictionary(p => p.Image);
        var unknown = new HashSet<ImageReference>();
        await scans.ChangeAsync(
            [.. byImage.Keys],
            (image, known) =>
            {
                if (known is null)
                {
                    unknown.Add(image);
                }

                return ImageScanLife.Pushed(known, byImage[image], options);
            },
            cancellationToken);
        return unknown.Count;
    }

    private static ImagePushed? PushOf(Alert alert)
    {
        var row = alert.Rows.Rows[0];
        object? Cell(string name) => alert.Rows.Columns.Select((c, i) => (c.Name, i)).FirstOrDefault(c => c.Name == name) is { Name: not null } column ? row[column.i] : null;
        string? Text(string name) => CellText.Of(Cell(name)) is { Length: > 0 } text ? text : null;
        return Text("Registry") is { } registry && Text("Repository") is { } repository && Text("Digest") is { } digest
            ? new ImagePushed(new ImageReference(registry, repository, digest), alert.StartsAt)
            {
                Tag = Cell("Tags") is JsonElement { ValueKind: JsonValueKind.Array } tags && tags.GetArrayLength() > 0 ? tags[0].GetString() : null,
                PushedBy = Text("PushedBy"),
                CallerIpAddress = Text("CallerIpAddress"),
                UserAgent = Text("UserAgent"),
                RegistryId = Text("RegistryId"),
            }
            : null;
    }

    private static DateTimeOffset Time(StateDocument document) =>
        new(long.Parse(Encoding.UTF8.GetString(document.Content.Span), CultureInfo.InvariantCulture), TimeSpan.Zero);
}
