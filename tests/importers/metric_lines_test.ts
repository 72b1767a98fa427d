import { strict as assert } from "node:assert";
import { rows } from "./databases.ts";
import { eventTexts, larger, onLogs, withFiles } from "./logs.ts";
import { measured, totals } from "./metrics.ts";

const line = (message: string) =>
  `1795344042.000000 2026-11-22 10:40:42 MainProcess-1 MainThread-2 parsl.x:1 f DEBUG: ${message}\n`;

Deno.test("METRIC lines: create a span of the named type and id with its metrics", () =>
  withFiles({
    "000/parsl.log":
      line("METRIC STRATEGY my_htex active_tasks=3 running_blocks=2") +
      line("[x] METRIC my.type a/b small=-1.5e-07 large=+2E3 half=.5 whole=7."),
  }, (db, { sources: [source] }) => {
    assert.deepEqual(measured(db), [
      "1 STRATEGY my_htex: STRATEGY active_tasks 3",
      "1 STRATEGY my_htex: STRATEGY running_blocks 2",
      "2 my.type a%2Fb: my.type small 0",
      "2 my.type a%2Fb: my.type large 2000",
      "2 my.type a%2Fb: my.type half 0.5",
      "2 my.type a%2Fb: my.type whole 7",
    ]);
    assert.deepEqual(
      rows(db, "SELECT value FROM metric WHERE name = 'small'"),
      [[-1.5e-7]],
    );
    assert.deepEqual(
      rows(db, "SELECT attributes ->> 'id' FROM span WHERE type = 'my.type'"),
      [["a/b"]],
    );
    // The line is also an event of the span.
    assert.deepEqual(eventTexts(db).map((text) => text.split(":")[0]), [
      "1 STRATEGY my_htex",
      "2 my.type a%2Fb",
    ]);
    assert.equal(source!.malformed, 0);
  }));

Deno.test("METRIC lines: an invalid number is counted, and the others are kept", () =>
  withFiles({
    "000/parsl.log": line("METRIC x 1 a=1 b=nan c=-inf d=1e999 e=2x f= g=9") +
      line("METRIC x 1 a=1 =3 b c=2") +
      line("METRIC x 2 h=0x10 i=1_000") +
      line("METRIC x 3") +
      line("A METRIC of nothing at all"),
  }, (db, { sources: [source] }) => {
    assert.deepEqual(measured(db), [
      "1 x 1: x a 1",
      "1 x 1: x g 9",
      "2 x 1: x a 1",
      "2 x 1: x c 2",
    ]);
    assert.deepEqual(source!.malformedLines, [1, 2, 3]);
    assert.equal(source!.unmatched, 2);
  }));

Deno.test("METRIC lines: occur in any log, and an id is local to its log", () =>
  withFiles({
    "000/htex/interchange.log": line("METRIC loop 1 n=1"),
    "000/beta/interchange.log": line("METRIC loop 1 n=2"),
    "000/htex/block-0/abc/manager.log": line("METRIC loop 1 n=3"),
    "000/htex/block-0/abc/worker_0.log": line("METRIC loop 1 n=4") +
      line("METRIC parsl.executor htex n=5"),
  }, (db) => {
    const values = new Map(
      measured(db).map((text) => {
        const [span, event] = text.split(": ");
        return [event, span];
      }),
    );
    assert.deepEqual(Object.fromEntries(values), {
      "loop n 1": "1 loop htex/1",
      "loop n 2": "1 loop beta/1",
      "loop n 3": "1 loop htex/0/abc/1",
      "loop n 4": "1 loop htex/0/abc/0/1",
      "parsl.executor n 5": "2 parsl.executor htex",
    });
  }));

Deno.test("METRIC lines: lines of another program with only a Unix time are read", () =>
  withFiles({
    "000/parsl.log": line("Parsl version: 1") +
      "1795344043.25 METRIC load node3 one=0.5\n" +
      "1795344044 whatever stands here METRIC load node3 one=0.75\n" +
      "1795344045.25 2026-11-22 10:4 METRIC load node3 one=0.9\n",
  }, (db, { sources: [source] }) => {
    assert.deepEqual(
      rows(db, "SELECT time, value FROM metric ORDER BY time"),
      [[1795344043.25, 0.5], [1795344044, 0.75]],
    );
    assert.deepEqual(source!.malformedLines, [4]);
  }));

Deno.test("METRIC lines: belong to the run of the lines around them", () =>
  withFiles({
    "000/parsl.log": line("Run id is: one") + line("METRIC x 1 a=1") +
      line("Run id is: two") + line("METRIC x 1 a=2"),
    "001/parsl.log": line("Run id is: two") + line("METRIC x 1 a=2"),
  }, (db, { sources }) => {
    assert.deepEqual(measured(db), ["2 x 1: x a 1", "2 x 1: x a 2"]);
    assert.equal(sources[0]!.copies, 2);
  }));

onLogs(
  "METRIC lines of DESC's Parsl: belong to a facet of their task",
  [larger("desc-wq")],
  (db) => {
    // By grep: 97 COUNTED_DEPS with total and outstanding, 62 GATHERED_DEPS. The
    // sums by awk.
    const ofTasks = totals(db).entries()
      .filter(([name]) => !name.startsWith("performance "));
    assert.deepEqual(Object.fromEntries(ofTasks), {
      "COUNTED_DEPS total": [97, 66],
      "COUNTED_DEPS outstanding": [97, 33],
      "GATHERED_DEPS depends": [62, 27],
    });
    assert.deepEqual(
      rows(
        db,
        `SELECT count(DISTINCT task.id) FROM span AS task
         JOIN facet ON left_id = task.id
         JOIN metric ON span_id = right_id
         WHERE task.type = 'parsl.rundir.task'`,
      ),
      [[62]],
    );
  },
);
