// Binds queries with Microsoft's own KQL parser and binder (npm @kusto/language-service-next).
// Reads {"tables": [{"name", "columns": [{"name", "type"}]}], "queries": [{"name", "text"}]} and writes
// [{"name", "diagnostics": [{"code", "severity", "message", "line", "column"}], "results": [[{"name", "type"}]]}].
// The argument is the node_modules folder.
const fs = require('fs');
const path = require('path');

const folder = path.join(process.argv[2], '@kusto', 'language-service-next');
require(path.join(folder, 'bridge.min.js'));
require(path.join(folder, 'Kusto.Language.Bridge.min.js'));
const { KustoCode, GlobalState, Symbols } = Kusto.Language;

const list = (items) => items ? Array.from({ length: items.Count }, (_, i) => items.getItem(i)) : [];
const place = (text, offset) => {
  const lines = text.slice(0, offset).split('\n');
  return { line: lines.length, column: lines[lines.length - 1].length + 1 };
};

// fork and facet give a group of tables.
const tablesOf = (type) => !type ? [] : type.Columns ? [type] : list(type.Members).flatMap(tablesOf);

const input = JSON.parse(fs.readFileSync(0, 'utf8'));
const tables = input.tables.map(({ name, columns }) =>
  Symbols.TableSymbol.From(`(${columns.map((c) => `['${c.name}']:${c.type}`).join(', ')})`).WithName(name));
const globals = GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.ctor('workspace', tables));

const output = input.queries.map(({ name, text }) => {
  const code = KustoCode.ParseAndAnalyze(text, globals);
  return {
    name,
    diagnostics: list(code.GetDiagnostics()).map((d) =>
      ({ code: d.Code, severity: d.Severity, message: d.Message, ...place(text, d.Start) })),
    results: tablesOf(code.ResultType).map((t) => list(t.Columns).map((c) => ({ name: c.Name, type: c.Type.Name }))),
  };
});
process.stdout.write(JSON.stringify(output));
