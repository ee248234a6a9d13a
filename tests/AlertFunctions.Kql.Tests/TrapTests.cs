using AlertFunctions.Kql.Tests.Execution;

namespace AlertFunctions.Kql.Tests;

/// <summary>
/// Where translators of KQL go silently wrong. Each row names the documentation page (below learn.microsoft.com/kusto/query/)
/// whose words or printed output it follows; rows are joined by a semicolon, cells by a bar.
/// </summary>
public sealed class TrapTests(TestEngine engine) : IClassFixture<TestEngine>
{

    [Theory]
    [InlineData("join-innerunique: the default join keeps one left row for each key",
        "datatable(k:long, v:string)[1,'a', 1,'b'] | join (datatable(k:long, w:string)[1,'x', 1,'y']) on k | sort by w asc | project v, w",
        "a|x;a|y")]
    [InlineData("join-inner: every pair",
        "datatable(k:long, v:string)[1,'a', 1,'b'] | join kind=inner (datatable(k:long, w:string)[1,'x']) on k | sort by v asc | project v, w",
        "a|x;b|x")]
    [InlineData("join-operator: right columns of a name that is taken get a number",
        "print k=1, v='a' | join kind=inner (print k=1, v='b') on k",
        "1|a|1|b")]
    [InlineData("join-operator (Microsoft's binder): a right column whose name is free keeps it, also where another would get that name",
        "datatable(k:long)[1] | join kind=inner (datatable(k:long, k1:string)[1,'b']) on k | project k, k1, k2",
        "1|b|1")]
    [InlineData("join-leftouter: strings of the missing side are empty, other values null",
        "print k=1 | join kind=leftouter (print k=2, s='x', n=5) on k | project s=strcat('<', s, '>'), isempty(s), n",
        "<>|true|null")]
    [InlineData("join-leftanti: rows without a match", "range k from 1 to 3 step 1 | join kind=leftanti (print k=2) on k | sort by k asc", "1;3")]
    [InlineData("datatypes-string-operators: has finds whole terms, not parts",
        "print 'North America' has 'america', 'NorthAmerica' has 'america', 'x_america-y' has 'america', 'a1b' has 'a'",
        "true|false|true|false")]
    [InlineData("datatypes-string-operators: a term with a separator is found at term boundaries",
        "print 'pod api-server-1 failed' has 'api-server', 'xapi-server' has 'api-server', '/var/log' has '/var'",
        "true|false|true")]
    [InlineData("datatypes-string-operators: negated operators are true of a missing value",
        "datatable(s:string)['', 'abc'] | where s !contains 'b' and s !has 'abc' and s !in ('abc') and s !startswith 'a' and s !endswith 'c' | count",
        "1")]
    [InlineData("datatypes-string-operators: contains and == differ in case, =~ and in~ do not",
        "print 'ABC' contains 'b', 'ABC' contains_cs 'b', 'ABC' == 'abc', 'ABC' =~ 'abc', 'ABC' in~ ('abc'), 'ABC' in ('abc')",
        "true|false|false|true|true|false")]
    [InlineData("signinlogs (published queries): a text equals a whole number by its digits, and quotes around a number or bool change nothing",
        "datatable(s:string, l:long, b:bool)['0',50074,true, '50074',0,false, '',long(null),bool(null), '00',1,true] | project s == 0, s != 0, s in (0, 50074), l == '50074', l !in ('0', '1'), b == 'true', b != 'true'",
        "true|false|true|true|true|true|false;false|true|true|false|false|false|true;false|true|false|false|true|false|true;false|true|false|false|false|true|false")]
    [InlineData("usage (published queries): a text equals a bool that it says",
        "datatable(s:string)['True', 'true', 'False', ''] | project s == true, s != true, s == false",
        "true|false|false;true|false|false;false|true|true;false|true|false")]
    [InlineData("sort-operator: descending by default, nulls last",
        "datatable(x:long)[1, long(null), 3] | sort by x", "3;1;null")]
    [InlineData("sort-operator: ascending puts nulls first",
        "datatable(x:long)[1, long(null), 3] | sort by x asc", "null;1;3")]
    [InlineData("sort-operator: nulls where the query says",
        "datatable(x:long)[1, long(null), 3] | sort by x desc nulls first", "null;3;1")]
    [InlineData("top-operator: as sort", "datatable(x:long)[1, long(null), 3] | top 2 by x", "3;1")]
    [InlineData("null-values: two nulls compare to null, null and a value are not equal",
        "print long(null) == long(null), long(null) == 1, long(null) != 1, long(null) != long(null)",
        "null|false|true|null")]
    [InlineData("null-values: in is a chain of comparisons, of which null with null is null",
        "datatable(x:long)[1, 2, long(null)] | project x in (1, long(null)), x !in (1, long(null)), x in (1), x !in (1)",
        "true|false|true|false;false|true|false|true;null|null|false|true")]
    [InlineData("null-values: where drops a null that is not in a list with null",
        "datatable(x:long, y:long)[1,2, 2,2, long(null),2, long(null),long(null), 3,long(null)] | where x !in (1, y) | project x, y", "null|2;3|null")]
    [InlineData("null-values: where drops what is null",
        "datatable(x:long)[1, long(null)] | where x != 5 | count", "2")]
    [InlineData("null-values: a comparison with null is null",
        "datatable(x:long)[1, long(null)] | where not(x < 5) | count", "0")]
    [InlineData("numerical-operators: a remainder is never negative", "print 5 % 3, -5 % 3, 5 % -3, -5 % -3", "2|1|2|1")]
    [InlineData("numerical-operators: whole numbers divide whole", "print 7 / 2, -7 / 2, 7 / 2.0, 1 / 4", "3|-3|3.5|0")]
    [InlineData("numerical-operators: division by zero",
        "print a=1, z=0 | project a / z, a / todouble(z), isnan(0.0 / todouble(z))", "null|Infinity|true")]
    [InlineData("scalar-data-types: integers are long", "print x=2147483647 | project x + 1, gettype(x)", "2147483648|long")]
    [InlineData("scalar-data-types/long: long arithmetic wraps around instead of failing",
        "print x=9223372036854775807 | project x + 1, x * 2, -x - 2", "-9223372036854775808|-2|9223372036854775807")]
    [InlineData("startofweek-function: weeks start on Sunday",
        "print startofweek(datetime(2026-03-04)), dayofweek(datetime(2026-03-01)), dayofweek(datetime(2026-03-04))",
        "2026-03-01T00:00:00|00:00:00|3.00:00:00")]
    [InlineData("tolong-function: what does not convert is null",
        "print tolong('abc'), todouble('x'), todatetime('nope'), toint(''), tobool('maybe'), toguid('1')",
        "null|null|null|null|null|null")]
    [InlineData("has-any-operator, has-all-operator: many terms are whole words in any case, or runs of signs and words",
        "datatable(s:string)['one Two', 'onetwo', 'a-b c', 'nine'] | project s has_any ('x1','x2','x3','x4','x5','x6','x7','x8','TWO'), "
        + "s has_any ('x1','x2','x3','x4','x5','x6','x7','x8','a-b'), s has_all ('one','two','ONE','one','two','one','two','one','two'), "
        + "s has_any (dynamic(['nine', '5'])), s has_all (dynamic([]))",
        "true|false|true|false|true;false|false|false|false|true;false|true|false|false|true;false|false|false|true|true")]
    [InlineData("has-any-operator: as one term after the other",
        "range n from 1 to 3000 step 1 | extend s = strcat('x', n % 11, '-y', n % 7, ' Straße', n % 5) "
        + "| extend any = s has_any ('x3', 'Y2', 'straße1', 'y6 str', ''), one = s has 'x3' or s has 'Y2' or s has 'straße1' or s has 'y6 str' or s has '', "
        + "few = s has_any ('x3', 'Y2', 'straße1', 'y6 Str'), each = s has 'x3' or s has 'Y2' or s has 'straße1' or s has 'y6 Str', "
        + "all = s has_all ('x3', 'Y2', 'straße1', 'x3-y2'), every = s has 'x3' and s has 'Y2' and s has 'straße1' and s has 'x3-y2' "
        + "| summarize countif(any != one), countif(few != each), countif(all != every), min(toint(few)), max(toint(few)), max(toint(all))", "0|0|0|0|1|1")]
    [InlineData("has-any-operator: terms of a table", "datatable(s:string)['one two', 'onetwo'] | project s has_any ((print t='two'))", "true;false")]
    [InlineData("entity-names: names are case-sensitive", "print a=1, A=2 | project A, a", "2|1")]
    [InlineData("isempty-function, isnull-function: a string is never null",
        "print s='' | project isempty(s), isnull(s), isnotnull(s), isempty(long(null)), isnull(long(null))",
        "true|false|true|true|true")]
    [InlineData("scalar-data-types/datetime: ticks of 100 ns are kept",
        "print d=datetime(2026-03-02T00:00:00.1234567) | project d, d + 1tick, d - datetime(2026-03-02)",
        "2026-03-02T00:00:00.1234567|2026-03-02T00:00:00.1234568|00:00:00.1234567")]
    [InlineData("make-set-aggregation-function: empty strings are elements",
        "datatable(s:string)['', 'a', ''] | summarize x=make_set(s) | project array_length(x)", "2")]
    [InlineData("bin-function: bins of negative numbers and of time",
        "print bin(-7, 5), bin(7.5, 2), bin(datetime(2026-03-02 12:34), 1h), bin(-3h, 2h)",
        "-10|6|2026-03-02T12:00:00|-04:00:00")]
    [InlineData("extend-operator: a replaced column keeps its place", "print a=1, b=2, c=3 | extend b=20, d=4", "1|20|3|4")]
    [InlineData("extend-operator: new columns do not see each other",
        "print a=1 | extend a=a+1, b=a", "2|1")]
    [InlineData("dcount-aggregation-function: nulls do not count", "datatable(x:long)[1, 2, 2, long(null)] | summarize dcount(x)", "2")]
    [InlineData("percentiles-aggregation-function: nearest rank, a value of the input",
        "range x from 1 to 100 step 1 | summarize percentiles(x, 50, 95)", "50|95")]
    [InlineData("make-datetime-function: seconds are truncated to ticks",
        "print make_datetime(2026, 3, 2, 12, 30, 15.5)", "2026-03-02T12:30:15.5")]
    [InlineData("endofday-function: the last tick of the day is included",
        "print endofday(datetime(2026-03-02 12:00)), endofmonth(datetime(2026-02-10))",
        "2026-03-02T23:59:59.9999999|2026-02-28T23:59:59.9999999")]
    [InlineData("summarize-operator: no rows and no keys give one row of defaults",
        "datatable(x:long)[] | summarize count(), sum(x), max(x), make_list(x), dcount(x)", "0|0|null|[]|0")]
    [InlineData("summarize-operator: no rows with keys give none", "datatable(x:long)[] | summarize count() by x | count", "0")]
    [InlineData("count-operator: as a table", "datatable(x:long)[] | count", "0")]
    [InlineData("arg-max-aggregation-function: the whole row, nulls passed over",
        "datatable(k:string, t:long, v:string)['a',1,'x', 'a',2,'y', 'a',long(null),'z'] | summarize arg_max(t, *) by k", "a|2|y")]
    [InlineData("arg-max-aggregation-function: without a group, no rows give nulls",
        "datatable(t:long, v:string)[] | summarize arg_max(t, *) | project isnull(t), isempty(v)", "true|true")]
    [InlineData("union-operator: missing columns are null, missing strings empty",
        "union (print a=1, s='x'), (print b=2) | sort by a asc nulls last | project a, isempty(s), b", "1|false|null;null|true|2")]
    [InlineData("between-operator: both ends are included", "range x from 1 to 5 step 1 | where x between (2 .. 4) | count", "3")]
    [InlineData("between-operator: a timespan counts from the start",
        "print d=datetime(2026-03-02) | where d between (datetime(2026-03-01) .. 1d) | count", "1")]
    [InlineData("scalar-data-types/dynamic: paths lead into values, or to null",
        "print d=dynamic({\"a\":{\"b c\":[1,\"x\"]}}) | project tostring(d.a['b c'][1]), tolong(d.a['b c'][0]), isnull(d.a.z), tostring(d.a['b c'][-1]), tostring(d.q.r)",
        "x|1|true|x|")]
    [InlineData("parse-json-function: text that is no JSON has no members",
        "print s='{broken' | project tostring(parse_json(s).a), tostring(parse_json(s)), isnull(parse_json(s).a)", "|{broken|true")]
    [InlineData("mv-expand-operator: an array's items, several in parallel, and the index",
        "print a=dynamic([1,2,3]), b=dynamic(['x','y']) | mv-expand with_itemindex=i a to typeof(long), b to typeof(string)", "1|x|0;2|y|1;3||2")]
    [InlineData("mv-expand-operator: a bag's properties", "print b=dynamic({\"p\":1,\"q\":2}) | mv-expand b", "{\"p\":1};{\"q\":2}")]
    [InlineData("parse-operator: any number of columns",
        "print s='1,2,3,4,5,6,7,8,9,10,11,12' | parse s with a ',' b ',' c ',' d ',' e ',' f ',' g ',' h ',' i ',' j:long ',' k ',' l | project a, i, j, k, l",
        "1|9|10|11|12")]
    [InlineData("parse-operator: groups of the author's own expressions are no columns",
        "print s='k=v;x' | parse kind=regex s with '(k|y)=' a '(;|,)' b | project a, b", "v|x")]
    [InlineData("hash-function: the remainder is one value, whatever stands around it",
        "print 2 * hash('World', 100) == 2 * toscalar(print hash('World', 100)), tostring(hash('World', 100)) == tostring(toscalar(print hash('World', 100)))", "true|true")]
    [InlineData("toint-function: what is no int is null, and no more than 5 either",
        "datatable(l:long, s:string)[10000000000, '10000000000', 7, '7'] | where toint(l) > 5 and toint(s) > 5 | project l", "7")]
    [InlineData("datatypes-dynamic: a key without a name leads nowhere",
        "datatable(s:string)['', 'k'] | project d = dynamic({'k': 1})[s], e = dynamic({'k': 1})['']", "null|null;1|null")]
    [InlineData("in-operator: an array of values of several types is compared by their texts",
        "datatable(s:string)['a', '1', 'b'] | where s in (dynamic(['a', 1])) | sort by s asc", "1;a")]
    [InlineData("join-operator: a number behind a name is not one that another column has",
        "datatable(k:long, v:long)[1, 1] | join kind=inner (datatable(k:long, k1:long, v:long)[1, 5, 6]) on k | project k, v, k2, k1, v1", "1|1|1|5|6")]
    [InlineData("stdev-function: of values with an infinity it is NaN",
        "datatable(x:real)[1.0, real(+inf)] | summarize stdev(x), variancep(x)", "NaN|NaN")]
    [InlineData("gzip-compress-base64-encode-string-function: an empty text comes back",
        "print gzip_decompress_from_base64_string(gzip_compress_to_base64_string(''))", "")]
    [InlineData("mv-expand-operator: a column of the expansion that nothing reads may be replaced",
        "print d = dynamic([5, 6]) | mv-expand with_itemindex=i x = d | extend i = strcat('n', tolong(x)), x = 'y' | project i, x | sort by i asc", "n5|y;n6|y")]
    [InlineData("toscalar-function: within arithmetic of decimals, make_datetime() and parse_json()",
        "let n = toscalar(print 2); let j = toscalar(print '{\"k\":7}'); print decimal(1.5) + n, make_datetime(2026, n, 3), tolong(parse_json(j).k)", "3.5|2026-02-03T00:00:00|7")]
    [InlineData("pack-all-function: a product that is no timespan is left out",
        "print p = 1h * real(+inf) | project tostring(pack_all()), isnull(p)", "{\"p\":null}|true")]
    [InlineData("base64-encode-fromarray-function: what are no bytes encode to nothing",
        "print base64_encode_fromarray(dynamic(['a', 1])), base64_encode_fromarray(dynamic([75, 113]))", "|S3E=")]
    [InlineData("bin-function: any size", "print bin(1, 9223372036854775807), bin_at(1, 10, 3)", "0|-7")]
    [InlineData("find-operator: a column of several types is one for each of them",
        "let A = print k = 1, v = 5; let B = print k = 1, v = 'x', w = 2; find in (A, B) where k == 1 | project v_long, v_string, w = tolong(pack_.w) | sort by v_long asc",
        "null|x|2;5||null")]
    [InlineData("extract-function: a group beyond the ninth",
        "print extract('(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(?P<x>k)(l)', 11, 'abcdefghijkl')", "k")]
    [InlineData("extend-operator: a column replaces one that was grouped by and is read no more",
        "datatable(s:string, l:long)['a', 1] | distinct s, l | extend l = strcat(s, '!') | project s, l", "a|a!")]
    [InlineData("extend-operator: likewise a key of summarize",
        "datatable(s:string, l:long)['a', 1, 'a', 2] | summarize n = count() by s, l | extend l = 5.5 | summarize sum(l) by s", "a|11")]
    [InlineData("parse-operator: typed columns; no match leaves nulls and empty strings",
        "datatable(s:string)['id=12 name=ann.', 'nothing'] | parse s with 'id=' id:long ' name=' name '.' | project id, name", "12|ann;null|")]
    [InlineData("in-operator: a table's first column",
        "range x from 1 to 5 step 1 | where x in ((range y from 2 to 3 step 1)) | count", "2")]
    [InlineData("let-statement: functions with defaults and tables",
        "let f = (T:(x:long), n:long = 2) { T | where x > n }; f((range x from 1 to 5 step 1)) | count", "3")]
    [InlineData("let-statement: in a function, a name that its table does not declare is that of a parameter",
        "let f = (T:(*), level:long) { T | extend k = level | sort by k asc }; datatable(level:long, s:string)[1,'a', 2,'b'] | invoke f(7) | project level, s, k | sort by s asc",
        "1|a|7;2|b|7")]
    [InlineData("let-statement: rows given to a function keep their own names beside it",
        "let X = range x from 1 to 3 step 1 | sort by x desc; let f = (T:(*)) { T | count | extend m = toscalar(X | summarize max(x)) }; X | invoke f()",
        "3|3")]
    [InlineData("let-statement: what a function does not declare passes through it in order",
        "let f = (T:(s:string)) { T | where s != 'b' | extend t = strcat(s, s) | take 1 }; datatable(s:string, x:long)['a',1, 'b',3, 'c',2] | sort by x desc | invoke f() | project x, t",
        "2|cc")]
    [InlineData("toscalar-function: the first value",
        "let m = toscalar(range x from 1 to 5 step 1 | summarize max(x)); print m * 2", "10")]
    [InlineData("prev-function: the row before, in the order of the sort",
        "range x from 1 to 3 step 1 | sort by x asc | extend p = prev(x), n = next(x, 1, -1)", "1|null|2;2|1|3;3|2|-1")]
    [InlineData("row-number-function: from 1", "range x from 10 to 12 step 1 | sort by x desc | extend r = row_number() | project x, r", "12|1;11|2;10|3")]
    [InlineData("mv-apply-operator: the operators work on each row's items",
        "datatable(s:string, d:dynamic)['a', dynamic([1,5,3]), 'b', dynamic([2])] | mv-apply x=d to typeof(long) on (top 1 by x) | project s, x | sort by s asc",
        "a|5;b|2")]
    [InlineData("distinct-operator: nulls are one value", "datatable(x:long)[1, 1, long(null), long(null)] | distinct x | count", "2")]
    public void Query_GivesTheRowsOfThePage(string source, string query, string expected)
    {
        Assert.NotEmpty(source);

        var rows = engine.Rows(query);

        Assert.Equal(expected, string.Join(';', rows));
    }

    [Theory]
    [InlineData("summarize-operator", "print x=1, s='a' | summarize count(), sum(x), countif(x > 1), dcount(s), avg(x), max(x + 1), make_list(s) by s",
        "s:string, count_:long, sum_x:long, countif_:long, dcount_s:long, avg_x:real, max_:long, list_s:dynamic")]
    [InlineData("summarize-operator: a bin keeps its column's name", "print x=1 | summarize n=count() by bin(x, 5)", "x:long, n:long")]
    [InlineData("project-operator", "print x=1, s='a' | project x + 1, tostring(x), strlen(s), toupper(s)",
        "Column1:long, x:string, strlen_s:long, Column2:string")]
    [InlineData("print-operator", "print 1, x=2, 'a'", "print_0:long, x:long, print_2:string")]
    [InlineData("join-operator", "print s='a', s2='b' | join (print s='a', s2='b') on s", "s:string, s2:string, s1:string, s21:string")]
    [InlineData("union-operator: a type clash names the types", "union (print x=1), (print x='a')", "x_long:long, x_string:string")]
    [InlineData("union-operator: inner keeps the common columns", "union kind=inner (print x=1, y=2), (print x=3)", "x:long")]
    [InlineData("union-operator: withsource comes first", "union withsource=T (print x=1)", "T:string, x:long")]
    [InlineData("count-operator", "print x=1 | count", "Count:long")]
    [InlineData("percentiles-aggregation-function", "print x=1 | summarize percentiles(x, 5, 99.9), percentile(x, 50)",
        "percentile_x_5:long, percentile_x_99_9:long, percentile_x_50:long")]
    [InlineData("scalar-data-types/dynamic", "print d=dynamic({}) | project d.a.b, d['q'][0]", "d_a_b:dynamic, d_q_0:dynamic")]
    [InlineData("lookup-operator: without the right keys", "print k=1, a=2 | lookup (print k=1, b=3) on k", "k:long, a:long, b:long")]
    [InlineData("numerical-operators: int and int give long", "print x=int(1) | project x + x, x / x, x * 2.0", "Column1:long, Column2:long, Column3:real")]
    public void Query_GivesTheColumnsOfThePage(string source, string query, string expected)
    {
        Assert.NotEmpty(source);

        var compiled = engine.Compile(query);

        Assert.True(compiled.Succeeded, string.Join("; ", compiled.Diagnostics.Select(d => d.Message)));
        Assert.Equal(expected, string.Join(", ", compiled.Results[0].Columns.Select(c => $"{c.Name}:{c.Type.ToString().ToLowerInvariant()}")));
    }

    [Theory]
    [InlineData("print x=1 | where X == 1", "KQL101", "X")]
    [InlineData("Nope | take 1", "KQL100", "Nope")]
    [InlineData("print strlne('a')", "KQL101", "strlne")]
    [InlineData("print x=1 | where x", "KQL113", "x")]
    [InlineData("print x=1 | where x has 'a'", "KQL112", "has")]
    [InlineData("print 'a' + 'b'", "KQL112", "+")]
    [InlineData("print x='a' | where x == 5.5", "KQL116", "==")]
    [InlineData("print d=dynamic({}) | summarize count() by d", "KQL124", "d")]
    [InlineData("print x=1 | extend y = count()", "KQL118", "count")]
    [InlineData("print x=1 | summarize x", "KQL110", "x")]
    [InlineData("print x=1 | extend r = row_number()", "KQL120", "row_number")]
    [InlineData("print x=1 | join kind=sideways (print x=1) on x", "KQL128", "kind=sideways")]
    [InlineData("print s='a' | where s matches regex '('", "KQL117", "'('")]
    [InlineData("externaldata(x:long)['https://example.org/x.csv']", "KQL200", "externaldata(x:long)['https://example.org/x.csv']")]
    [InlineData("print geo_distance_2points(1,2,3,4)", "KQL200", "geo_distance_2points")]
    public void Query_WithAFault_ReportsItsPlace(string query, string code, string place)
    {
        var compiled = engine.Compile(query);

        var fault = Assert.Single(compiled.Diagnostics);
        Assert.Equal(code, fault.Code);
        Assert.Equal(place, query.Substring(fault.Span.Start, fault.Span.Length));
        Assert.Empty(compiled.Results);
    }
}
