using System.Globalization;
using System.Text.Json;
using AlertFunctions.Workspace;
using AlertFunctions.Workspace.Ingestion;

namespace AlertFunctions.Kql.Tests.Operators;

/// <summary>
/// Operators that read several tables or give several, on the tables of learn.microsoft.com/kusto/query/find-operator and the
/// examples of the pages named.
/// </summary>
public sealed class SeveralTablesTests(SeveralTablesTests.Events events) : IClassFixture<SeveralTablesTests.Events>
{
    private const string Session = "acbd207d-51aa-4df7-bfa7-be70eb68f04e";

    private const string States =
        "let T = datatable(State:string, Type:string, Damage:long)['CA','Fire',10, 'CA','Wind',3, 'OK','Ice',8, 'OK','Ice',4, 'OK','Flood',2, 'TX','Hail',1, 'WA','Rain',2]; ";

    public static TheoryData<string, string[]> Queries { get; } = new()
    {
        // learn.microsoft.com/kusto/query/find-operator.
        {
            $"find in (Events1_CL, Events2_CL) where Session_Id == '{Session}' and Level == 'Error' project EventText, Version, EventName",
            ["Events1_CL|Some Text2|v1.0.0|", "Events2_CL|Some Other Text3||Event3"]
        },
        {
            "find Version == 'v1.0.0' or EventName == 'Event1' project Session_Id, EventText, Version, EventName",
            [
                $"Events1_CL|{Session}|Some Text1|v1.0.0|", $"Events1_CL|{Session}|Some Text2|v1.0.0|",
                "Events2_CL|f7d5f95f-f580-4ea6-830b-5776c8d64fdd|Some Other Text1||Event1",
            ]
        },
        { "find withsource=Where in (Events*) where Level == 'Error' and EventText has 'Text3' project EventText", ["Events1_CL|Some Text3", "Events2_CL|Some Other Text3"] },
        { "find in (Events2_CL) where EventName == 'Event4' project pack(*) | project pack_.EventText, source_", ["Some Other Text4|Events2_CL"] },
        { "find in (Events1_CL) where Version == 'v1.1.0' | project source_, EventText", ["Events1_CL|Some Text4"] },
        { "find in (Events1_CL, Events2_CL) where Level == 'Information' project-smart | where source_ has 'Events2' | project EventText, pack_.EventName | sort by EventText asc | take 1", ["Some Other Text1|Event1"] },

        { "search 'Text3' | project $table, EventText", ["Events1_CL|Some Text3", "Events2_CL|Some Other Text3"] },
        { "search in (Events*) 'Oth*' and EventName == 'Event2' | project $table, EventText", ["Events2_CL|Some Other Text2"] },
        { "search in (Events1_CL) '*ext4' | project EventText", ["Some Text4"] },
        { "search kind=case_sensitive in (Events1_CL) 'text1' | count", ["0"] },
        { "search in (Events1_CL) 'S*ext1' | project EventText", ["Some Text1"] },
        { "search Version:'v1.1.0' | project $table", ["Events1_CL"] },
        { "Events1_CL | search 'Text2' | project $table, Version", ["Events1_CL|v1.0.0"] },
        { "Events1_CL | where * has 'Text2' | project Version", ["v1.0.0"] },
        { "let term = 'ext2'; Events1_CL | where * contains tostring(term) | project Version", ["v1.0.0"] },
        { "let term = 'Text2'; Events1_CL | where * has_cs term or * endswith 'Textx' | project Version", ["v1.0.0"] },
        { "union withsource=t Events* | summarize n = count() by t", ["Events1_CL|4", "Events2_CL|4"] },
        { "union * | count", ["8"] },
        { "union isfuzzy=true (Events1_CL | take 1), (Absent_CL | where n > 1) | count", ["1"] },
        { "union (print x=1), (print x='a'), (print x_long=3) | project x_long, x_long1, x_string | sort by x_long asc", ["|1|", "||a", "3||"] },

        // learn.microsoft.com/kusto/query/let-statement: views take part in wildcards and in a search of everything.
        { "let V1 = view () { Events1_CL | take 1 }; let V2 = () { Events2_CL }; union withsource=t V*, Events2_CL | summarize n = count() by t", ["V1|1", "Events2_CL|4"] },
        { "let Range10 = view () { range MyColumn from 1 to 10 step 1 }; let Range20 = view () { range MyColumn from 1 to 20 step 1 }; search MyColumn == 15 | project $table, MyColumn", ["Range20|15"] },

        // learn.microsoft.com/kusto/query/top-nested-operator.
        {
            States + "T | top-nested 2 of State by sum(Damage), top-nested 1 of Type by sum(Damage)",
            ["OK|14|Ice|12", "CA|13|Fire|10"]
        },
        { States + "T | top-nested 1 of State with others='Other' by total = sum(Damage)", ["OK|14", "Other|16"] },
        { States + "T | top-nested of State by Ignore = max(1), top-nested 1 of d = Damage by max(Damage) asc | project State, d", ["CA|3", "OK|2", "TX|1", "WA|2"] },
        {
            """
            datatable(id: string, timestamp: datetime, otherInformation: string)
            [
              "Barak", datetime(2015-01-01), "1", "Barak", datetime(2016-01-01), "2", "Barak", datetime(2017-01-20), "3",
              "Donald", datetime(2017-01-20), "4", "Donald", datetime(2017-01-18), "5", "Donald", datetime(2017-01-19), "6"
            ]
            | top-nested of id by Ignore0=max(1), top-nested 2 of timestamp by Ignore1=max(timestamp), top-nested of otherInformation by Ignore2=max(1)
            | project id, otherInformation
            """,
            ["Barak|2", "Donald|6", "Barak|3", "Donald|4"]
        },
        { "datatable(k:long, v:long)[1,1, 1,2, long(null),5, long(null),7] | top-nested of k by n = count(), top-nested 1 of v by m = max(v)", ["1|2|2|2", "|2|7|7"] },
        { "datatable(t:datetime)[] | make-series kind=nonempty n = count() default=7 on t from datetime(2024-01-01) to datetime(2024-01-03) step 1d | project n", ["[7,7]"] },
    };

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task Query_SeveralTables_GivesRows(string query, string[] expected) =>
        Assert.Equal(expected.Order(StringComparer.Ordinal), (await events.ResultsAsync(query))[0].Rows.Order(StringComparer.Ordinal));

    // learn.microsoft.com/kusto/query/bag-unpack-plugin and pivot-plugin: the data decide the columns.
    [Theory]
    [InlineData("Bags | evaluate bag_unpack(d)", "Age:long, Height:long, Name:string", "20||John", "40|170|Dave", "30||Jasmine")]
    [InlineData("Bags | extend n = 1 | evaluate bag_unpack(d, 'Property_', ignoredProperties=dynamic(['Height']))", "n:long, Property_Age:long, Property_Name:string", "1|20|John", "1|40|Dave", "1|30|Jasmine")]
    [InlineData("Bags | project Name = 7, x = 1, d | evaluate bag_unpack(d, columnsConflict='keep_source')", "x:long, Age:long, Height:long, Name:long", "1|20||7", "1|40|170|7", "1|30||7")]
    [InlineData("Bags | project Name = 7, x = 1, d | evaluate bag_unpack(d, '', 'replace_source')", "x:long, Age:long, Height:long, Name:string", "1|20||John", "1|40|170|Dave", "1|30||Jasmine")]
    [InlineData("Bags | project Name = '?', d | evaluate bag_unpack(d, columnsConflict='replace_source') : (Name:string, Age:long)", "Name:string, Age:long", "John|20", "Dave|40", "Jasmine|30")]
    [InlineData("print d = dynamic([{'a':1},{'a':'x'},{'b':1.5},{'c':true}]) | mv-expand d | evaluate bag_unpack(d)", "a:dynamic, b:real, c:bool", "1||", "x||", "|1.5|", "||True")]
    [InlineData("Damages | evaluate pivot(State)", "Type:string, CA:long, OK:long", "Fire|2|1", "Ice|0|1")]
    [InlineData("Damages | extend Damage = 5 | evaluate pivot(State, sum(Damage))", "Type:string, CA:long, OK:long", "Fire|10|5", "Ice|0|5")]
    [InlineData("Damages | extend Damage = 5, x = 1 | evaluate pivot(State, sum(Damage), x)", "x:long, CA:long, OK:long", "1|10|10")]
    [InlineData("Damages | evaluate pivot(State) : (Type:string, OK:long, TX:long)", "Type:string, OK:long, TX:long", "Fire|1|0", "Ice|1|0")]
    [InlineData("Damages | where State == 'none' | evaluate pivot(State)", "Type:string")]
    public async Task Query_ColumnsOfTheData_AreReadFirst(string query, string columns, params string[] expected)
    {
        const string Tables =
            "let Bags = datatable(d:dynamic)[dynamic({'Name':'John','Age':20}), dynamic({'Name':'Dave','Height':170,'Age':40}), dynamic({'Name':'Jasmine','Age':30,'Height':null})]; "
            + "let Damages = datatable(State:string, Type:string)['CA','Fire', 'CA','Fire', 'OK','Ice', 'OK','Fire']; ";

        var result = (await events.ResultsAsync(Tables + query))[0];

        Assert.Equal(columns, result.Columns);
        Assert.Equal(expected.Order(StringComparer.Ordinal), result.Rows.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Fork_Branches_GiveTheirOwnTables()
    {
        var results = await events.ResultsAsync("Events1_CL | where Level == 'Error' | fork (count) errors = (project EventText | sort by EventText asc | take 1)");

        Assert.Equal(["PrimaryResult: 2", "errors: Some Text2"], results.Select(r => $"{r.Name}: {string.Join(',', r.Rows)}"));
    }

    // learn.microsoft.com/kusto/query/facet-operator: the table of the with clause, then one for each column.
    [Fact]
    public async Task Facet_Columns_GiveTheirValuesAndCounts()
    {
        var results = await events.ResultsAsync("Events1_CL | facet by Level, Version with (project EventText | where EventText has 'Text4')");

        Assert.Equal(["Some Text4"], results[0].Rows);
        Assert.Equal(["Error|2", "Information|2"], results[1].Rows.Order(StringComparer.Ordinal));
        Assert.Equal(["v1.0.0|2", "v1.0.1|1", "v1.1.0|1"], results[2].Rows.Order(StringComparer.Ordinal));
    }

    public sealed class Events : IAsyncLifetime
    {
        private readonly EmbeddedWorkspace _workspace = EmbeddedWorkspace.Open(new WorkspaceOptions());

        public async ValueTask InitializeAsync()
        {
            await AddAsync(
                "Events1_CL",
                [Session, "Information", "Some Text1", "v1.0.0"],
                [Session, "Error", "Some Text2", "v1.0.0"],
                ["28b8e46e-3c31-43cf-83cb-48921c3986fc", "Error", "Some Text3", "v1.0.1"],
                ["8f057b11-3281-45c3-a856-05ebb18a3c59", "Information", "Some Text4", "v1.1.0"]);
            await AddAsync(
                "Events2_CL",
                ["f7d5f95f-f580-4ea6-830b-5776c8d64fdd", "Information", "Some Other Text1", "Event1"],
                [Session, "Information", "Some Other Text2", "Event2"],
                [Session, "Error", "Some Other Text3", "Event3"],
                ["15eaeab5-8576-4b58-8fc6-478f75d8fee4", "Error", "Some Other Text4", "Event4"]);
        }

        public async Task<List<(string Name, string Columns, List<string> Rows)>> ResultsAsync(string query)
        {
            var compiled = _workspace.Compile(query, new CompileOptions { Now = new DateTime(2026, 3, 2, 12, 0, 0, DateTimeKind.Utc) });
            Assert.Empty(compiled.Diagnostics);
            var results = new List<(string, string, List<string>)>();
            foreach (var result in compiled.Results)
            {
                await using var reader = await _workspace.ExecuteAsync(compiled, result, TestContext.Current.CancellationToken);
                var rows = new List<string>();
                while (await reader.ReadAsync(TestContext.Current.CancellationToken))
                {
                    rows.Add(string.Join('|', reader.Columns.Select((_, i) => Text(reader.GetValue(i)))));
                }

                var columns = string.Join(", ", result.Columns.Select(c => $"{c.Name}:{c.Type.ToString().ToLowerInvariant()}"));
                results.Add((result.Name, columns, rows));
            }

            return results;
        }

        public ValueTask DisposeAsync() => _workspace.DisposeAsync();

        private static string? Text(object? cell) => cell is JsonElement { ValueKind: JsonValueKind.String } text
            ? text.GetString()
            : Convert.ToString(cell, CultureInfo.InvariantCulture);

        private Task<IngestReport> AddAsync(string table, params string[][] rows) => _workspace.IngestAsync(
            table,
            rows.Select(row => new IngestRow(new Dictionary<string, object?>
            {
                ["Session_Id"] = row[0],
                ["Level"] = row[1],
                ["EventText"] = row[2],
                [table == "Events1_CL" ? "Version" : "EventName"] = row[3],
            })),
            TestContext.Current.CancellationToken);
    }
}
