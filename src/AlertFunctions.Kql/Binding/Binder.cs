using System.Runtime.CompilerServices;
using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Binding;

/// <summary>
/// Gives every name of a query its meaning and every expression its type. What KQL means is decided here: result names,
/// conversions, null rules, join renames. Faults are collected; a tree without faults can be emitted.
/// </summary>
internal sealed partial class Binder(IKqlCatalog catalog, CompileOptions options, Diagnostics diagnostics)
{
    private const int MaxCallDepth = 32;

    private readonly SortedSet<string> _tablesRead = new(StringComparer.Ordinal);
    private Scope _scope = new(null);
    // The request properties of bin_auto() that set statements give.
    private readonly Dictionary<string, Expression> _binAuto = new(StringComparer.Ordinal);

    private RowScope? _rows;

    // The rows in which a function was called, as long as its body is a scalar: its arguments may read their columns.
    private RowScope? _callerRows;
    private int _callDepth;

    // The columns of tables given to the functions being bound that their parameters do not declare: no name means them there.
    private readonly HashSet<ColumnSymbol> _undeclared = [];

    public IReadOnlyList<string> TablesRead => [.. _tablesRead];

    public RenderHint? Render { get; private set; }

    /// <summary>Binds a query; the results of its tabular statements in their order.</summary>
    public IReadOnlyList<(string Name, BoundTable Table)> Bind(QueryScript script)
    {
        var results = new List<(string, BoundTable)>();
        CheckNames([], script.Statements);
        foreach (var statement in script.Statements)
        {
            if (statement is ExpressionStatement { Expression: var expression })
            {
                foreach (var (name, table) in Results(expression))
                {
                    results.Add((name ?? (results.Count == 0 ? "PrimaryResult" : $"Table_{results.Count}"), table));
                }
            }
            else
            {
                Declare(statement);
            }
        }

        if (results.Count == 0 && diagnostics.All.Count == 0 && script.Statements.Length > 0)
        {
            diagnostics.Semantic("KQL102", script.Statements[^1].Span, "The query has no result", "It ends with an expression.");
        }

        return results;
    }

    private BoundTable Result(Expression expression) => BindEither(expression) switch
    {
        BoundTable table => table,
        BoundExpression scalar => Row("print_0", scalar),
        _ => ErrorTable(),
    };

    private static BoundProjection Row(string name, BoundExpression value)
    {
        var column = new ColumnNames().Add(name, value.Type, value.CanBeNull);
        return new BoundProjection(null, [new Output(column, value)], [column], [], null);
    }

    private void Declare(Statement statement)
    {
        switch (statement)
        {
            case LetStatement let:
                DeclareLet(let);
                break;
            case QueryParametersStatement parameters:
                foreach (var parameter in parameters.Parameters)
                {
                    DeclareQueryParameter(parameter);
                }

                break;
            case SetStatement { Name.Text: "query_bin_auto_size" or "query_bin_auto_at", Value: { } value } set:
                _binAuto[set.Name.Text] = value;
                break;
            case SetStatement set when RequestProperties.WithoutEffect.Contains(set.Name.Text):
                diagnostics.Warning("KQL201", set.Span, $"The request property '{set.Name.Text}' changes nothing here");
                break;
            case SetStatement set when RequestProperties.Refused.Contains(set.Name.Text):
                diagnostics.NotSupported(set.Span, "This request property is not supported: it changes which rows or columns come, or cannot be set in a query");
                break;
            case SetStatement set:
                diagnostics.UnknownName("request property", set.Name.Text, set.Name.Span, RequestProperties.WithoutEffect);
                break;
            case RestrictStatement or PatternStatement or AliasStatement:
                diagnostics.NotSupported(statement.Span, "This statement is not supported");
                break;
        }
    }

    /// <summary>Parameters and let statements of one body share their names; a body within may use them anew.</summary>
    private void CheckNames(IEnumerable<FunctionParameter> parameters, IEnumerable<Statement> statements)
    {
        var declared = statements.SelectMany(statement => statement switch
        {
            LetStatement let => [let.Name],
            QueryParametersStatement query => query.Parameters.Select(parameter => parameter.Name),
            _ => [],
        });
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in parameters.Select(parameter => parameter.Name).Concat(declared).Where(name => !names.Add(name.Text)))
        {
            diagnostics.Semantic("KQL138", name.Span, $"The name '{name.Text}' is declared already", "Give one of both another name.");
        }
    }

    private void DeclareLet(LetStatement let)
    {
        if (let.Value is LambdaExpression lambda)
        {
            _scope.Declare(let.Name.Text, new LambdaEntity(lambda, _scope));
            return;
        }

        var before = _rows;
        _rows = null;
        var value = BindEither(let.Value);
        _rows = before;
        _scope = new Scope(_scope);
        _scope.Declare(let.Name.Text, value switch
        {
            BoundTable table => new TableEntity(table),
            BoundExpression scalar => Scalar(scalar, ReadsColumns(scalar) ? _callerRows : null, let.Span),
            _ => new TableEntity(ErrorTable()),
        });
    }

    private void DeclareQueryParameter(FunctionParameter parameter)
    {
        var type = parameter.Type ?? KqlType.Dynamic;
        BoundExpression? value = null;
        if (options.Parameters.TryGetValue(parameter.Name.Text, out var text))
        {
            var given = KqlParser.Parse(text);
            if (given is { Diagnostics: [], Root.Statements: [ExpressionStatement { Expression: var literal }] })
            {
                value = Bind(literal);
            }
        }

        value ??= parameter.Default is null ? null : Bind(parameter.Default);
        if (value is null)
        {
            diagnostics.Semantic("KQL103", parameter.Span, $"The parameter '{parameter.Name.Text}' has no value");
            value = new BoundError();
        }

        _scope.Declare(parameter.Name.Text, Scalar(Argument(value, type, parameter.Span), null, parameter.Span));
    }

    /// <summary>A table or a scalar: only here is it known which of both a name or call is.</summary>
    private object BindEither(Expression expression)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            diagnostics.NotSupported(expression.Span, "The query is nested too deeply");
            return ErrorTable();
        }

        return expression switch
        {
            PipeExpression pipe => BindPipe(pipe),
            DataTableExpression or ExternalDataExpression => BindTable(expression),
            NameExpression name => BindEitherName(name),
            CallExpression call => BindEitherCall(call),
            MemberExpression { Target: CallExpression { Name.Text: "workspace" or "app" or "resource" or "database" or "cluster" } } => BindTable(expression),
            _ => Bind(expression),
        };
    }

    private object BindEitherName(NameExpression name) => _scope.Find(name.Name) switch
    {
        _ when ColumnOf(name.Name) is not null => Bind(name),
        ScalarEntity => Bind(name),
        LambdaEntity lambda => Invoke(lambda.Lambda, lambda.Scope, name.Name, [], name.Span, null),
        TableEntity table => table.Table,
        _ => BindTableName(name.Name, name.Span),
    };

    private object BindEitherCall(CallExpression call)
    {
        switch (call.Name.Text)
        {
            case "table" or "materialize" or "_GetWatchlist":
                return BindTable(call);
        }

        if (_scope.Find(call.Name.Text) is LambdaEntity lambda)
        {
            return Invoke(lambda.Lambda, lambda.Scope, call.Name.Text, call.Arguments, call.Span, null);
        }

        return SavedFunction(call.Name.Text, call.Arguments, call.Span, null) ?? Bind(call);
    }

    private BoundTable BindTable(Expression expression)
    {
        switch (expression)
        {
            case PipeExpression pipe:
                return BindPipe(pipe);
            case DataTableExpression table:
                return BindDataTable(table);
            case ExternalDataExpression:
                diagnostics.NotSupported(expression.Span, "externaldata reads from outside the workspace", "Use _GetWatchlist or datatable.");
                return ErrorTable();
            case MissingExpression:
                return ErrorTable();
            case CallExpression { Name.Text: "materialize", Arguments: [var argument] }:
                return new BoundMaterialize(BindTable(argument.Value));
            case CallExpression { Name.Text: "table", Arguments: [{ Value: var name }, ..] }:
                return Bind(name) is BoundLiteral { Value: string text }
                    ? BindCatalogTable(text, name.Span)
                    : Refused(name.Span, "The name of the table must be a constant string");
            case CallExpression { Name.Text: "_GetWatchlist", Arguments: [{ Value: var alias }, ..] }:
                return BindWatchlist(alias);
            case MemberExpression { Target: CallExpression { Name.Text: "workspace" or "app" or "resource" or "database" or "cluster" or "adx" } place } member:
                return BindElsewhere(place, member);
        }

        switch (BindEither(expression))
        {
            case BoundTable table:
                return table;
            case BoundError:
                return ErrorTable();
            default:
                diagnostics.Semantic("KQL104", expression.Span, "A table is expected here, not a scalar");
                return ErrorTable();
        }
    }

    // The embedded workspace is the only one: naming another place means the same tables.
    private BoundTable BindElsewhere(CallExpression place, MemberExpression member)
    {
        if (place.Name.Text is "cluster" or "adx" or "database")
        {
            return Refused(place.Span, $"{place.Name.Text}() reads from outside the workspace");
        }

        return member.Member is NameExpression name
            ? BindCatalogTable(name.Name, name.Span)
            : BindTable(member.Member);
    }

    private BoundTable BindWatchlist(Expression alias)
    {
        if (Bind(alias) is not BoundLiteral { Value: string text })
        {
            return Refused(alias.Span, "The watchlist's alias must be a constant string");
        }

        if (catalog.TryGetWatchlist(text, out var watchlist))
        {
            return Read(watchlist, isWatchlist: true);
        }

        diagnostics.Semantic("KQL105", alias.Span, $"There is no watchlist '{text}'");
        return ErrorTable();
    }

    private BoundTable BindTableName(string name, TextSpan span)
    {
        switch (_scope.Find(name))
        {
            case TableEntity table:
                return table.Table;
            case LambdaEntity lambda:
                return Invoke(lambda.Lambda, lambda.Scope, name, [], span, null) as BoundTable ?? ErrorTable();
        }

        return catalog.TryGetTable(name, out _) || SavedFunction(name, [], span, null) is not { } result
            ? BindCatalogTable(name, span)
            : result as BoundTable ?? ErrorTable();
    }

    private BoundTable BindCatalogTable(string name, TextSpan span)
    {
        if (catalog.TryGetTable(name, out var table))
        {
            return Read(table, isWatchlist: false);
        }

        diagnostics.UnknownName("table", name, span, catalog.Tables.Select(t => t.Name).Concat(_scope.All.Select(e => e.Key)));
        return ErrorTable();
    }

    private BoundRead Read(TableSymbol table, bool isWatchlist)
    {
        _tablesRead.Add(table.Name);
        var columns = table.Columns
            .Select(c => new ColumnSymbol(c.Name, c.Type, true, table.StorageColumn(c.Name)))
            .ToList();
        if (isWatchlist)
        {
            return BoundRead.Of(table, columns);
        }

        var time = columns.Find(c => c is { Name: "TimeGenerated", Type: KqlType.DateTime });
        return BoundRead.Of(
            table,
            columns,
            new ColumnSymbol("$ingestion", KqlType.DateTime, true, "$ingestion"),
            time,
            options.TimeRange is var (start, end) ? (start.Ticks, end.Ticks) : null,
            options.VisibleAt?.Ticks);
    }

    private BoundTable Refused(TextSpan span, string message, string? hint = null)
    {
        diagnostics.NotSupported(span, message, hint);
        return ErrorTable();
    }

    private static BoundValues ErrorTable() => new([], []) { IsError = true };

    /// <summary>The column that a name means in the rows at hand.</summary>
    private ColumnSymbol? ColumnOf(string name) => _rows?.Find(name) is { } column && !_undeclared.Contains(column) ? column : null;

    /// <summary>The columns that are kept for later operators without being visible.</summary>
    private static IEnumerable<Output> Hidden(BoundTable input, IReadOnlyCollection<ColumnSymbol> visible) =>
        input.Physical
            .Where(c => !visible.Contains(c) && (ReferenceEquals(c, input.Ingestion) || input.Ordering.Any(k => ReferenceEquals(k.Column, c))))
            .Select(Output.Pass);

    private static string TypeName(KqlType type) => type.ToString().ToLowerInvariant();
}
