using AlertFunctions.Kql.Functions;
using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Binding;

/// <summary>Plugins. The columns of a result are known before a query runs; where data would decide them, they must be declared.</summary>
internal sealed partial class Binder
{
    private BoundTable BindEvaluate(BoundTable input, EvaluateOperator evaluate)
    {
        CheckParameters(evaluate);
        switch (evaluate.Plugin.Name.Text)
        {
            case "bag_unpack":
                return BindBagUnpack(input, evaluate);
            case "pivot":
                return Refused(
                    evaluate.Plugin.Name.Span,
                    "The columns of pivot depend on the data, which the compiler does not see",
                    "Use summarize with countif() or sumif(), one for each value.");
            default:
                return Refused(evaluate.Plugin.Name.Span, $"The plugin '{evaluate.Plugin.Name.Text}' is not supported");
        }
    }

    // Source: learn.microsoft.com/kusto/query/bag-unpack-plugin.
    private BoundTable BindBagUnpack(BoundTable input, EvaluateOperator evaluate)
    {
        var arguments = evaluate.Plugin.Arguments;
        if (evaluate.Schema is not { } schema)
        {
            return Refused(
                evaluate.Plugin.Span,
                "The columns of bag_unpack depend on the data, which the compiler does not see",
                "Declare them: evaluate bag_unpack(Bag) : (*, Name:string).");
        }

        if (arguments.Length is not (1 or 2))
        {
            return Refused(evaluate.Plugin.Span, "bag_unpack is supported with a column and a prefix only");
        }

        var bag = Bind(arguments[0].Value);
        var prefix = arguments.Length == 2 ? Bind(arguments[1].Value) : new BoundLiteral(KqlType.String, "");
        if (bag is BoundError || prefix is BoundError)
        {
            return input with { IsError = true };
        }

        if (bag is not BoundColumn { Type: KqlType.Dynamic } column || prefix is not BoundLiteral { Value: string start })
        {
            diagnostics.Semantic("KQL134", evaluate.Plugin.Span, "bag_unpack takes a dynamic column and a constant text");
            return input with { IsError = true };
        }

        var others = input.Columns.Where(c => !ReferenceEquals(c, column.Column)).ToList();
        var list = new List<(string? Name, BoundExpression Value)>();
        if (schema.IsOpen)
        {
            list.AddRange(others.Select(c => ((string?)c.Name, (BoundExpression)new BoundColumn(c))));
        }

        foreach (var declared in schema.Columns)
        {
            var name = declared.Name.Text;
            if (others.Find(c => c.Name == name) is { } own)
            {
                if (own.Type != declared.Type || schema.IsOpen)
                {
                    return Refused(declared.Span, $"The input has a column '{name}' already", "Give bag_unpack a prefix.");
                }

                list.Add((name, new BoundColumn(own)));
            }
            else if (name.StartsWith(start, StringComparison.Ordinal))
            {
                var path = new BoundPath(column, [new PathStep.Member(name[start.Length..])]);
                list.Add((name, Conversion.To(path, declared.Type)));
            }
            else
            {
                return Refused(declared.Span, $"'{name}' does not begin with the prefix '{start}'");
            }
        }

        return Projected(input, list);
    }
}
