using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Tests.Syntax;

/// <summary>
/// Which forms of operators and statements are read, and which are not: each verdict is that of
/// npm @kusto/language-service-next 12.4.1.
/// </summary>
public sealed class OperatorSyntaxTests
{
    [Theory]
    [InlineData("T | project-away a*, *b, c*d, *")]
    [InlineData("T | extend count = 1 | project count, kind, with, by1")]
    [InlineData("T | mv-expand kind=array a, b to typeof(long) limit 10")]
    [InlineData("T | mv-apply with_itemindex=i x=a to typeof(long) limit 5 on (where i == 0 | count)")]
    [InlineData("T | join kind=inner hint.strategy=shuffle (U) on a, $left.b == $right.c")]
    [InlineData("T | join U on a | lookup kind=inner U on a")]
    [InlineData("union withsource=S isfuzzy=true T*, *U, A*B, database('x').*, (T | where x)")]
    [InlineData("union *")]
    [InlineData("T | summarize (a,b)=arg_max(x, y) by bin(c,1h)")]
    [InlineData("T | summarize by a")]
    [InlineData("T | count as c")]
    [InlineData("T | parse kind=regex flags=Ui a with * 'x' b:long 'y' * c")]
    [InlineData("T | parse-where a with 'x' b")]
    [InlineData("T | parse-kv a as (b:long, c:string) with (pair_delimiter=';', kv_delimiter='=', greedy=true)")]
    [InlineData("T | render timechart with (title='x', ycolumns=a,b, xtitle=\"y\")")]
    [InlineData("T | render timechart kind=stacked title='x'")]
    [InlineData("T | render 3Dchart")]
    [InlineData("T | evaluate hint.distribution=per_node bag_unpack(d) : (*, a:long)")]
    [InlineData("T | as hint.materialized=true X | union X | invoke f(1) | getschema | consume decodeblocks=true")]
    [InlineData("T | fork (where a | count) b = (take 5)")]
    [InlineData("T | facet by a, b with (take 5 | count)")]
    [InlineData("T | facet by a with take 5")]
    [InlineData("T | partition hint.strategy=native by a (top 1 by b)")]
    [InlineData("T | partition by a { U | where a == 1 }")]
    [InlineData("T | sample-distinct 5 of x = a | top-hitters 5 of a by b")]
    [InlineData("T | top-nested 3 of a with others='x' by sum(b) desc, top-nested of c by max(1), top-nested 1 of z=d by w=count()")]
    [InlineData("T | make-series kind=nonempty a=count() default=0, sum(x) on t from ago(1d) to now() step 1h by b, c")]
    [InlineData("T | make-series a=count() on t in range(ago(1d), now(), 1h) by b")]
    [InlineData("T | scan with_match_id=m declare (a:long=0, b:string) with (step s1: x > 0; step s2 output=last: y > s1.y => a = 1, b = 'x';)")]
    [InlineData("T | scan order by t asc partition by a with (step s1 optional: true;)")]
    [InlineData("T | order by a asc nulls first, x = b + c | project-reorder a asc, b* granny-asc, c desc, *")]
    [InlineData("T | project-by-names 'a', dynamic(['b*'])")]
    [InlineData("find withsource=S in (T, U*, database('x').T) where a == 'x' project a, b:long, pack(*)")]
    [InlineData("find where a has 'x' project-smart")]
    [InlineData("search kind=case_sensitive in (T, U*) 'x' and (a:'y' or not(b:'z')) or * has 'w'")]
    [InlineData("set notruncation; set a = 5; T")]
    [InlineData("declare query_parameters(a:long = 5, b:dynamic = dynamic([])); T")]
    [InlineData("alias database d = cluster('x').database('y'); T")]
    [InlineData("restrict access to (T, database().x); T")]
    [InlineData("declare pattern app = (a:string)[b:string] { ('x').['y'] = { T }; }; T")]
    [InlineData("let f = (T:(*), x:long=5) { T | take x }; f(U, 3)")]
    [InlineData("let f = view (T:(a:long, b:string)) { let c = 1; T; }; f(U)")]
    [InlineData("let a = toscalar(T | count); let b = materialize(T | where a > 1); b")]
    [InlineData("workspace('x').T | union app('a').U, resource('r').V, table('T'), cluster('c').database('d').E*")]
    [InlineData("externaldata (a:string, b:long) [h'https://x', 'b'] with (format='csv', ignoreFirstRow=true)")]
    [InlineData("datatable (a:string, ['b c']:long) ['x', 1, 'y', -2,] // the last comma is allowed")]
    [InlineData("T | where a in (U) and b in ((U | project x)) and c in (U | project x)")]
    [InlineData("T | extend (a) = f(), (b, c) = g() | reduce by a with threshold=0.5, characters='-'")]
    [InlineData("(T) | take 5; print 2;")]
    public void Parse_ValidForm_HasNoFault(string text) => Assert.Empty(KqlParser.Parse(text).Diagnostics);

    [Theory]
    [InlineData("T | top 5 by a, b")]
    [InlineData("T | project *")]
    [InlineData("T | summarize a = count(), by b")]
    [InlineData("T | where a in U")]
    [InlineData("T | where a ! in ('b')")]
    [InlineData("T | where not a == 1")]
    [InlineData("T | partition by a { take 5 }")]
    [InlineData("T | mv-apply a on take 1")]
    [InlineData("T | fork a=(take 5), b=(count)")]
    [InlineData("T | evaluate f() : (a:long, *)")]
    [InlineData("T | scan with (step s: a)")]
    [InlineData("T | top-nested 2 of a by sum(b), 3 of c by sum(d)")]
    [InlineData("find in (T) a == 1")]
    [InlineData("union kind=inner")]
    [InlineData("range x from 1 to 2")]
    [InlineData("datatable(a)[1]")]
    [InlineData("let f = (x) { x }; f(1)")]
    [InlineData("let f = (T:(x:long, *)) { T }; f(U)")]
    [InlineData("let a = 5 T")]
    [InlineData("print f(a,)")]
    [InlineData("print long = 1")]
    [InlineData(";T")]
    [InlineData("| take 5")]
    [InlineData("T | take 5 |")]
    public void Parse_InvalidForm_HasOneFault(string text) => Assert.Single(KqlParser.Parse(text).Diagnostics);

    [Fact]
    public void Parse_Pipe_KeepsPlacesOfOperatorsAndOperands()
    {
        const string Text = "T | where a == 1 // first\n| mv-expand x";

        var tree = KqlParser.Parse(Text);

        var pipe = Assert.IsType<PipeExpression>(Assert.IsType<ExpressionStatement>(tree.Root.Statements[0]).Expression);
        Assert.Equal(["where a == 1", "mv-expand x"], pipe.Operators.Select(o => Cut(o.Span)));
        Assert.Equal(["where", "mv-expand"], pipe.Operators.Select(o => Cut(o.Keyword)));
        var predicate = Assert.IsType<BinaryExpression>(Assert.IsType<WhereOperator>(pipe.Operators[0]).Predicate);
        Assert.Equal(("a == 1", "=="), (Cut(predicate.Span), Cut(predicate.OperatorSpan)));

        string Cut(TextSpan span) => Text.Substring(span.Start, span.Length);
    }

    [Fact]
    public void Parse_Render_GivesPropertiesAsText()
    {
        var tree = KqlParser.Parse("T | render timechart with (title='a b', ycolumns=c, d, ymin=0, legend=hidden)");

        var pipe = Assert.IsType<PipeExpression>(Assert.IsType<ExpressionStatement>(tree.Root.Statements[0]).Expression);
        var render = Assert.IsType<RenderOperator>(pipe.Operators[0]);
        Assert.Equal(
            ["title=a b", "ycolumns=c,d", "ymin=0", "legend=hidden"],
            render.Properties.Select(p => $"{p.Name.Text}={p.Text}"));
    }

    [Fact]
    public void ParseFunction_TextOfSavedFunction_GivesLambda()
    {
        var tree = KqlParser.ParseFunction("(T:string, n:long = 5) { Perf | where Computer == T | take n }");

        Assert.Empty(tree.Diagnostics);
        var lambda = Assert.IsType<LambdaExpression>(Assert.IsType<ExpressionStatement>(tree.Root.Statements[0]).Expression);
        Assert.Equal(["T", "n"], lambda.Parameters.Select(p => p.Name.Text));
        Assert.IsType<PipeExpression>(lambda.Body.Result);
    }
}
