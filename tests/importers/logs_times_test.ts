import { strict as assert } from "node:assert";
import { importRuninfo } from "dnpc/importers";
import { type Database, openDatabase } from "dnpc/sql";
import { rows } from "./databases.ts";
import { tzLogs, withFiles } from "./logs.ts";

/** The first and the last Unix time of a parsl.log. */
const unixTimes = (path: string): [number, number] => {
  const times = Deno.readTextFileSync(path).split("\n")
    .flatMap((line) => /^\d{10}\.\d+(?= )/.exec(line)?.map(Number) ?? []);
  return [times[0]!, times.at(-1)!];
};

const beyond = (db: Database, [first, last]: [number, number]) =>
  rows(
    db,
    `SELECT importer, line, time FROM event
     JOIN source ON source.id = source_id
     WHERE time IS NULL OR time NOT BETWEEN ${first} AND ${last}`,
  );

const shown = "UTC-05:00, as parsl.log shows";

for (const timeZone of [undefined, "UTC", "Asia/Kolkata", "America/New_York"]) {
  Deno.test(`importRuninfo() reads times by the offset in parsl.log, not by options.timeZone: ${timeZone ?? "none"}`, async () => {
    using db = await openDatabase();
    const report = await importRuninfo(db, tzLogs.path, { timeZone });
    const times = unixTimes(`${tzLogs.path}/000/parsl.log`);
    assert.deepEqual(beyond(db, times), []);
    const clocks = report.sources.map(({ clock }) => clock);
    assert.equal(clocks.filter((clock) => clock === shown).length, 5);
    assert.match(String(report), /UTC-05:00, as parsl\.log shows/);
    assert.ok(report.sources.every(({ ambiguousTimes }) => !ambiguousTimes));
  });
}

Deno.test("importRuninfo() reads the same times on a machine in another time zone", async () => {
  const script = `
    import { importRuninfo, openDatabase } from "dnpc";
    using db = await openDatabase();
    const report = await importRuninfo(db, ${JSON.stringify(tzLogs.path)});
    const [row] = db.query("SELECT min(time) AS a, max(time) AS b FROM event");
    console.log(JSON.stringify([
      new Date().getTimezoneOffset(), row.a, row.b, report.sources.at(-1).clock ??
      report.sources[0].clock,
    ]));`;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--config", "deno.json", script],
    env: { TZ: "Asia/Kolkata", NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder().decode(stdout);
  assert.ok(text, new TextDecoder().decode(stderr));
  const [zone, first, last, clock] = JSON.parse(text);
  assert.deepEqual([zone, clock], [-330, shown]);
  const [from, to] = unixTimes(`${tzLogs.path}/000/parsl.log`);
  assert.ok(first >= from && last <= to, `${first} ${last}`);
});

/** Lines of a parsl.log whose clock has these offsets from UTC. */
const parslLines = (...moments: [unix: number, hours: number][]): string =>
  moments.map(([unix, hours]) => {
    const local = new Date((unix + hours * 3600) * 1000).toISOString()
      .slice(0, 19).replace("T", " ");
    return `${unix}.000001 ${local} MainProcess-1 MainThread-2 ` +
      "parsl.dataflow.dflow:1 submit DEBUG: Task 0 will not be memoized\n";
  }).join("");

const received = (task: number, local: string) =>
  `2026-11-01 ${local} worker_log:586 3195 MainThread [INFO]  ` +
  `Received executor task ${task}\n`;

const sent = (task: number, local: string) =>
  `2026-11-01 ${local} interchange:478 HTEX-Interchange(3169) MainThread ` +
  `process_tasks_to_send [DEBUG]  Sent tasks: [${task}] to manager b'cdef'\n`;

// 1793512800 is 02:00 in New York, when the clock goes back to 01:00.
const change = 1793512800;
const aroundTheChange = {
  "000/parsl.log": parslLines(
    [change - 1200, -4],
    [change - 1, -4],
    [change + 1, -5],
    [change + 600, -5],
  ),
  // The run began at 01:40 summer time and ended at 01:10 winter time.
  "000/htex/interchange.log": sent(1, "01:45:00.000") +
    sent(2, "01:59:59.999") + sent(3, "01:00:00.050") + sent(4, "01:10:00.000"),
  "000/htex/block-0/cdef/worker_0.log": received(1, "01:41:00.500") +
    received(3, "01:00:02.000") + received(4, "01:09:59.750"),
};

Deno.test("importRuninfo() reads times across the end of summer time", () =>
  withFiles(aroundTheChange, (db, { sources }) => {
    assert.deepEqual(
      rows(
        db,
        `SELECT event.type, span.attributes ->> 'executor_task' AS task,
           round(time - ${change}, 3)
         FROM event JOIN span ON span.id = span_id
         WHERE span.type LIKE '%htex%' ORDER BY time`,
      ),
      [
        ["worker_received_task", "1", -1139.5],
        ["interchange_to_manager", "1", -900],
        ["interchange_to_manager", "2", -0.001],
        ["interchange_to_manager", "3", 0.05],
        ["worker_received_task", "3", 2],
        ["worker_received_task", "4", 599.75],
        ["interchange_to_manager", "4", 600],
      ],
    );
    assert.ok(sources.every(({ ambiguousTimes }) => ambiguousTimes === 0));
    assert.ok(
      sources.some(({ clock }) =>
        clock === "UTC-04:00, then UTC-05:00, as parsl.log shows"
      ),
    );
  }, { timeZone: "Asia/Kolkata" }));

Deno.test("importRuninfo() counts ambiguous times", () =>
  withFiles({
    ...aroundTheChange,
    // From 00:50 summer time to 02:30 winter time.
    "000/parsl.log": parslLines(
      [change - 4200, -4],
      [change - 30, -4],
      [change + 30, -5],
      [change + 5400, -5],
    ),
    "000/htex/interchange.log": sent(1, "00:59:59.000") +
      sent(2, "01:30:00.000") + sent(3, "01:45:00.000") +
      sent(4, "02:00:00.000"),
  }, (db, { sources }) => {
    const report = sources.find(({ path }) => path.endsWith("interchange.log"));
    assert.equal(report?.ambiguousTimes, 2);
    const times = rows(
      db,
      `SELECT time - ${change} FROM event WHERE type = 'interchange_to_manager'
       ORDER BY line`,
    );
    assert.deepEqual(times, [[-3601], [-1800], [-900], [3600]]);
  }));

Deno.test("importRuninfo() finds the clock change in a long log", () => {
  const moments = Array.from(
    { length: 5000 },
    (_, i): [number, number] => [change - 3000 + i, i < 3000 ? -4 : -5],
  );
  return withFiles({
    ...aroundTheChange,
    "000/parsl.log": parslLines(...moments),
  }, (db) => {
    const [clock] = rows(
      db,
      `SELECT attributes ->> '$.clock.offsets' FROM span
       WHERE type = 'parsl.rundir.workflow'`,
    );
    assert.deepEqual(JSON.parse(String(clock![0])), [
      {
        since: change - 3000 + 1e-6,
        shown: change - 3000 + 1e-6,
        offset: -14400,
      },
      { since: change, shown: change, offset: -18000 },
    ]);
  });
});
