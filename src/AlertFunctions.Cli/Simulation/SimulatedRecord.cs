using System.Text.Json.Nodes;

namespace AlertFunctions.Cli.Simulation;

/// <summary>A record of a Log Analytics table.</summary>
/// <param name="Table">The table's name.</param>
/// <param name="ReceivedAt">When the workspace has it, minutes after it was made; also the record's <c>_TimeReceived</c>.</param>
/// <param name="Fields">The columns, as the table's documentation names them.</param>
public sealed record SimulatedRecord(string Table, DateTimeOffset ReceivedAt, JsonObject Fields);
