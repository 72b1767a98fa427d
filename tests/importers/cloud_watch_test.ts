import { strict as assert } from "node:assert";
import { type CloudWatchOptions, importCloudWatch } from "dnpc/importers";
import { openDatabase } from "dnpc/sql";
import { entries, fixture, row, withExports } from "./cloud_watch.ts";
import { rows } from "./databases.ts";

/** The rows of the fixture: their fields, by name. */
const exported = (JSON.parse(Deno.readTextFileSync(fixture)).results as {
  field: string;
  value: string;
}[][]).map((fields) =>
  Object.fromEntries(fields.map(({ field, value }) => [field, value]))
);

Deno.test("importCloudWatch() keeps each record, unwrapped to its innermost JSON", async () => {
  using db = await openDatabase();
  const { sources: [source] } = await importCloudWatch(db, fixture);
  // Counted with Python's json: 60 rows, two of them with truncated JSON.
  assert.deepEqual(
    [source!.lines, source!.matched, source!.records, source!.malformedLines],
    [60, 58, 60, [55, 58]],
  );
  assert.equal(source!.error, undefined);
  const found = entries(db);
  exported.slice(0, 48).forEach((row, i) => {
    const { log, ...wrapper } = JSON.parse(row["@message"]!);
    assert.deepEqual(found[i], {
      ...JSON.parse(log),
      "@timestamp": row["@timestamp"],
      "@logStream": row["@logStream"],
      "@message": wrapper,
    });
  });
  assert.deepEqual(
    rows(db, "SELECT line, time FROM log_record ORDER BY id"),
    exported.map((row, i) => [
      i + 1,
      Date.parse(`${row["@timestamp"]!.replace(" ", "T")}Z`) / 1000,
    ]),
  );
});

Deno.test("importCloudWatch() keeps records with damaged or unusual messages", async () => {
  using db = await openDatabase();
  await importCloudWatch(db, fixture);
  const messages = rows(
    db,
    "SELECT entry ->> 'message' FROM log_record WHERE line > 52 ORDER BY id",
  );
  assert.deepEqual(messages.flat(), [
    "fields of its own",
    "[2022-08-03 09:27:02 +0000] [8] [INFO] Worker booted",
    '{"asctime": "2022-08-03 11:27:03,118", "name": "web_service"',
    "START RequestId: no JSON at all",
    "without a wrapper",
    '{"log": "a wrapper that is cut, "stream": ',
    "[1, 2]",
    "",
  ]);
  assert.deepEqual(
    rows(
      db,
      `SELECT entry ->> '$.__proto__.polluted',
         (entry -> 'trace_id') || '', entry ->> 'path'
       FROM log_record WHERE line IN (50, 51, 52) ORDER BY line`,
    ),
    [[null, null, "C:\\tmp\\new"], [1, null, null], [
      null,
      "9007199254740993",
      null,
    ]],
  );
  const [, , , , own] = entries(db).slice(48);
  assert.equal(own["@timestamp"], "2022-08-03 09:27:02.123");
  assert.deepEqual(own["@message"], {
    stream: "stderr",
    kubernetes: {
      pod_name: "web-service-7d9c-m8f1q",
      namespace_name: "default",
    },
    "@timestamp": "1999-12-31",
    "@message": "mine",
  });
});

const tasks: CloudWatchOptions = {
  span: "funcx.task",
  identity: { task: "task_id" },
  event: "message",
  details: { pod: "@message.kubernetes.pod_name" },
};

Deno.test("importCloudWatch() creates spans and events from records", async () => {
  using db = await openDatabase();
  const { sources: [source] } = await importCloudWatch(db, fixture, tasks);
  assert.deepEqual(
    rows(
      db,
      "SELECT type, count(*), count(DISTINCT span_id) FROM event GROUP BY 1",
    ),
    [
      ["result stored", 12, 12],
      ["task running", 12, 12],
      ["task sent to endpoint", 12, 12],
      ["task submitted", 12, 12],
    ],
  );
  const expected = exported.slice(0, 48).map((row) => {
    const wrapper = JSON.parse(row["@message"]!);
    return [JSON.parse(wrapper.log).task_id, wrapper.kubernetes.pod_name];
  });
  assert.deepEqual(
    rows(
      db,
      `SELECT key, span.attributes ->> 'pod' FROM event JOIN span
       ON span.id = span_id WHERE offset IS NULL ORDER BY line`,
    ).map(([key, pod]) => [String(key).split("/").at(-1), pod]),
    expected,
  );
  assert.deepEqual(
    [source!.matched, source!.unmatched, source!.malformed],
    [48, 10, 2],
  );
  assert.ok(
    source!.unmatchedTemplates.some(({ template, line }) =>
      template === "START RequestId: no JSON at all" && line === 56
    ),
  );
});

Deno.test("importCloudWatch() reads an export again if its options changed", async () => {
  using db = await openDatabase();
  const outcome = async (options: CloudWatchOptions = {}) => {
    const { sources: [source] } = await importCloudWatch(db, fixture, options);
    return source!.outcome;
  };
  assert.equal(await outcome(), "imported");
  assert.equal(await outcome(), "unchanged");
  assert.equal(await outcome(tasks), "replaced");
  assert.equal(await outcome(tasks), "unchanged");
  const local = { ...tasks, time: "asctime", timeZone: "Europe/Paris" };
  assert.equal(await outcome(local), "replaced");
  assert.equal(await outcome(local), "unchanged");
  assert.equal(await outcome({ ...local, timeZone: "UTC" }), "replaced");
  assert.deepEqual(rows(db, "SELECT count(*) FROM span"), [[12]]);
  assert.deepEqual(rows(db, "SELECT count(*) FROM log_record"), [[60]]);
});

Deno.test("importCloudWatch() uses the time that a program logged if an option selects it", async () => {
  using db = await openDatabase();
  const { sources: [source] } = await importCloudWatch(db, fixture, {
    time: "asctime",
    timeZone: "Europe/Paris",
  });
  assert.equal(source!.clock, "Europe/Paris");
  assert.deepEqual(
    rows(db, "SELECT time FROM log_record WHERE line IN (1, 56)").flat(),
    // date -ud "2022-08-03 09:26:40" +%s; the second record has only
    // CloudWatch's time.
    [1659518800.118, 1659518823.623],
  );
});

Deno.test("importCloudWatch() counts records that are nested too deeply for SQLite", () => {
  const deep = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  const nested = (depth: number) => `{"x":${"[".repeat(depth)}`;
  const console = JSON.stringify([{ "@message": 1 }, { "@message": 2 }]);
  return withExports(
    {
      "rows.json": JSON.stringify({
        results: [
          row(`{"log": ${JSON.stringify(`{"a": ${deep(900)}}`)}}`),
          row(`{"log": "text", "around": ${deep(997)}}`),
          row(`{"log": "text", "around": ${deep(998)}}`),
          row("good"),
        ],
      }),
      "console.json": console.replace("1", `{"a": ${deep(1500)}}`),
      "deep.json": console.replace("2", deep(1e6)),
      "open.json": `{"results":[${JSON.stringify(row("good"))},[${nested(5e5)}`,
    },
    {},
    (db, { sources }) => {
      assert.deepEqual(
        sources.map(({ lines, malformed }) => [lines, malformed]),
        [[2, 1], [2, 1], [2, 1], [4, 1]],
      );
      const valid = "SELECT min(json_valid(entry)) FROM log_record";
      assert.deepEqual(rows(db, valid), [[1]]);
      const kept = "SELECT count(*) FROM log_record";
      assert.deepEqual(rows(db, kept), [[1 + 2 + 1 + 4]]);
    },
  );
});

Deno.test("importCloudWatch() keeps the records that options.records selects", async () => {
  using db = await openDatabase();
  await importCloudWatch(db, fixture, { ...tasks, records: "unmatched" });
  assert.deepEqual(rows(db, "SELECT count(*) FROM log_record"), [[12]]);
  const { sources: [other] } = await importCloudWatch(db, fixture, {
    ...tasks,
    records: ["name", "@logStream"],
  });
  assert.deepEqual([other!.outcome, other!.records], ["replaced", 60]);
  assert.deepEqual(entries(db)[0], {
    name: "web_service",
    "@logStream": "fluentd-web-service-7d9c-x2k4p_default",
  });
});
