using AlertFunctions.Workspace.Ingestion;

namespace AlertFunctions.Proofs.Day;

/// <summary>A record of the simulated day.</summary>
/// <param name="Table">The table that it lies in.</param>
/// <param name="Row">Its columns, and the ingestion time that it bears.</param>
/// <param name="VisibleAt">When queries begin to see it, which can be after the ingestion time: the service promises no order.</param>
internal sealed record DayRecord(string Table, IngestRow Row, DateTimeOffset VisibleAt);
