import { strict as assert } from "node:assert";
import { createSchema, type Database, insertRows } from "dnpc/sql";
import { logVolume } from "dnpc/questions";
import { optionsOf } from "../../display/text/rows.ts";
import { onDatabase } from "../sql/engines.ts";
import { addSpans } from "../sql/spans.ts";

/** A log of six lines, all but the fourth with an event, and a database. */
function logs(db: Database) {
  addSpans(db, [
    { type: "log.run", attributes: { run: "r" } },
    { type: "log.task", attributes: { run: "r", task: "1" } },
    { type: "log.task", attributes: { run: "r", task: "2" } },
  ]);
  db.exec(`
    INSERT INTO source (id, path, importer, bytes, lines) VALUES
      (1, '/a.log', 'a.log', 100, 6), (2, '/m.db', 'db', 4096, 9),
      (3, '/b.log', 'b.log', 50, 2)`);
  insertRows(db, "event", [
    "span_id",
    "time",
    "type",
    "named",
    "source_id",
    "line",
    "offset",
  ], [
    [1, 1, "began", 1, 1, 1, 0],
    [2, 2, "queued", 1, 1, 2, 10],
    [3, 3, "queued", 1, 1, 3, 25],
    [2, 4, "sent %s", 0, 1, 5, 65],
    [3, 4, "sent %s", 0, 1, 5, 65],
    [1, 6, "ended", 1, 1, 6, 90],
    [2, 7, "row", 1, 2, 3, null],
  ]);
}

onDatabase("logVolume() counts lines and bytes by template", (db) => {
  logs(db);
  const rows = logVolume(db);
  assert.deepEqual(
    rows.map(({ log, span_type, event_type, lines, bytes }) =>
      [log, span_type, event_type, lines, bytes].join(" ")
    ),
    [
      // Two lines of 40 bytes, one with an event and one without.
      "b.log   2 50",
      "a.log log.task queued 2 35",
      "a.log log.task sent %s 1 25",
      "a.log   1 20",
      "a.log log.run began 1 10",
      "a.log log.run ended 1 10",
    ],
  );
  assert.deepEqual(rows[0]!.share, 50 / 150);
});

onDatabase("logVolume() counts lines and bytes by task", (db) => {
  logs(db);
  assert.deepEqual(
    logVolume(db, { by: "task" }).map(({ run, task, lines, bytes }) =>
      [run, task, lines, bytes].join(" ")
    ),
    ["  5 90", "r 2 1.5 32.5", "r 1 1.5 27.5"],
  );
});

onDatabase(
  "logVolume() says how much lies in lines that are not named",
  (db) => {
    logs(db);
    // 70 and 90 of 150 bytes.
    const textOf = (rows: readonly object[]) => Deno.inspect(optionsOf(rows));
    assert.match(textOf(logVolume(db)), /"150 B of logs, 47% of it in lines/);
    assert.match(
      textOf(logVolume(db, { by: "task" })),
      /"150 B of logs, 60% of it in lines about no task/,
    );
  },
);

onDatabase(
  "logVolume() has no rows without logs, and refuses another grouping",
  (db) => {
    createSchema(db);
    assert.deepEqual([...logVolume(db)], []);
    assert.deepEqual([...logVolume(db, { by: "task" })], []);
    const by = "line" as "task";
    assert.throws(() => logVolume(db, { by }), { name: "TypeError" });
  },
);
