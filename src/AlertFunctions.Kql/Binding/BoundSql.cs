namespace AlertFunctions.Kql.Binding;

/// <summary>SQL that a row of the function table has made already, as an operand of a further conversion.</summary>
internal sealed record BoundSql(KqlType SqlType, string Text) : BoundExpression(SqlType, SqlType != KqlType.String);
