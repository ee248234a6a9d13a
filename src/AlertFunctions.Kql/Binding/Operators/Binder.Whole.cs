using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Binding;

/// <summary>Operators on the table as a whole: getschema, as, invoke, render.</summary>
internal sealed partial class Binder
{
    private static BoundTable BindGetSchema(BoundTable input)
    {
        var names = new ColumnNames();
        var columns = new List<ColumnSymbol>
        {
            names.Add("ColumnName", KqlType.String, false),
            names.Add("ColumnOrdinal", KqlType.Long, false),
            names.Add("DataType", KqlType.String, false),
            names.Add("ColumnType", KqlType.String, false),
        };
        var schema = input.Columns.Select((c, i) => (IReadOnlyList<BoundExpression>)
        [
            new BoundLiteral(KqlType.String, c.Name),
            new BoundLiteral(KqlType.Long, (long)i),
            new BoundLiteral(KqlType.String, ClrName(c.Type)),
            new BoundLiteral(KqlType.String, TypeName(c.Type)),
        ]);
        return new BoundValues(columns, [.. schema]) { IsError = input.IsError, IsSerialized = true };
    }

    // Source: learn.microsoft.com/kusto/query/getschema-operator.
    private static string ClrName(KqlType type) => type switch
    {
        KqlType.Bool => "System.SByte",
        KqlType.Int => "System.Int32",
        KqlType.Long => "System.Int64",
        KqlType.Real => "System.Double",
        KqlType.Decimal => "System.Data.SqlTypes.SqlDecimal",
        KqlType.String => "System.String",
        KqlType.DateTime => "System.DateTime",
        KqlType.TimeSpan => "System.TimeSpan",
        KqlType.Guid => "System.Guid",
        _ => "System.Object",
    };

    private BoundTable BindAs(BoundTable input, AsOperator named)
    {
        _scope = new Scope(_scope);
        var table = input with { SourceName = named.Name.Text };
        _scope.Declare(named.Name.Text, new TableEntity(table));
        return table;
    }

    private BoundTable BindInvoke(BoundTable input, InvokeOperator invoke)
    {
        var (name, arguments) = invoke.Function switch
        {
            CallExpression call => (call.Name, call.Arguments),
            NameExpression bare => (new Identifier(bare.Span, bare.Name), []),
            _ => (new Identifier(invoke.Function.Span, ""), []),
        };
        var outer = _rows;
        _rows = null;
        var result = _scope.Find(name.Text) is LambdaEntity lambda
            ? Invoke(lambda.Lambda, lambda.Scope, name.Text, arguments, invoke.Span, input)
            : SavedFunction(name.Text, arguments, invoke.Span, input);
        _rows = outer;
        switch (result)
        {
            case BoundTable table:
                return table;
            case null:
                diagnostics.UnknownName("function", name.Text, name.Span, _scope.All.Select(e => e.Key));
                return ErrorTable();
            default:
                diagnostics.Semantic("KQL104", invoke.Function.Span, "A table is expected here, not a scalar");
                return ErrorTable();
        }
    }

    private BoundTable BindRender(BoundTable input, RenderOperator render)
    {
        var properties = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var property in render.Properties)
        {
            properties[property.Name.Text] = property.Text;
        }

        Render = new RenderHint(render.Visualization.Text, properties);
        return input;
    }
}
