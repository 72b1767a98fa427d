import { importOtlp } from "dnpc/importers";
import { openDatabase } from "dnpc/sql";
import { strict as assert } from "node:assert";
import { rows } from "./databases.ts";
import { withFiles } from "./logs.ts";

// Expected numbers come from a few lines of Python over the fixture.
const fixture = "tests/fixtures/otlp/traces.jsonl";
const text = Deno.readTextFileSync(fixture);

Deno.test("importOtlp() reads spans, events and nesting", async () => {
  using db = await openDatabase();
  const report = await importOtlp(db, fixture);
  const [source] = report.sources;
  assert.deepEqual([source?.matched, source?.malformed], [12, 0]);
  assert.deepEqual(
    rows(
      db,
      `SELECT attributes ->> 'name', count(*) FROM span
       WHERE type = 'otel.span' GROUP BY 1 ORDER BY 1`,
    ),
    [["batch", 3], ["compute", 3], ["fetch", 6]],
  );
  assert.deepEqual(
    rows(db, "SELECT type, count(*) FROM event GROUP BY type ORDER BY type"),
    [["answered", 6], ["end", 12], ["exception", 1], ["planned", 3], [
      "requested",
      6,
    ], ["start", 12]],
  );
  assert.deepEqual(
    rows(
      db,
      `SELECT o.attributes ->> 'name', i.attributes ->> 'name', count(*)
       FROM subspan JOIN span AS o ON o.id = superspan_id
         JOIN span AS i ON i.id = subspan_id
       GROUP BY 1, 2 ORDER BY 2`,
    ),
    [["batch", "compute", 3], ["batch", "fetch", 6]],
  );
  // Roots name no parent.
  assert.equal(report.bindings?.unbound, 0);
});

Deno.test("importRuninfo() reads traces that were printed over many lines", async () => {
  using lines = await openDatabase();
  await importOtlp(lines, fixture);
  const spans = `SELECT type, key, attributes FROM span ORDER BY key`;
  const events = `SELECT key, event.type, time, event.attributes
    FROM event JOIN span ON span.id = span_id ORDER BY 1, 2, 3`;
  // As jq prints the lines of the file.
  const printed = text.trim().split("\n")
    .map((line) => JSON.stringify(JSON.parse(line), null, 2)).join("\n");
  const cut = printed.slice(0, printed.lastIndexOf('"scopeSpans"'));
  await withFiles({ "trace.json": printed }, (db, { sources }) => {
    assert.deepEqual([sources[0]?.lines, sources[0]?.malformed], [12, 0]);
    assert.deepEqual(rows(db, spans), rows(lines, spans));
    assert.deepEqual(rows(db, events), rows(lines, events));
  });
  await withFiles({ "trace.json": cut }, (db, { sources }) => {
    assert.match(sources[0]?.error ?? "", /^cut short at byte \d+$/);
    assert.deepEqual(rows(db, "SELECT count(*) FROM span"), [[11]]);
  });
});

Deno.test("importOtlp() keeps attributes, exceptions, kinds and links", async () => {
  using db = await openDatabase();
  await importOtlp(db, fixture);
  const [[failed]] = rows(
    db,
    "SELECT attributes FROM span WHERE attributes ->> 'status' = 'error'",
  ) as [[string]];
  const { links, trace_id, ...said } = JSON.parse(failed);
  assert.equal(links[0].trace_id, trace_id);
  assert.equal(links[0].span_id, said.parent_span_id);
  assert.deepEqual(
    [said.service, said.scope, said.kind, said["host.name"], said.exception],
    ["pipeline", "make", "internal", "node7", "ValueError"],
  );
  assert.equal(said.exception_message, "no such\nrecord: <b>7</b>");
  const [event] = rows(
    db,
    `SELECT attributes ->> 'exception', attributes ->> 'more', time
     FROM event WHERE type = 'exception'`,
  );
  assert.equal(event![0], "ValueError");
  assert.match(String(event![1]), /^Traceback/);
  // grep -o '[0-9]*","name":"exception"': 1796006921190698110
  assert.equal(event![2], 1796006921.1906981);
  assert.deepEqual(
    rows(
      db,
      `SELECT DISTINCT span.attributes ->> 'kind', span.attributes -> 'sizes',
         event.attributes ->> 'bytes'
       FROM span JOIN event ON span_id = span.id
       WHERE event.type = 'answered' ORDER BY 1`,
    ),
    [
      ["client", "[1,2.5]", "1152921504606846976"],
      ["internal", "[1,2.5]", "1152921504606846976"],
    ],
  );
});

Deno.test("importOtlp() keeps attributes with the name of an absent field", async () => {
  const span = {
    traceId: "0a",
    spanId: "01",
    startTimeUnixNano: "1795000000000000000",
    kind: 3,
    attributes: ["status", "kind"]
      .map((key) => ({ key, value: { stringValue: "queued" } })),
  };
  const batch = { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] };
  await withFiles(
    { "traces.jsonl": `${JSON.stringify(batch)}\n` },
    (db) =>
      assert.deepEqual(
        rows(
          db,
          "SELECT attributes ->> 'status', attributes ->> 'kind' FROM span",
        ),
        [["queued", "client"]],
      ),
  );
});

Deno.test("importRuninfo() finds OTLP by its content, in any order, cut anywhere", async () => {
  const lines = text.trimEnd().split("\n");
  const files = {
    "a.txt": lines.slice(0, 7).join("\n") + "\n",
    "b.log": lines.slice(7).join("\n") + "\n" + lines[0]!.slice(0, 200) + "\n",
  };
  await withFiles(files, (db, report) => {
    assert.deepEqual(report.sources.map(({ malformed }) => malformed), [0, 1]);
    assert.deepEqual(rows(db, "SELECT count(*) FROM subspan"), [[9]]);
  });
});

Deno.test("importOtlp() reads what the collector and older SDKs write", async () => {
  const span = {
    traceId: "5B8EFFF798038103D269B633813FC60C",
    spanId: "EEE19B7EC3C1B174",
    parentSpanId: "",
    name: "I'm a server span",
    startTimeUnixNano: "1544712660000000000",
    endTimeUnixNano: 1544712661000000000,
    kind: "SPAN_KIND_SERVER",
    status: { code: "STATUS_CODE_OK" },
    attributes: [
      { key: "trace_id", value: { stringValue: "x" } },
      { key: "map", value: { kvlistValue: { values: [] } } },
      { key: "none", value: {} },
    ],
  };
  const lines = [
    { resourceSpans: [{ scopeSpans: [{ spans: [span, { name: "no id" }] }] }] },
    {
      resourceSpans: [{
        instrumentationLibrarySpans: [{
          instrumentationLibrary: { name: "old" },
          spans: [{ ...span, spanId: "01" }],
        }],
      }],
    },
    { resourceSpans: [null, { scopeSpans: [7, { spans: "none" }] }] },
  ].map((line) => JSON.stringify(line));
  await withFiles({ "otel.json": lines.join("\n") }, (db, report) => {
    assert.deepEqual(report.sources[0]?.malformedLines, [1]);
    assert.deepEqual(
      rows(
        db,
        `SELECT key, attributes ->> 'kind', attributes ->> 'status',
           attributes -> 'map' FROM span ORDER BY key DESC`,
      ),
      [
        [
          "5b8efff798038103d269b633813fc60c/eee19b7ec3c1b174",
          "server",
          "ok",
          "{}",
        ],
        ["5b8efff798038103d269b633813fc60c/01", "server", "ok", "{}"],
      ],
    );
    assert.deepEqual(rows(db, "SELECT time FROM event WHERE type = 'end'"), [
      [1544712661],
      [1544712661],
    ]);
  });
});

Deno.test("importOtlp() names the logs and metrics in a file, which it does not read", async () => {
  const lines = ['{"resourceLogs":[]}', '{"resourceMetrics":[]}', text];
  await withFiles({ "telemetry.json": lines.join("\n") }, (db, report) => {
    const [source] = report.sources;
    assert.deepEqual(
      [source?.matched, source?.unmatched, source?.malformed],
      [12, 2, 0],
    );
    assert.deepEqual(
      source?.unmatchedTemplates.map(({ template }) => template).sort(),
      ["resourceLogs", "resourceMetrics"],
    );
    assert.deepEqual(rows(db, "SELECT line FROM log_record"), [[1], [2]]);
  });
});
