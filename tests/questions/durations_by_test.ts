import { importRuninfo } from "dnpc/importers";
import { attempts, durationsBy, type GroupDurations } from "dnpc/questions";
import { openDatabase } from "dnpc/sql";
import assert from "node:assert/strict";
import { optionsOf } from "../../display/text/rows.ts";
import { onDatabase } from "../sql/engines.ts";
import { addKnownSpans } from "../sql/spans.ts";
import {
  cutLogs,
  onLogs,
  tzLogs,
  withFiles,
  wqLogs,
} from "../importers/logs.ts";

const near = (found: number | null | undefined, expected: number) =>
  assert.ok(Math.abs(Number(found) - expected) < 5e-3, `${found}`);

const headingOf = (rows: readonly GroupDurations[]) => optionsOf(rows)?.heading;

const groupOf = (rows: readonly GroupDurations[], app: string) =>
  rows.find((row) => row.app === app)!;

// RUNNING to WAITING_RETRIEVAL in transaction_log, summed by plain Python.
onLogs("durationsBy() agrees with a queue's transactions", [wqLogs], (db) => {
  const rows = durationsBy(db);
  assert.deepEqual(
    rows.slice(0, 3).map(({ app, count }) => [app, count]),
    [["sleeper", 20], ["flaky", 12], ["right", 10]],
  );
  near(rows[0]!.total, 12.842);
  near(rows[1]!.total, 7.268);
  near(rows[1]!.mean, 7.268 / 12);
  assert.equal(rows.at(-1)!.app, "rdfile");
  assert.match(
    headingOf(rows)!,
    /^app sleeper took 18% of 71\.1 s in 104 executions, from the start/,
  );
});

// Sums over the table status in the sqlite3 shell.
Deno.test("durationsBy() agrees with monitoring.db alone", async () => {
  using db = await openDatabase();
  await importRuninfo(db, `${wqLogs.path}/monitoring.db`);
  const rows = durationsBy(db);
  near(groupOf(rows, "burn").total, 5.057);
  near(groupOf(rows, "sleeper").total, 2.395);
  assert.equal(groupOf(rows, "flaky").failed, 6);
  assert.match(headingOf(rows)!, /running to running_ended, by monitoring/);
  const waits = durationsBy(db, {
    from: "parsl.monitoring.try/launched",
    to: "parsl.monitoring.try/running",
    run: "000",
  });
  assert.equal(waits[0]!.app, "sleeper");
  assert.ok(Math.abs(waits[0]!.total - 884.3) < 0.01);
  assert.equal(groupOf(waits, "flaky").failed, 6);
  assert.match(headingOf(waits)!, /from launched to running/);
});

onDatabase("durationsBy() keeps the hosts of one block apart", (db) => {
  addKnownSpans(
    db,
    ["node1", "node2", "node2"].map((hostname, task) => ({
      type: "parsl.monitoring.try",
      attributes: { run: "r", task, try: 0, block: "0", hostname },
      events: [[10 * task, "running"], [10 * task + 3, "running_ended"]],
    })),
  );
  assert.deepEqual(
    durationsBy(db, { by: "host" })
      .map(({ host, count, total }) => [host, count, total]),
    [["node2", 2, 6], ["node1", 1, 3]],
  );
});

Deno.test("durationsBy() takes tries from parsl.log if there is nothing else", async () => {
  const path = `${tzLogs.path}/000/parsl.log`;
  const times = new Map<string, number>();
  const log = Deno.readTextFileSync(path);
  const retried = new Set(
    Array.from(
      log.matchAll(/Task (\d+) marked for retry/g),
      ([, task]) => task,
    ),
  );
  let [total, count] = [0, 0];
  for (const line of log.split("\n")) {
    const [, time, task, verb] =
      /^(\S+) .*[Tt]ask (\d+) (try 0 launched on executor htex|completed|failed)/
        .exec(line) ?? [];
    if (!task || retried.has(task)) continue;
    if (verb!.startsWith("try")) times.set(task, Number(time));
    if (verb !== "completed" || !times.has(task)) continue;
    total += Number(time) - times.get(task)!;
    count++;
  }
  using db = await openDatabase();
  await importRuninfo(db, path);
  const rows = durationsBy(db, { by: "run" });
  const [row] = rows;
  assert.match(headingOf(rows)!, /from the launch to the end of the try/);
  const single = durationsBy(db, { by: "task" })
    .filter(({ count, failed }) => count === 1 && failed === 0);
  assert.equal(single.length, count);
  assert.ok(
    Math.abs(single.reduce((sum, row) => sum + row.total, 0) - total) < 0.05,
  );
  assert.ok(row!.count > count);
});

Deno.test("durationsBy() counts executions that had not ended", () => {
  const files = cutLogs(tzLogs.path, 0.5);
  const text = Object.values(files).map(String).join("\n");
  const counted = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
  return withFiles(files, (db) => {
    const rows = durationsBy(db, { by: "run" });
    const received = counted(/Received executor task \d+/g);
    const completed = counted(/Completed executor task \d+/g);
    assert.equal(rows[0]!.count, completed);
    assert.equal(rows[0]!.unfinished, received - completed);
  }, {});
});

onLogs("durationsBy() groups by places and attributes", [tzLogs], (db) => {
  const all = attempts(db).length;
  for (const by of ["host", "worker", ["executor", "app"], "task", "outcome"]) {
    const rows = durationsBy(db, { by });
    const sum = rows.reduce((sum, one) => sum + one.count + one.unfinished, 0);
    assert.equal(sum, all, String(by));
  }
  // "Completed executor task" in each worker's log.
  assert.deepEqual(
    durationsBy(db, { by: "worker" }).map(({ worker, count }) => [
      worker,
      count,
    ]).sort(),
    [["0", 41], ["1", 22]],
  );
  // task_fail_count of monitoring.db is one of these.
  assert.deepEqual(
    durationsBy(db, { by: "fail_count" }).map((row) => row.fail_count).sort(),
    ["0", "1", "3"],
  );
  assert.throws(() => durationsBy(db, { by: "ap" }), {
    name: "RangeError",
    message: /^there is no "ap" to group by: there is run, app,.* mean app\?$/,
  });
  assert.throws(() => durationsBy(db, { by: "count" }), { name: "TypeError" });
  assert.throws(() => durationsBy(db, { run: "nowhere" }), {
    name: "RangeError",
  });
});
