using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Binding;

/// <summary>The functions that a query declares or the catalogue keeps, each bound anew for its arguments.</summary>
internal sealed partial class Binder
{
    /// <summary>Binds the body of a saved function; null where there is none of the name.</summary>
    private object? SavedFunction(string name, ImmutableArray<NamedExpression> arguments, TextSpan span, BoundTable? input)
    {
        if (!catalog.TryGetFunction(name, out var function))
        {
            return null;
        }

        var tree = KqlParser.ParseFunction(function.Text);
        if (tree.Diagnostics.Any(d => d.Severity == DiagnosticSeverity.Error)
            || tree.Root.Statements is not [ExpressionStatement { Expression: LambdaExpression lambda }])
        {
            var reason = tree.Diagnostics.Length > 0 ? $": {tree.Diagnostics[0].Message}" : "";
            diagnostics.Semantic("KQL106", span, $"The saved function '{name}' cannot be read{reason}");
            return ErrorTable();
        }

        return Invoke(lambda, new Scope(null), name, arguments, span, input, isSaved: true);
    }

    /// <summary>Binds a lambda's body with its parameters standing for the arguments.</summary>
    private object Invoke(
        LambdaExpression lambda,
        Scope definedIn,
        string name,
        ImmutableArray<NamedExpression> arguments,
        TextSpan span,
        BoundTable? input,
        bool isSaved = false)
    {
        if (++_callDepth > MaxCallDepth)
        {
            _callDepth--;
            diagnostics.NotSupported(span, $"Functions call each other more than {MaxCallDepth} deep", "A function cannot call itself.");
            return ErrorTable();
        }

        if (!TryInline(1 + lambda.Span.Length / CharactersPerExpression, span))
        {
            _callDepth--;
            return ErrorTable();
        }

        var inner = new Scope(definedIn);
        var undeclared = new List<ColumnSymbol>();
        BindArguments(lambda, name, arguments, span, input, inner, undeclared);
        _undeclared.UnionWith(undeclared);
        var (outerScope, outerRows, outerCaller, outerPlace) = (_scope, _rows, _callerRows, diagnostics.Outside);
        _scope = inner;
        _callerRows = _rows ?? _callerRows;
        _rows = null;
        diagnostics.Outside = isSaved ? outerPlace ?? span : outerPlace;
        try
        {
            CheckNames(lambda.Parameters, lambda.Body.Statements);
            foreach (var statement in lambda.Body.Statements)
            {
                Declare(statement);
            }

            return lambda.Body.Result is null ? ErrorTable() : BindEither(lambda.Body.Result);
        }
        finally
        {
            (_scope, _rows, _callerRows, diagnostics.Outside) = (outerScope, outerRows, outerCaller, outerPlace);
            _undeclared.ExceptWith(undeclared);
            _callDepth--;
        }
    }

    private void BindArguments(
        LambdaExpression lambda,
        string name,
        ImmutableArray<NamedExpression> arguments,
        TextSpan span,
        BoundTable? input,
        Scope inner,
        List<ColumnSymbol> undeclared)
    {
        var given = new Expression?[lambda.Parameters.Length];
        var next = input is null ? 0 : 1;

        // Arguments with a name take their places first; the others fill what is left, in order.
        foreach (var argument in arguments.OrderBy(a => a.Name is null))
        {
            while (argument.Name is null && next < given.Length && given[next] is not null)
            {
                next++;
            }

            var index = argument.Name is { } named
                ? Array.FindIndex([.. lambda.Parameters], p => p.Name.Text == named.Text)
                : next++;
            if (index < 0 || index >= given.Length)
            {
                diagnostics.Semantic("KQL107", argument.Span, $"The function '{name}' has {lambda.Parameters.Length} parameters");
                continue;
            }

            given[index] = argument.Value;
        }

        for (var i = 0; i < lambda.Parameters.Length; i++)
        {
            var parameter = lambda.Parameters[i];
            if (i == 0 && input is not null)
            {
                inner.Declare(parameter.Name.Text, new TableEntity(Conform(input, parameter, span, undeclared)));
            }
            else if (parameter.Schema is not null)
            {
                var table = given[i] is { } expression ? BindTable(expression) : Missing(parameter);
                inner.Declare(parameter.Name.Text, new TableEntity(Conform(table, parameter, given[i]?.Span ?? span, undeclared)));
            }
            else
            {
                var value = (given[i] ?? parameter.Default) is { } expression ? Bind(expression) : null;
                if (value is null)
                {
                    Missing(parameter);
                }

                var typed = Argument(value ?? new BoundError(), parameter.Type ?? KqlType.Dynamic, given[i]?.Span ?? span);
                inner.Declare(parameter.Name.Text, Scalar(typed, typed is BoundLiteral ? null : _rows, given[i]?.Span ?? span));
            }
        }

        BoundTable Missing(FunctionParameter parameter)
        {
            diagnostics.Semantic("KQL107", span, $"The function '{name}' needs a value for '{parameter.Name.Text}'");
            return ErrorTable();
        }
    }

    /// <summary>
    /// Checks a table against a parameter's columns. Further ones stay, as the example of project-by-names with
    /// column_names_of(Source) has it, but the function cannot name them.
    /// Sources: learn.microsoft.com/kusto/query/project-by-names-operator and let-statement (tabular argument with schema).
    /// </summary>
    private BoundTable Conform(BoundTable table, FunctionParameter parameter, TextSpan span, List<ColumnSymbol> undeclared)
    {
        if (table.IsError || parameter.Schema is null)
        {
            return table;
        }

        foreach (var declared in parameter.Schema.Columns)
        {
            var column = table.Columns.FirstOrDefault(c => c.Name == declared.Name.Text);
            if (column is null || column.Type != declared.Type)
            {
                diagnostics.Semantic(
                    "KQL108", span, $"The table for '{parameter.Name.Text}' has no column '{declared.Name.Text}' of type {TypeName(declared.Type)}");
                return ErrorTable();
            }
        }

        // The rows may be read beside the function too: there the same columns have names.
        var symbols = table.Columns.ToDictionary(c => c, c => parameter.Schema.Columns.Any(d => d.Name.Text == c.Name)
            ? c
            : new ColumnSymbol(c.Name, c.Type, c.CanBeNull, c.PhysicalName));
        var further = symbols.Where(pair => !ReferenceEquals(pair.Key, pair.Value)).Select(pair => pair.Value).ToList();
        if (further.Count == 0)
        {
            return table;
        }

        undeclared.AddRange(further);
        List<ColumnSymbol> visible = [.. table.Columns.Select(c => symbols[c])];
        List<Output> outputs = [.. table.Columns.Select(c => new Output(symbols[c], new BoundColumn(c))), .. Hidden(table, table.Columns.ToList())];
        var ordering = table.Ordering.Select(k => k with { Column = symbols.GetValueOrDefault(k.Column, k.Column) }).ToList();
        return new BoundProjection(table, outputs, visible, ordering, table.Ingestion)
        {
            IsSerialized = table.IsSerialized,
            SourceName = table.SourceName,
        };
    }

    private BoundExpression Argument(BoundExpression value, KqlType type, TextSpan span)
    {
        if (value is BoundError || value.Type == type)
        {
            return value;
        }

        if (Functions.Conversion.Widens(value.Type, type) || value.Type == KqlType.Dynamic || type == KqlType.Dynamic
            || (value is BoundLiteral { Value: int or long } && type is KqlType.Int or KqlType.Long))
        {
            return Folded(Functions.Conversion.To(value, type));
        }

        diagnostics.Semantic("KQL109", span, $"A value of type {TypeName(type)} is expected, this is {TypeName(value.Type)}");
        return new BoundError();
    }
}
