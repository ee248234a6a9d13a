using System.Collections.Immutable;
using System.Globalization;
using AlertFunctions.Alerting;

namespace AlertFunctions.Workspace.DetectionTests;

/// <summary>
/// Finds for each expected alert the one that was raised, and says what is missing, too much or different. An expectation may
/// name some of the identity columns, so several alerts can fit it: the assignment that satisfies most expectations is taken.
/// </summary>
internal sealed class AlertComparison
{
    private readonly ImmutableArray<ExpectedAlert> _expected;
    private readonly IReadOnlyList<Alert> _raised;
    private readonly int[] _takenBy;

    private AlertComparison(ImmutableArray<ExpectedAlert> expected, IReadOnlyList<Alert> raised)
    {
        _expected = expected;
        _raised = raised;
        _takenBy = [.. Enumerable.Repeat(-1, raised.Count)];
    }

    /// <summary>One line for each difference; empty where the alerts are those expected.</summary>
    public static ImmutableArray<string> Compare(ImmutableArray<ExpectedAlert> expected, IReadOnlyList<Alert> raised)
    {
        var comparison = new AlertComparison(expected, raised);
        comparison.Assign();
        return [.. comparison.Differences()];
    }

    private void Assign()
    {
        for (var i = 0; i < _expected.Length; i++)
        {
            TryTake(i, (e, a) => !Deviations(e, a).Any(), new bool[_raised.Count]);
        }

        for (var i = 0; i < _expected.Length; i++)
        {
            if (!_takenBy.Contains(i))
            {
                TryTake(i, HasIdentity, new bool[_raised.Count]);
            }
        }
    }

    /// <summary>Takes an alert for an expectation, moving earlier ones to others that fit them too.</summary>
    private bool TryTake(int expectation, Func<ExpectedAlert, Alert, bool> fits, bool[] tried)
    {
        for (var alert = 0; alert < _raised.Count; alert++)
        {
            if (tried[alert] || !fits(_expected[expectation], _raised[alert]))
            {
                continue;
            }

            tried[alert] = true;
            if (_takenBy[alert] < 0 || TryTake(_takenBy[alert], fits, tried))
            {
                _takenBy[alert] = expectation;
                return true;
            }
        }

        return false;
    }

    private IEnumerable<string> Differences()
    {
        for (var i = 0; i < _expected.Length; i++)
        {
            var alert = Array.IndexOf(_takenBy, i);
            if (alert < 0)
            {
                yield return $"missing     {Describe(_expected[i])} ({_expected[i].Position})";
            }
            else
            {
                foreach (var deviation in Deviations(_expected[i], _raised[alert]))
                {
                    yield return $"different   {Describe(_expected[i])}: {deviation} ({_expected[i].Position})";
                }
            }
        }

        for (var alert = 0; alert < _raised.Count; alert++)
        {
            if (_takenBy[alert] < 0)
            {
                yield return $"unexpected  {Describe(_raised[alert])}";
            }
        }
    }

    private static bool HasIdentity(ExpectedAlert expected, Alert alert) =>
        expected.Identity.All(value => alert.Labels.TryGetValue(value.Key, out var actual) && value.Value.Matches(actual));

    private static IEnumerable<string> Deviations(ExpectedAlert expected, Alert alert)
    {
        foreach (var (name, value) in expected.Identity.Concat(expected.Labels))
        {
            if (!alert.Labels.TryGetValue(name, out var actual) || !value.Matches(actual))
            {
                yield return $"{name} should be '{value.Text}', is '{actual}'";
            }
        }

        if (expected.Severity is { } severity && severity != alert.Severity)
        {
            yield return $"severity should be {severity}, is {alert.Severity}";
        }

        if (expected.Count is { } count && count != alert.Count)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"count should be {count}, is {alert.Count}");
        }
    }

    private static string Describe(ExpectedAlert expected) =>
        string.Join(", ", expected.Identity.Select(value => $"{value.Key}={value.Value.Text}"));

    private static string Describe(Alert alert)
    {
        var labels = alert.Labels
            .Where(label => !LabelNames.Reserved.Contains(label.Key))
            .Select(label => $"{label.Key}={label.Value}");
        return string.Create(
            CultureInfo.InvariantCulture, $"{alert.Severity}, count {alert.Count}: {string.Join(", ", labels)} (\"{alert.Title}\")");
    }
}
