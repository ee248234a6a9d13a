using System.CommandLine;
using System.Globalization;
using AlertFunctions.Cli.Terminal;

namespace AlertFunctions.Cli.Commands;

internal enum OutputFormat
{
    Table,
    Json,
}

/// <summary>Options that several commands have, and what they mean.</summary>
internal static class SharedOptions
{
    public static Option<string?> Kql { get; } = new("--kql")
    {
        Description = "The catalogue of detections, functions, schemas and routes. Default: ./kql, or else the one that came with alertfn.",
        HelpName = "FOLDER",
        Recursive = true,
    };

    public static Option<OutputFormat> Output() => new("--output", "-o")
    {
        Description = "table for people, json for machines.",
        HelpName = "table|json",
        DefaultValueFactory = _ => OutputFormat.Table,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (Enum.TryParse<OutputFormat>(text, ignoreCase: true, out var format) && !char.IsAsciiDigit(text[0]))
            {
                return format;
            }

            result.AddError($"'{text}' is not a format for --output; it is table or json.");
            return OutputFormat.Table;
        },
    };

    public static Option<DateTimeOffset?> Time(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result =>
        {
            if (DateTimeOffset.TryParse(
                result.Tokens[0].Value,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var time))
            {
                return time;
            }

            result.AddError($"'{result.Tokens[0].Value}' is not a time for {name}; write it as 2026-03-02T12:00:00Z.");
            return null;
        },
    };

    /// <summary>The folder that <see cref="Kql"/> names, or the default.</summary>
    public static string CatalogueFolder(ParseResult parsed)
    {
        if (parsed.GetValue(Kql) is { } named)
        {
            return Directory.Exists(named)
                ? named
                : throw new CommandFault($"There is no folder {named}. Give the folder that holds detections/ and schemas/ as --kql FOLDER.", ExitCode.Usage);
        }

        var beside = Path.Combine(AppContext.BaseDirectory, "kql");
        return Directory.Exists("kql") ? "kql"
            : Directory.Exists(beside) ? beside
            : throw new CommandFault("There is no catalogue: neither ./kql nor one beside alertfn. Name one with --kql FOLDER.", ExitCode.Usage);
    }
}
