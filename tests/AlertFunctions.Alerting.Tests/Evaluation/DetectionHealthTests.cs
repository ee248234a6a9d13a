using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.State;
using AlertFunctions.Testing;

namespace AlertFunctions.Alerting.Tests.Evaluation;

public sealed class DetectionHealthTests
{
    private static readonly DateTimeOffset Noon = Some.Noon;
    private static readonly DetectionMark Mark = new() { Through = Noon, Since = Noon.AddDays(-40) };

    public static TheoryData<DetectionMark?, DetectionStatus, string> Marks => new()
    {
        { null, DetectionStatus.NotRun, "has not run yet" },
        { Mark with { LastMatchAt = Noon.AddDays(-3) }, DetectionStatus.Running, "last found something at 2026-02-27 12:00Z" },
        { Mark with { Since = Noon.AddDays(-2) }, DetectionStatus.Running, "has found nothing since 2026-02-28 12:00Z" },
        { Mark, DetectionStatus.Quiet, "has found nothing for 40 days" },
        { Mark with { LastMatchAt = Noon.AddDays(-31) }, DetectionStatus.Quiet, "has found nothing for 31 days" },
        { Mark with { Through = Noon.AddHours(-1) }, DetectionStatus.Behind, "has not run since 2026-03-02 11:00Z; what happened since is made up for" },
        { Mark with { NotApplicableSince = Noon.AddDays(-1) }, DetectionStatus.NotApplicable, "not applicable since 2026-03-01 12:00Z: a table that it reads is not there" },
        {
            Mark with { LastError = "no access", Failures = 3, RetryAt = Noon.AddMinutes(20) }, DetectionStatus.Failing,
            "fails since 2026-03-02 12:00Z, is tried again at 2026-03-02 12:20Z: no access"
        },
        { Mark with { LastError = "too many rows" }, DetectionStatus.Failing, "its result is cut: too many rows" },
    };

    [Theory]
    [MemberData(nameof(Marks))]
    public void Of_AMark_SaysHowItFares(DetectionMark? mark, DetectionStatus status, string text) =>
        Assert.Equal(new DetectionHealth(status, text), DetectionHealth.Of(Some.Detection(), mark, Noon));
}
