using AlertFunctions.Kql.Functions;
using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Binding;

internal sealed partial class Binder
{
    // Source: learn.microsoft.com/kusto/query/mv-expand-operator.
    private const long LegacyLimit = 128;

    private BoundTable BindExpand(BoundTable input, MvExpandOperator expand)
    {
        CheckParameters(expand, "kind", "bagexpansion", "with_itemindex");
        var kind = (expand.FindParameter("kind") ?? expand.FindParameter("bagexpansion"))?.Word ?? "bag";
        if (kind is not ("bag" or "array"))
        {
            diagnostics.Semantic("KQL128", (expand.FindParameter("kind") ?? expand.FindParameter("bagexpansion"))!.Span, $"There is no kind of expansion '{kind}'");
            return input with { IsError = true };
        }

        var asArrays = kind == "array";
        var indexName = expand.FindParameter("with_itemindex")?.Word;
        var limit = expand switch
        {
            { Limit: { } given } => BindCountOf(given),
            { IsLegacy: true } => new BoundLiteral(KqlType.Long, LegacyLimit),
            _ => null,
        };
        var names = new ColumnNames();
        foreach (var column in input.Physical)
        {
            names.Keep(column, !input.Columns.Contains(column));
        }

        var visible = input.Columns.ToList();
        var expansions = new List<(Expansion Expansion, KqlType Type)>();
        foreach (var item in expand.Columns)
        {
            var value = Bind(item.Column.Value);
            if (value is BoundError)
            {
                return input with { IsError = true };
            }

            if (value.Type != KqlType.Dynamic)
            {
                diagnostics.Semantic(
                    "KQL132", item.Span, $"Only a dynamic value can be expanded; this is {TypeName(value.Type)}",
                    value.Type == KqlType.String ? "Use parse_json() or split() on text." : null);
                return input with { IsError = true };
            }

            var name = item.Column.Name?.Text ?? NameOf(item.Column.Value) ?? names.Numbered();
            if (expansions.Exists(e => e.Expansion.Column.Name == name))
            {
                diagnostics.Semantic("KQL121", item.Span, $"There is already a column '{name}' in this list");
                return input with { IsError = true };
            }

            var hidden = names.AddHidden(name, KqlType.Dynamic, true);
            var place = visible.FindIndex(c => c.Name == name);
            if (place >= 0)
            {
                visible[place] = hidden;
            }
            else
            {
                visible.Add(hidden);
            }

            expansions.Add((new Expansion(hidden, value, asArrays), item.To?.Type ?? KqlType.Dynamic));
        }

        ColumnSymbol? index = null;
        if (indexName is not null)
        {
            index = names.Add(names.Unique(indexName), KqlType.Long, false);
            visible.Add(index);
        }

        var kept = input.Columns.Where(visible.Contains).Select(Output.Pass).ToList();
        kept.AddRange(Hidden(input, visible));
        var expanded = new BoundExpand(input, kept, [.. expansions.Select(e => e.Expansion)], index, limit, visible)
        {
            IsSerialized = input.IsSerialized,
        };

        // The items get their names and types.
        return Projected(
            expanded,
            [
                .. visible.Select(c =>
                {
                    var typed = expansions.Find(e => ReferenceEquals(e.Expansion.Column, c));
                    BoundExpression value = new BoundColumn(c);
                    return ((string?)c.Name, typed.Expansion is not null ? Conversion.To(value, typed.Type) : value);
                }),
            ]);
    }
}
