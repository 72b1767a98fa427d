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
    "20220803T112636.5Z": 1659525996.5,
    "20220803T132636+0200": 1659525996,
    "20220803132636.5": 1659525996.5,
    "8/3/2022 1:26:36 PM": 1659525996,
    "08/03/2022, 1:26:36\u202fpm": 1659525996,
    "2022-08-03 01:26:36.5 PM": 1659525996.5,
    "2022-8-3 11:26:36 AM +0000": 1659525996,
    "03 Aug 2022 1:26:36 p.m.": 1659525996,
    "Wednesday, August 3, 2022, 1:26:36 PM": 1659525996,
    "Wed Aug  3 11:26:36 AM UTC 2022": 1659525996,
  })
) {
  Deno.test(`importLines() reads the time ${written}`, () =>
    withLines(
      { "a.log": `[${written}] Ida\n` },
      { time: /^\[(?<time>.+?)\]/, lines },
      (db, { sources: [source] }) => {
        const [[time]] = rows(db, "SELECT time FROM event") as [[number]];
        assert.ok(Math.abs(time - seconds) < 1e-6, String(time));
        const isLocal = !/UTC|GMT|Z|\+|^1/.test(written);
        assert.equal(source!.clock, isLocal ? "Europe/Berlin" : undefined);
      },
      { timeZone: "Europe/Berlin" },
    ));
}

Deno.test("importLines() reads noon and midnight by a clock of twelve hours", () =>
  withLines(
    {
      "a.log": ["12:05:00 AM", "12:05 pm", "1:05 PM", "0:05 AM", "13:05 PM"]
        .map((time) => `[8/3/2022 ${time}] Ida\n`).join(""),
    },
    { time: /^\[(?<time>.+?)\]/, lines },
    (db, { sources: [source] }) => {
      // date -u -d "2022-08-03 00:05" +%s, 12:05, 13:05
      assert.deepEqual(rows(db, "SELECT time FROM event ORDER BY line"), [
        [1659485100],
        [1659528300],
        [1659531900],
      ]);
      assert.deepEqual(source!.malformedLines, [4, 5]);
    },
    { timeZone: "UTC" },
  ));

Deno.test("importLines() reads times without a year, also across its end", () =>
  withLines(
    {
      "a.log": [
        "Feb 28 10:00:00 Ida",
        "Dec 31 23:59:59 Ada",
        "Jan  1 00:00:01 Eva",
        "Dec 31 23:59:58 Ida",
        "Jan  1 00:00:02.5 Ada",
        "Feb 29 10:00:00 Eva",
        "Jul  4 00:00:00 Ida",
      ].map((line) => `${line}\n`).join(""),
    },
    {
      time: /^(?<time>\w+ +\d+ [\d:.]+) /,
      year: 2023,
      lines,
    },
    (db, { sources: [source] }) => {
      // date -u -d "2023-02-28 10:00:00" +%s, ...
      assert.deepEqual(rows(db, "SELECT time FROM event ORDER BY line"), [
        [1677578400],
        [1704067199],
        [1704067201],
        [1704067198],
        [1704067202.5],
        [1709200800],
        [1720051200],
      ]);
      assert.deepEqual(source!.malformedLines, []);
    },
    { timeZone: "UTC" },
  ));

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
