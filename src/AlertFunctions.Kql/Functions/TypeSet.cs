namespace AlertFunctions.Kql.Functions;

/// <summary>A set of types, such as the Summable ones.</summary>
internal readonly record struct TypeSet(int Bits)
{
    public static readonly TypeSet Integer = Of(KqlType.Int, KqlType.Long);
    public static readonly TypeSet Number = Of(KqlType.Int, KqlType.Long, KqlType.Real, KqlType.Decimal);
    public static readonly TypeSet Summable = Number.With(KqlType.TimeSpan, KqlType.DateTime);
    public static readonly TypeSet Scalar = new((1 << 10) - 1);
    public static readonly TypeSet Orderable = Summable.With(KqlType.String, KqlType.Bool);
    public static readonly TypeSet NotDynamic = new(Scalar.Bits & ~Of(KqlType.Dynamic).Bits);

    public static TypeSet Of(params ReadOnlySpan<KqlType> types)
    {
        var bits = 0;
        foreach (var type in types)
        {
            bits |= 1 << (int)type;
        }

        return new TypeSet(bits);
    }

    public bool Contains(KqlType type) => (Bits & (1 << (int)type)) != 0;

    public TypeSet With(params ReadOnlySpan<KqlType> types) => new(Bits | Of(types).Bits);

    /// <summary>The set that a signature's word means, and the type to convert to where the word is a single type.</summary>
    public static (TypeSet Types, KqlType? Target) Parse(string word) => word switch
    {
        "bool" => (Of(KqlType.Bool), KqlType.Bool),
        "int" => (Of(KqlType.Int), KqlType.Int),
        "long" => (Of(KqlType.Long), KqlType.Long),
        "real" => (Of(KqlType.Real), KqlType.Real),
        "decimal" => (Of(KqlType.Decimal), KqlType.Decimal),
        "string" => (Of(KqlType.String), KqlType.String),
        "datetime" => (Of(KqlType.DateTime), KqlType.DateTime),
        "timespan" => (Of(KqlType.TimeSpan), KqlType.TimeSpan),
        "guid" => (Of(KqlType.Guid), KqlType.Guid),
        "dynamic" or "DynamicArray" or "DynamicBag" => (Of(KqlType.Dynamic), KqlType.Dynamic),
        "type" => (default, null),
        "Scalar" or "CommonScalar" or "CommonScalarOrDynamic" => (Scalar, null),
        "NotDynamic" => (NotDynamic, null),
        "Orderable" or "CommonOrderable" => (Orderable, null),
        "NotRealOrBool" => (new TypeSet(Scalar.Bits & ~Of(KqlType.Real, KqlType.Bool).Bits), null),
        "Number" => (Number, null),
        "Integer" => (Integer, null),
        "Summable" => (Summable, null),
        "NumberOrBool" => (Number.With(KqlType.Bool), null),
        "StringOrDynamic" or "StringOrArray" => (Of(KqlType.String, KqlType.Dynamic), null),
        "IntegerOrArray" => (Integer.With(KqlType.Dynamic), null),
        _ => throw new InvalidOperationException($"'{word}' is no class of types."),
    };
}
