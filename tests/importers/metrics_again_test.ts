import { strict as assert } from "node:assert";
import { importRuninfo } from "dnpc/importers";
import { type Database, openDatabase } from "dnpc/sql";
import { inFolder } from "../sql/engines.ts";
import { rows } from "./databases.ts";
import { larger, onLogs, tzLogs, writeFiles } from "./logs.ts";
import { measured } from "./metrics.ts";

const line = (message: string) =>
  `1795344042.000000 2026-11-22 10:40:42 MainProcess-1 MainThread-2 parsl.x:1 f DEBUG: ${message}\n`;

const outcomes = async (db: Database, folder: string) =>
  (await importRuninfo(db, folder)).sources.map(({ outcome }) => outcome);

const counts = (db: Database) =>
  rows(db, "SELECT (SELECT count(*) FROM metric), (SELECT count(*) FROM span)");

onLogs(
  "importRuninfo() of the same logs again adds no metrics",
  [tzLogs, larger("obs-wf")],
  async (db, { path }, { metrics }) => {
    const before = counts(db);
    const again = await importRuninfo(db, path);
    assert.ok(metrics > 0);
    assert.equal(again.metrics, 0);
    assert.deepEqual(counts(db), before);
  },
);

Deno.test("importRuninfo() of another log of the same run removes the old metrics", () =>
  inFolder(async (folder) => {
    using db = await openDatabase();
    await writeFiles(folder, { "000/parsl.log": line("Run id is: one") });
    const log = "000/htex/interchange.log";
    const count = line("Managers count (interesting/total): 1/2");
    await writeFiles(folder, { [log]: count + line("METRIC old 1 a=1") });
    await importRuninfo(db, folder);
    await writeFiles(folder, { [log]: line("METRIC new 1 a=2") });
    assert.deepEqual(await outcomes(db, folder), ["unchanged", "replaced"]);
    assert.deepEqual(measured(db), ["1 new htex/1: new a 2"]);
    // A span that had only metrics is removed too.
    assert.deepEqual(
      rows(db, "SELECT type FROM span WHERE type <> 'parsl.rundir.workflow'"),
      [["new"]],
    );
    await writeFiles(folder, { [log]: line("METRIC new 1 a=2") + count });
    assert.deepEqual(await outcomes(db, folder), ["unchanged", "grown"]);
    assert.equal(measured(db).length, 3);
  }));

Deno.test("importRuninfo() of another log under the same path keeps a span with metrics from a different log", () =>
  inFolder(async (folder) => {
    using db = await openDatabase();
    // Both logs have metrics of one executor.
    const counted = (task: number) =>
      line(`METRIC parsl.executor htex a=${task}`);
    const [first, second] = [
      "000/beta/interchange.log",
      "000/htex/interchange.log",
    ];
    await writeFiles(folder, {
      [first!]: counted(1),
      [second!]: line("Managers count (interesting/total): 1/2"),
    });
    await importRuninfo(db, folder);
    const [[id]] = rows(db, "SELECT id FROM span") as [[number]];
    await writeFiles(folder, {
      [first!]: line("Put task 1 onto pending_task_queue"),
    });
    assert.deepEqual(await outcomes(db, folder), ["replaced", "unchanged"]);
    assert.deepEqual(
      rows(db, "SELECT id FROM span WHERE type = 'parsl.executor'"),
      [[id]],
    );
    assert.deepEqual(measured(db), [
      "1 parsl.executor htex: managers_count interesting 1",
      "1 parsl.executor htex: managers_count ready 2",
    ]);
  }));

Deno.test("importRuninfo() replaces a copy's metrics with those of the run's own log", () =>
  inFolder(async (folder) => {
    using db = await openDatabase();
    const two = line("Run id is: two") +
      line(
        "[Scaling executor htex] Executor 9 active tasks, 2 active slots, and 1/0 running/pending blocks",
      ) +
      line("METRIC x 1 a=1");
    await writeFiles(folder, { "000/parsl.log": line("Run id is: one") + two });
    await importRuninfo(db, folder);
    assert.equal(measured(db).length, 5);
    await writeFiles(folder, { "001/parsl.log": two });
    await importRuninfo(db, folder);
    assert.equal(measured(db).length, 5);
    assert.deepEqual(
      rows(
        db,
        `SELECT DISTINCT path LIKE '%/001/parsl.log' FROM metric
         JOIN source ON source.id = metric.source_id`,
      ),
      [[1]],
    );
    assert.deepEqual(
      rows(
        db,
        "SELECT count(*) FROM metric WHERE span_id NOT IN (SELECT id FROM span)",
      ),
      [[0]],
    );
  }));
