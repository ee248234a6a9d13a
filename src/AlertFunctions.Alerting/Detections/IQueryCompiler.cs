using System.Collections.Immutable;
using AlertFunctions.Alerting.Evaluation;

namespace AlertFunctions.Alerting.Detections;

/// <summary>
/// What the compiler knows of a query without running it. The embedded workspace implements it over its schemas; the deployed
/// app has no compiler and needs none, because the catalogue was checked before it was deployed.
/// </summary>
public interface IQueryCompiler
{
    QueryAnalysis Analyse(string query, DateTimeOffset now);
}

/// <summary>What came of compiling a query.</summary>
/// <param name="Columns">The columns of its result; empty where there is an error.</param>
/// <param name="Tables">The tables it reads, those that saved functions read included.</param>
/// <param name="Faults">Everything wrong with the text.</param>
public sealed record QueryAnalysis(
    ImmutableArray<QueryColumn> Columns,
    ImmutableArray<string> Tables,
    ImmutableArray<QueryFault> Faults);

/// <summary>One fault in a query's text; line and column count from 1 and are those of the text, not of a file.</summary>
public sealed record QueryFault(
    int Line,
    int Column,
    CatalogueSeverity Severity,
    string Code,
    string Message,
    string? Hint = null);
