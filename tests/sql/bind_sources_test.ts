import { strict as assert } from "node:assert";
import { bind, contradictionText, insertRows } from "dnpc/sql";
import { onDatabase } from "./engines.ts";
import { addSpans } from "./spans.ts";

onDatabase("bind() reports the lines that contradict each other", (db) => {
  addSpans(db, [
    { type: "log", attributes: { job: "40", task: "39" } },
    { type: "debug", attributes: { job: "40", task: "38" } },
    { type: "table", attributes: { job: "40", task: "39" } },
  ]);
  db.exec("UPDATE span SET source_id = 2");
  insertRows(db, "source", ["id", "path", "importer"], [
    [1, "parsl.log", "p"],
    [2, "transaction_log", "t"],
    [3, "debug_log", "d"],
  ]);
  const values = (...values: unknown[]) => JSON.stringify({ values });
  insertRows(
    db,
    "event",
    ["span_id", "time", "type", "attributes", "source_id", "line"],
    [
      [1, 1, "Creating executor task %s", values("39"), 1, 7],
      [1, 2, "Executor task %s as job %s", values(39, "40"), 1, 9],
      [1, 3, "Executor task %s as job %s", values("39", "40"), 1, 11],
      [2, 1, "WAITING", null, 2, 5],
      [2, 2, "RUNNING", null, 2, 4],
      [2, 3, "Sent %s", values("a", "38"), 3, 20],
    ],
  );
  const { contradictions } = bind(db, [{ implies: ["job"], gives: ["task"] }]);
  assert.deepEqual(
    contradictions.flatMap(({ sides }) => sides).map(({ spanId, sources }) => [
      spanId,
      ...sources.map(({ path, line }) => `${path}:${line}`),
    ]),
    [
      [2, "debug_log:20", "transaction_log:4"],
      [1, "parsl.log:9", "transaction_log:null"],
    ],
  );
  assert.deepEqual(
    contradictions.map(contradictionText),
    [`implies: job => task, for job "40"
  task "38": debug, span 2, debug_log:20, transaction_log:4
  task "39": log, span 1, parsl.log:9, transaction_log`],
  );
});
