using System.Text;
using AlertFunctions.Kql.Runtime;
using AlertFunctions.Kql.Runtime.Dynamics;
using AlertFunctions.Kql.Runtime.Json;

namespace AlertFunctions.Kql.Tests.Runtime;

/// <summary>Dynamic values on the pages' examples.</summary>
public sealed class DynamicTests
{
    [Theory]
    [InlineData("""{"a": 1.0,  "b" : "é\u00e9/\/😀"}""", """{"a":1.0,"b":"éé//😀"}""")]
    [InlineData("123", "123")]
    [InlineData("9223372036854775808", "9.223372036854776E+18")]
    [InlineData("abc", "\"abc\"")]
    [InlineData("{'a':1}", "\"{'a':1}\"")]
    [InlineData("01", "\"01\"")]
    [InlineData("null", null)]
    [InlineData("", null)]
    [InlineData("\"a\\u0001\\\"\"", "\"a\\u0001\\\"\"")]
    public void ParseJson_Text_GivesCompactJsonOrString(string text, string? expected) => Assert.Equal(expected, DynamicRuntime.ParseJson(text));

    [Theory]
    [InlineData("""{"a":[1,-2,0,true,null,"é😀\"\\\n"],"b":{"":{}},"c":[]}""", true)]
    [InlineData("""[123456789012345678]""", true)]
    [InlineData("""[1234567890123456789]""", false)]
    [InlineData("""[-0]""", false)]
    [InlineData("""[01]""", false)]
    [InlineData("""[1.0,-0.5,1E-05,1E+20,-0.0,123456.75]""", true)]
    [InlineData("""[1e3]""", false)]
    [InlineData("""[1e20]""", false)]
    [InlineData("""[1E20]""", false)]
    [InlineData("""[100000000000000000000.0]""", false)]
    [InlineData("""[1E400]""", false)]
    [InlineData("""[1.50]""", false)]
    [InlineData("""[1.00]""", false)]
    [InlineData("""[1.]""", false)]
    [InlineData("""[.5]""", false)]
    [InlineData("""[-]""", false)]
    [InlineData("""{"a":1,"a":2}""", false)]
    [InlineData("""{"a": 1}""", false)]
    [InlineData("""["\/"]""", false)]
    [InlineData("""["\u0041"]""", false)]
    [InlineData("""["a]""", false)]
    [InlineData("""["a\""", false)]
    [InlineData("""[1,]""", false)]
    [InlineData("""{"a"}""", false)]
    [InlineData("""[1]x""", false)]
    [InlineData("""[[1]""", false)]
    [InlineData("\"a\"", false)]
    [InlineData("", false)]
    public void CanonicalJson_Text_IsOnlyWhatParsingLeavesAsItIs(string text, bool expected)
    {
        Assert.Equal(expected, CanonicalJson.Is(Encoding.UTF8.GetBytes(text)));
        Assert.True(!expected || DynamicRuntime.ParseJson(text) == text);
    }

    [Fact]
    public void CanonicalJson_DamagedJson_IsOnlyWhatParsingLeavesAsItIs()
    {
        const string Json = """{"a":[1,-20,0,1.5,2E-07,true,null,"x\"y"],"b":{"c":{},"d":"\n"},"e":[[],[false]]}""";
        foreach (var at in Enumerable.Range(0, Json.Length))
        {
            foreach (var other in "{}[]\":,\\0-+1eE. atn\u0001")
            {
                var damaged = Json[..at] + other + Json[(at + 1)..];

                Assert.True(!CanonicalJson.Is(Encoding.UTF8.GetBytes(damaged)) || DynamicRuntime.ParseJson(damaged) == damaged, damaged);
            }
        }
    }

    // The same text with a blank before it goes the general way.
    [Theory]
    [InlineData("""[1,"a",null,{"b":[2,3]},[],1.5]""", """1 "a" NULL {"b":[2,3]} [] 1.5""")]
    [InlineData("""{"a":1,"b":null,"c d\"":{"e":[]},"é":"😀"}""", """{"a":1} {"b":null} {"c d\"":{"e":[]}} {"é":"😀"}""", """["a",1] ["b",null] ["c d\"",{"e":[]}] ["é","😀"]""")]
    [InlineData("[]", "")]
    [InlineData("{}", "")]
    [InlineData("[null]", "NULL")]
    [InlineData("[[]]", "[]")]
    [InlineData("null", "NULL")]
    [InlineData("", "NULL")]
    [InlineData("  ", "NULL")]
    [InlineData("12", "12")]
    [InlineData("abc", "\"abc\"")]
    [InlineData("\"[1,2]\"", "\"[1,2]\"")]
    [InlineData("[1,2", "\"[1,2\"")]
    [InlineData("""{"a":1,"b":2,"a":3}""", """{"a":3} {"b":2}""", """["a",3] ["b",2]""")]
    [InlineData("""[0,"\/","\u0041",1e3]""", """0 "/" "A" 1000.0""")]
    [InlineData("""{"a":{"b":1,"b":2}}""", """{"a":{"b":2}}""", """["a",{"b":2}]""")]
    public void JsonItems_Text_AreThoseOfWhatParsingGives(string text, string items, string? asArrays = null)
    {
        Assert.Equal(items, ItemsOf(text, asArrays: false));
        Assert.Equal(asArrays ?? items, ItemsOf(text, asArrays: true));
        Assert.True(JsonReader.TryRead(text, out _) == false || items == ItemsOf(" " + text, asArrays: false));
        Assert.True(DynamicRuntime.ParseJson(text) is not { } parsed || items == ItemsOf(parsed, asArrays: false));
    }

    [Fact]
    public void Read_DeepNesting_IsText()
    {
        var deep = new string('[', 10_000);

        Assert.Equal(deep, JsonReader.Read(deep));
    }

    [Theory]
    [InlineData("an", "[0,-1,1]", 2L)]
    [InlineData("example", "[1,3,1]", 3L)]
    [InlineData("example", "[1,2,1]", -1L)]
    [InlineData("is", "[2,4,1]", -1L)]
    [InlineData("an", "[1,-1,2]", 4L)]
    [InlineData("an", "[1,-1,3]", -1L)]
    [InlineData("an", "[-3,-1,1]", 4L)]
    [InlineData("is", "[-4,-1,1]", -1L)]
    public void ArrayIndexOf_Window_IsAsDocumented(string value, string window, long expected) =>
        Assert.Equal(expected, ArrayRuntime.IndexOf("""["this","is","an","example","an","example"]""", $"\"{value}\"", window));

    [Theory]
    [InlineData(1, 2, "[2,3]")]
    [InlineData(2, -1, "[3,4,5]")]
    [InlineData(-3, -2, "[3,4]")]
    [InlineData(9, 12, "[]")]
    public void ArraySlice_Bounds_AreInclusive(long start, long end, string expected) =>
        Assert.Equal(expected, ArrayRuntime.Slice("[1,2,3,4,5]", start, end));

    [Theory]
    [InlineData("2", "[[1,2],[3,4,5]]")]
    [InlineData("[1,3]", "[[1],[2,3],[4,5]]")]
    [InlineData("[-2]", "[[1,2,3],[4,5]]")]
    public void ArraySplit_Indices_CutBefore(string indices, string expected) => Assert.Equal(expected, ArrayRuntime.Split("[1,2,3,4,5]", indices));

    [Theory]
    [InlineData(2, "", "[3,4,5,null,null]")]
    [InlineData(-2, "", "[null,null,1,2,3]")]
    [InlineData(-2, "-1", "[-1,-1,1,2,3]")]
    [InlineData(9, "0", "[0,0,0,0,0]")]
    public void ArrayShift_FreePlaces_HoldDefault(long count, string byDefault, string expected) =>
        Assert.Equal(expected, ArrayRuntime.ShiftLeft("[1,2,3,4,5]", count, byDefault));

    [Theory]
    [InlineData("""["a","b","c"]""", "", """["c","",""]""")]
    [InlineData("""["a","b","c"]""", "null", """["c",null,null]""")]
    [InlineData("""["a",2,"c"]""", "", """["c",null,null]""")]
    [InlineData("[]", "", "[]")]
    public void ArrayShift_NoDefault_FillsWithEmptyStringsAmongStrings(string array, string byDefault, string expected) =>
        Assert.Equal(expected, ArrayRuntime.ShiftLeft(array, 2, byDefault));

    [Theory]
    [InlineData("""[[1,3,4,5,2],["a","b","c","d","e"]]""", false, true, """[[1,2,3,4,5],["a","e","b","c","d"]]""")]
    [InlineData("""[[null,"blue","yellow","green",null]]""", false, true, """[["blue","green","yellow",null,null]]""")]
    [InlineData("""[[null,"blue","yellow","green",null]]""", false, false, """[[null,null,"blue","green","yellow"]]""")]
    [InlineData("""[[1,2],[1]]""", true, true, """[[2,1],null]""")]
    [InlineData("""[["b",true,2,"a",1.5]]""", false, true, """[[1.5,2,"a","b",true]]""")]
    public void ArraySort_Arrays_MoveAlong(string arrays, bool isDescending, bool nullsLast, string expected) =>
        Assert.Equal(expected, ArrayRuntime.Sort(arrays, isDescending, nullsLast));

    [Theory]
    [InlineData("[true,false,true]", "[1,2,3]", "[4,5,6]", "[1,5,3]")]
    [InlineData("[1,0,50]", "\"yes\"", "\"no\"", """["yes","no","yes"]""")]
    [InlineData("""["some",null]""", "1", "0", "[null,null]")]
    [InlineData("[true,true,true]", "[1,2]", "[3,4]", "[1,2,null]")]
    public void ArrayIff_Conditions_ChooseByElement(string conditions, string yes, string no, string expected) =>
        Assert.Equal(expected, ArrayRuntime.Iff(conditions, yes, no));

    [Theory]
    [InlineData("[[1,3,5],[2,4,6]]", "[[1,2],[3,4],[5,6]]")]
    [InlineData("""[["A",1,1.5],[{},"B"]]""", """[["A",{}],[1,"B"],[1.5,null]]""")]
    public void Zip_Arrays_PairElements(string arrays, string expected) => Assert.Equal(expected, ArrayRuntime.Zip(arrays));

    [Theory]
    [InlineData("""{"a":"b", "c":123}""", """["['a']","['c']"]""")]
    [InlineData("""{"prop1":[1,2,3,4], "prop2":"value2"}""", """["['prop1']","['prop1'][0]","['prop2']"]""")]
    [InlineData("""{"listProperty":[100,200,300,"abcde",{"x":"y"}]}""", """["['listProperty']","['listProperty'][0]","['listProperty'][0]['x']"]""")]
    public void TreePath_Leaves_AreListed(string value, string expected) => Assert.Equal(expected, BagRuntime.TreePath(value));

    [Theory]
    [InlineData("key2", true)]
    [InlineData("$.key2.prop1", true)]
    [InlineData("$.key2['prop1']", true)]
    [InlineData("prop1", false)]
    public void BagHasKey_PathsToo_AreFound(string key, bool expected) =>
        Assert.Equal(expected, BagRuntime.HasKey("""{"key2":{"prop1":"abc"}}""", key));

    [Theory]
    [InlineData("""["$.key2.prop1","key3"]""", """{"key1":123,"key2":{"prop2":"xyz"}}""")]
    [InlineData("""["key2","key4"]""", """{"key1":123,"key3":[100,200]}""")]
    public void BagRemoveKeys_PathsToo_AreRemoved(string keys, string expected) =>
        Assert.Equal(expected, BagRuntime.RemoveKeys("""{"key1":123,"key2":{"prop1":"abc","prop2":"xyz"},"key3":[100,200]}""", keys));

    [Theory]
    [InlineData("""{"key1":1,"key2":2}""", "key3", "3", """{"key1":1,"key2":2,"key3":3}""")]
    [InlineData("""{"key1":123}""", "$.key2.prop1", "\"abc\"", """{"key1":123,"key2":{"prop1":"abc"}}""")]
    [InlineData("[1]", "key", "1", null)]
    public void BagSetKey_PathsToo_AreSet(string bag, string key, string value, string? expected) =>
        Assert.Equal(expected, BagRuntime.SetKey(bag, key, value));

    [Fact]
    public void BagMerge_EqualKeys_FirstStays() =>
        Assert.Equal(
            """{"A1":12,"B1":2,"C1":3,"A2":81,"B2":82}""",
            BagRuntime.Merge("""[{"A1":12,"B1":2,"C1":3},{"A2":81,"B2":82,"A1":1}]"""));

    [Fact]
    public void Sets_OfArguments_KeepFirstAppearance()
    {
        Assert.Equal("[1,2,4,8]", SetRuntime.Union("[[1,2,1,4],[1,2],[8]]"));
        Assert.Equal("[4]", SetRuntime.Difference("[[1,2,1,4],[1,2],[1,2,8]]"));
        Assert.Equal("[1]", SetRuntime.Intersect("[[1,2,1,4],[1,3],[1,2,8]]"));
        Assert.Equal(0.75, SetRuntime.JaccardIndex("[[1,2,3],[1,2,3,4]]"));
        Assert.True(SetRuntime.SetEquals("[1,2,2]", "[2,1.0]"));
        Assert.Null(SetRuntime.Union("[[1],2]"));
    }

    [Fact]
    public void BuildSchema_Values_AreAllAdmitted() =>
        Assert.Equal(
            """{"x":["long","string"],"y":["double",{"w":"string"}],"z":{"`indexer`":["long","string"]},"t":{"`indexer`":"string"}}""",
            DynamicRuntime.BuildSchema("""[{"x":1,"y":3.5},{"x":"somevalue","z":[1,2,3]},{"y":{"w":"zzz"},"t":["aa","bb"],"z":["foo"]}]"""));

    [Theory]
    [InlineData(1, 8, 3, "[1,4,7]")]
    [InlineData(3, 1, -1, "[3,2,1]")]
    [InlineData(1, 0, 1, "[]")]
    public void Range_Longs_IncludeStop(long start, long stop, long step, string expected) =>
        Assert.Equal(expected, ArrayRuntime.Range(start, stop, step, value => value));

    [Fact]
    public void Range_EndsOfLong_DoesNotOverflow() => Assert.Equal("[9223372036854775806,9223372036854775807]", ArrayRuntime.Range(long.MaxValue - 1, long.MaxValue, 1, value => value));

    private static string ItemsOf(string text, bool asArrays)
    {
        var list = new TextList();
        new JsonItems(list, asArrays).Split(Encoding.UTF8.GetBytes(text));
        return string.Join(' ', list.Texts.Select(item => item is null ? "NULL" : Encoding.UTF8.GetString(item)));
    }

    private sealed class TextList : ITextList
    {
        public List<byte[]?> Texts { get; } = [];

        public Span<byte> Add(int length)
        {
            var text = new byte[length];
            Texts.Add(text);
            return text;
        }

        public void AddNull() => Texts.Add(null);

        public void Clear() => Texts.Clear();
    }
}
