// Drives a workspace with Azure's official query client and prints what the client made of the answers, as JSON.
// usage: node query-client.mjs NODE_MODULES http://127.0.0.1:PORT
// (the API version is a part of the endpoint that this client is given)
import { createRequire } from "node:module";
import { join } from "node:path";

const [modules, endpoint] = process.argv.slice(2);
const { LogsQueryClient, isRestError = (e) => e?.name === "RestError" } = createRequire(join(modules, "x.js"))("@azure/monitor-query-logs");

// The client sends a token over https only. It is given an https address, and its last step before the wire goes to loopback.
const loopback = {
  name: "loopback",
  sendRequest(request, next) {
    request.url = request.url.replace(/^https:/, "http:");
    request.allowInsecureConnection = true;
    return next(request);
  },
};
const credential = { getToken: async () => ({ token: "any", expiresOnTimestamp: Date.now() + 3600_000 }) };
const client = new LogsQueryClient(credential, {
  endpoint: `${endpoint.replace(/^http:/, "https:")}/v1`,
  additionalPolicies: [{ policy: loopback, position: "perRetry" }],
  retryOptions: { maxRetries: 0 },
});
const always = { duration: "P10000D" };
const show = (value) => (value instanceof Date ? `Date ${value.toISOString()}` : value);
const report = {};

const types = await client.queryWorkspace(
  "any",
  `print b = true, i = int(1), l = 123456789012, r = 1.5, nan = real(nan), m = decimal(0.1), s = 'text',
     t = datetime(2015-12-31T23:59:59.9Z), ts = 1d + 10s, g = guid(74be27de-1e4e-49d9-b579-fe0b331d3642),
     d = dynamic({"a": [1, null]}), none = long(null)`,
  always,
  { includeQueryStatistics: true, serverTimeoutInSeconds: 60 },
);
report.types = {
  status: types.status,
  columns: types.tables[0].columnDescriptors.map((c) => c.type ?? c.columnType),
  row: types.tables[0].rows[0].map(show),
  hasStatistics: types.statistics !== undefined,
};

const batch = await client.queryBatch([
  { workspaceId: "any", query: "range x from 1 to 3 step 1", timespan: always },
  { workspaceId: "any", query: "Heartbeat | project Computer", timespan: always },
  { workspaceId: "any", query: "Heartbeat | where Nope == 1", timespan: always },
]);
// This client calls every failed query of a batch a partial failure.
report.batch = batch.map((result) => ({ status: result.status, rows: result.tables?.[0]?.rows, code: result.partialError?.code }));

const partial = await client.queryWorkspace("any", "range x from 1 to 5000 step 1", always);
report.partial = { status: partial.status, rows: partial.partialTables?.[0]?.rows.length, code: partial.partialError?.code };

try {
  await client.queryWorkspace("any", "Heartbeat | where", always);
} catch (error) {
  report.syntax = { status: error.statusCode, code: error.code, inner: error.details?.error?.innererror?.code ?? error.message };
}

const resource = await client.queryResource(
  "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/c", "print x = 1", always);
report.resource = resource.tables[0].rows;

console.log(JSON.stringify(report));
