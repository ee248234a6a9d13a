using System.Globalization;
using System.Text.Json;
using AlertFunctions.Kql;
using AlertFunctions.Workspace.Execution;
using Microsoft.AspNetCore.Http;

namespace AlertFunctions.Workspace.Http;

/// <summary>
/// An error as the query API nests it: code and message, and below each the more precise one.
/// Source: learn.microsoft.com/azure/azure-monitor/logs/api/errors.
/// </summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">The code, as BadArgumentError.</param>
/// <param name="Message">What is wrong.</param>
internal sealed record ApiError(int Status, string Code, string Message)
{
    /// <summary>The more precise error below this one.</summary>
    public ApiError? Inner { get; init; }

    /// <summary>Errors of parts, below a PartialError.</summary>
    public IReadOnlyList<ApiError> Details { get; init; } = [];

    /// <summary>The place in a query: the line from 1, the position in it from 0.</summary>
    public (int Line, int Position)? Place { get; init; }

    /// <summary>The text at the place.</summary>
    public string? Token { get; init; }

    public static ApiError BadArgument(string message) =>
        new(StatusCodes.Status400BadRequest, "BadArgumentError", "The request had some invalid properties")
        {
            Inner = new ApiError(0, "InvalidArgument", message),
        };

    /// <summary>Source: the answer in github.com/Azure/azure-sdk-for-go/issues/24606.</summary>
    public static ApiError BasicTable() =>
        new(StatusCodes.Status400BadRequest, "BadArgumentError", "The request had some invalid properties")
        {
            Inner = new ApiError(0, "UnsupportedApiQueryValidationError", "Query of Basic Logs table is not supported with this API. Use '/search' instead of '/query'."),
        };

    public static ApiError PathNotFound(string path) =>
        new(StatusCodes.Status404NotFound, "PathNotFoundError", $"The requested path does not exist: {path}");

    /// <summary>The first error of a query's text; it tells how many more there are.</summary>
    public static ApiError OfText(string query, IReadOnlyList<Diagnostic> diagnostics)
    {
        var errors = diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
        var first = errors[0];
        var isSyntax = first.Kind == DiagnosticKind.Syntax;
        var (line, column) = TextPosition.Of(query, first.Span.Start);
        var more = errors.Count > 1 ? $" (and {errors.Count - 1} more)" : "";
        var hint = first.Hint is null ? "" : $" {first.Hint}";
        var end = Math.Min(first.Span.End, query.Length);
        return new ApiError(StatusCodes.Status400BadRequest, "BadArgumentError", "The request had some invalid properties")
        {
            Inner = new ApiError(
                0,
                isSyntax ? "SyntaxError" : "SemanticError",
                isSyntax ? "A recognition error occurred in the query." : "A semantic error occurred.")
            {
                Inner = new ApiError(0, isSyntax ? "SYN0002" : "SEM0100", $"{first.Code}: {first.Message}.{hint}{more}")
                {
                    Place = (line, column - 1),
                    Token = first.Span.Start < end ? query[first.Span.Start..end] : "",
                },
            },
        };
    }

    /// <summary>The rows are not all: the answer has those there are, and this.</summary>
    public static ApiError Partial(string message) =>
        new(StatusCodes.Status200OK, "PartialError", "There were some errors when processing your query.")
        {
            Details =
            [
                new ApiError(0, "EngineError", "Something went wrong processing your query on the server.")
                {
                    Inner = new ApiError(0, "-2133196797", message),
                },
            ],
        };

    public async Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        context.Response.ContentType = "application/json; charset=utf-8";
        await using var writer = new Utf8JsonWriter(context.Response.BodyWriter, JsonAnswer.WriterOptions);
        writer.WriteStartObject();
        writer.WritePropertyName("error");
        WriteTo(writer, context.TraceIdentifier);
        writer.WriteEndObject();
    }

    public void WriteTo(Utf8JsonWriter writer, string? correlationId)
    {
        writer.WriteStartObject();
        writer.WriteString("message", Message);
        writer.WriteString("code", Code);
        if (correlationId is not null)
        {
            writer.WriteString("correlationId", correlationId);
        }

        if (Details.Count > 0)
        {
            writer.WriteStartArray("details");
            foreach (var detail in Details)
            {
                detail.WriteTo(writer, correlationId: null);
            }

            writer.WriteEndArray();
        }

        if (Place is { } place)
        {
            writer.WriteNumber("line", place.Line);
            writer.WriteNumber("pos", place.Position);
            writer.WriteString("token", Token);
        }

        if (Inner is not null)
        {
            writer.WritePropertyName("innererror");
            Inner.WriteTo(writer, correlationId: null);
        }

        writer.WriteEndObject();
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Status} {Code}: {Inner?.Message ?? Message}");
}
