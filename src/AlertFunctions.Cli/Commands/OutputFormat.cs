namespace AlertFunctions.Cli.Commands;

/// <summary>How a command writes its results.</summary>
internal enum OutputFormat
{
    Table,
    Json,
    Csv,
}
