using System.CommandLine;
using System.Globalization;
using AlertFunctions.Cli.Terminal;

namespace AlertFunctions.Cli.Commands;

/// <summary>Options that several commands have, and what they mean.</summary>
internal static class SharedOptions
{
    public static Option<string?> Kql { get; } = new("--kql")
    {
        Description = "The catalogue of detections, functions, schemas and routes. Default: ./kql, or else the one that came with alertfn.",
        HelpName = "FOLDER",
        Recursive = true,
    };

    /// <summary>How results are written; the first of the formats is the default.</summary>
    public static Option<OutputFormat> Output(params OutputFormat[] formats)
    {
        var names = string.Join('|', formats.Select(format => format.ToString().ToLowerInvariant()));
        return new("--output", "-o")
        {
            Description = "How results are written: table for people, the others for machines.",
            HelpName = names,
            DefaultValueFactory = _ => formats[0],
            CustomParser = result =>
            {
                foreach (var format in formats)
                {
                    if (format.ToString().Equals(result.Tokens[0].Value, StringComparison.OrdinalIgnoreCase))
                    {
                        return format;
                    }
                }

                result.AddError($"'{result.Tokens[0].Value}' is not a format for --output; write one of {names}.");
                return formats[0];
            },
        };
    }

    public static Option<OutputFormat> TableOrJson() => Output(OutputFormat.Table, OutputFormat.Json);

    /// <summary>The folder whose state a command reads or changes.</summary>
    public static Option<string> StateFolder() => new("--out")
    {
        Description = "The folder that `alertfn run` wrote into, with its state.db.",
        HelpName = "FOLDER",
        DefaultValueFactory = _ => "out",
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
