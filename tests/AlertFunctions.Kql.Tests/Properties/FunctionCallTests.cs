using AlertFunctions.Kql.Tests.MicrosoftBinder;

namespace AlertFunctions.Kql.Tests.Properties;

/// <summary>
/// Every call of the function table, within another expression and as a column of its own: the operators around it take the whole of
/// its SQL, whatever that is made of.
/// </summary>
public sealed class FunctionCallTests(PropertyWorkspace workspace) : IClassFixture<PropertyWorkspace>
{
    private const string Project = "T | project ";

    [Fact]
    public async Task Call_WithinAnExpression_GivesWhatItGivesAsAColumn()
    {
        var faults = new List<string>();
        foreach (var call in FunctionQueries.Accepted.Where(q => q.StartsWith(Project, StringComparison.Ordinal)).Select(q => q[Project.Length..]))
        {
            if (workspace.Compile($"T | project x = {call}") is not { Succeeded: true, Results: [{ Columns: [var column] }] } || IsVolatile(call))
            {
                continue;
            }

            var forms = string.Join(", ", Forms(column.Type));
            var within = await RowsAsync($"T | project {forms.Replace("$x", call, StringComparison.Ordinal)}");
            var beside = await RowsAsync($"T | extend x = {call} | project {forms.Replace("$", "", StringComparison.Ordinal)}");
            if (within != beside)
            {
                faults.Add($"{call}\n  {within}\n  {beside}");
            }
        }

        Assert.True(faults.Count == 0, $"{faults.Count} calls:\n{string.Join('\n', faults)}");
    }

    private static bool IsVolatile(string call) =>
        call.StartsWith("rand(", StringComparison.Ordinal) || call.StartsWith("new_guid(", StringComparison.Ordinal) || call.StartsWith("assert(", StringComparison.Ordinal);

    private static IEnumerable<string> Forms(KqlType type) => type switch
    {
        KqlType.Int or KqlType.Long => ["a1 = tostring($x)", "a2 = 7 - $x", "a3 = 2 * $x", "a4 = -$x", "a5 = 100 / $x", "a6 = $x == 1", "a7 = todouble($x)"],
        KqlType.Real or KqlType.Decimal => ["a1 = 7 - $x", "a2 = 2 * $x", "a3 = -$x", "a4 = 100 / $x", "a5 = $x < 1", "a6 = tolong($x)"],
        KqlType.Bool => ["a1 = tostring($x)", "a2 = not($x)", "a3 = $x == true", "a4 = $x and b", "a5 = iff($x, 1, 2)", "a6 = tolong($x)"],
        KqlType.DateTime => ["a1 = tostring($x)", "a2 = $x - 1h", "a3 = now() - $x", "a4 = $x < now()", "a5 = bin($x, 1d)"],
        KqlType.TimeSpan => ["a1 = tostring($x)", "a2 = 1h - $x", "a3 = 2 * $x", "a4 = $x / 2", "a5 = $x > 1h", "a6 = -$x"],
        KqlType.String => ["a1 = $x == 'a'", "a2 = strlen($x)", "a3 = $x has 'a'", "a4 = strcat($x, '!')", "a5 = isempty($x)", "a6 = tolong($x)"],
        KqlType.Dynamic => ["a1 = tostring($x)", "a2 = isnull($x)", "a3 = tostring($x[0])", "a4 = tolong($x.k)", "a5 = array_length($x)"],
        _ => ["a1 = tostring($x)", "a2 = isnull($x)"],
    };

    private async Task<string> RowsAsync(string query)
    {
        try
        {
            return string.Join(" // ", await workspace.RowsAsync(query));
        }
        catch (Exception fault) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            return $"{fault.GetType().Name}: {fault.Message}";
        }
    }
}
