using System.Globalization;
using System.Text;

namespace AlertFunctions.Kql.Functions;

/// <summary>
/// SQL with places for arguments: <c>{0}</c>, <c>{1}</c>, ...; <c>{*}</c> for all, separated by commas; <c>{order}</c> for an
/// aggregate's ORDER BY. An argument gets parentheses where its place needs them: not directly between
/// <c>(</c> or <c>, </c> and <c>)</c> or <c>,</c>.
/// </summary>
internal static class SqlTemplate
{
    public static string Fill(string template, CallSite site)
    {
        var text = new StringBuilder(template.Length + 32);
        var position = 0;
        while (template.IndexOf('{', position) is var open && open >= 0)
        {
            text.Append(template, position, open - position);
            var close = template.IndexOf('}', open);
            var place = template[(open + 1)..close];
            text.Append(place switch
            {
                "order" => site.OrderBy,
                "over" => "{over}",
                "*" => string.Join(", ", Enumerable.Range(0, site.Count).Select(site.Sql)),
                _ => Argument(int.Parse(place, CultureInfo.InvariantCulture)),
            });
            position = close + 1;

            string Argument(int index) => IsEnclosed(template, open, close) ? site.Sql(index) : site.Operand(index);
        }

        return text.Append(template, position, template.Length - position).ToString();
    }

    private static bool IsEnclosed(string template, int open, int close)
    {
        var before = template.AsSpan(0, open).TrimEnd();
        var after = template.AsSpan(close + 1).TrimStart();
        return before is [.., '(' or ','] && after is [')' or ',', ..];
    }
}
