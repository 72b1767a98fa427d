import { importLines, importRuninfo } from "dnpc/importers";
import { openDatabase } from "dnpc/sql";
import { strict as assert } from "node:assert";
import { rows } from "./databases.ts";
import { withLines } from "./line_logs.ts";
import { tzLogs } from "./logs.ts";

const lines = [{ match: /^(?<ship>\w+)$/, span: "ship" }];

// Unix seconds by `date -u -d "2022-08-03 11:26:36.5" +%s.%N`. Berlin was two
// hours ahead.
for (
  const [written, seconds] of Object.entries({
    "1659525996.5": 1659525996.5,
    "1659525996": 1659525996,
    "1659525996,5": 1659525996.5,
    "1659525996500": 1659525996.5,
    "1659525996500000": 1659525996.5,
    "1659525996500000000": 1659525996.5,
    "2022-08-03T11:26:36.500Z": 1659525996.5,
    "2022-08-03 11:26:36,5 UTC": 1659525996.5,
    "2022-08-03 13:26:36.5 +0200": 1659525996.5,
    "2022-08-03T13:26:36.500000+02:00": 1659525996.5,
    "2022-08-03 13:26:36+02": 1659525996,
    "03/Aug/2022:11:26:36 +0000": 1659525996,
    "Wed, 03 Aug 2022 11:26:36 GMT": 1659525996,
    "2022-08-03 13:26:36.5": 1659525996.5,
    "2022-08-03_13:26:36": 1659525996,
    "2022/08/03 13:26:36.50": 1659525996.5,
    "3 August 2022 13:26:36": 1659525996,
    "Wed Aug  3 13:26:36 2022": 1659525996,
    "Wed Aug  3 11:26:36 UTC 2022": 1659525996,
  })
) {
  Deno.test(`importLines() reads the time ${written}`, () =>
    withLines(
      { "a.log": `[${written}] Ida\n` },
      { time: /^\[(?<time>.+?)\]/, lines },
      (db, { sources: [source] }) => {
        const [[time]] = rows(db, "SELECT time FROM event") as [[number]];
        assert.ok(Math.abs(time - seconds) < 1e-6, String(time));
        const isLocal = !/UTC|GMT|Z|\+|^\d{10}/.test(written);
        assert.equal(source!.clock, isLocal ? "Europe/Berlin" : undefined);
      },
      { timeZone: "Europe/Berlin" },
    ));
}

Deno.test("importLines() reads times of any other format by a function", () =>
  withLines(
    { "a.log": "[   12.25] Ida\n[       ?] Ada\n[   13.50] Eva\n" },
    {
      time: /^\[(?<time>.+?)\]/,
      lines,
      seconds: (time) => 1659525996 + Number(time),
    },
    (db, { sources: [source] }) => {
      assert.deepEqual(rows(db, "SELECT time FROM event ORDER BY time"), [
        [1659526008.25],
        [1659526009.5],
      ]);
      assert.deepEqual(source!.malformedLines, [2]);
    },
  ));

Deno.test("importLines() finds the time anywhere in a line", () =>
  withLines(
    {
      "jobs.csv": "id,when,state\n5,1659525996.5,running\n5,1659525997,done\n",
    },
    {
      time: /,(?<time>\d+(\.\d+)?),/,
      lines: [{ match: /^(?<job>\d+) (?<event>\w+)$/, span: "job" }],
    },
    (db, { sources: [source] }) => {
      assert.deepEqual(rows(db, "SELECT time, type FROM event ORDER BY time"), [
        [1659525996.5, "running"],
        [1659525997, "done"],
      ]);
      assert.equal(source!.continued, 1);
    },
  ));

Deno.test("importLines() reads a message's time without a zone by the clock of the log", () =>
  withLines(
    { "a.log": "1659525999 Ida began at 2022-08-03 13:26:36.5\n" },
    {
      time: /^(?<time>\d+) /,
      lines: [{
        match: /(?<ship>\w+) began at (?<time>.*)/,
        span: "ship",
        event: "began",
      }],
    },
    (db) =>
      assert.deepEqual(rows(db, "SELECT time FROM event"), [[1659525996.5]]),
    { timeZone: "Europe/Berlin" },
  ));

Deno.test("importLines() reads a log in a run directory by the clock of the run", async () => {
  using db = await openDatabase();
  await importRuninfo(db, tzLogs.path);
  const log = `${tzLogs.path}/000/htex_Local/interchange.log`;
  const { sources: [source] } = await importLines(db, log, {
    path: /^(?<rundir>.*\/runinfo\/\d+)\//,
    time: /^(?<time>\S+ \S+) .*?\[[A-Z]+\] +/,
    lines: [{
      match: /^Removing task (?<executor_task>\d+) from/,
      span: "mine.task",
      event: "removed",
    }],
  }, { timeZone: "Asia/Tokyo" });
  assert.equal(source!.clock, "UTC-05:00, as parsl.log shows");
  const times = (span: string, event: string) =>
    rows(
      db,
      `SELECT span.attributes ->> 'executor_task', time FROM event
       JOIN span ON span.id = span_id
       WHERE span.type = '${span}' AND event.type = '${event}' ORDER BY time`,
    );
  const mine = times("mine.task", "removed");
  // Counted with grep -c "Removing task".
  assert.equal(mine.length, 63);
  assert.deepEqual(
    mine,
    times("parsl.executor.htex.interchange.task", "interchange_removing_task"),
  );
});
