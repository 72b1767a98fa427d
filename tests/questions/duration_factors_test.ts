import { importRuninfo } from "dnpc/importers";
import {
  type DurationFactor,
  durationFactors,
  type DurationFactorsOptions,
} from "dnpc/questions";
import { type Database, openDatabase } from "dnpc/sql";
import { strict as assert } from "node:assert";
import { optionsOf } from "../../display/text/rows.ts";
import { addSpans } from "../sql/spans.ts";
import { addRuns, chance, type MadeRun } from "./many_runs.ts";

const headingOf = (rows: readonly unknown[]) => optionsOf(rows)!.heading!;

const clearOf = (rows: readonly DurationFactor[]) =>
  rows.filter(({ clear }) => clear === 1).map(({ attribute }) => attribute);

async function factorsOf(
  runs: readonly MadeRun[],
  options?: DurationFactorsOptions,
): Promise<DurationFactor[]> {
  using db: Database = await openDatabase(undefined, { engine: "native" });
  addRuns(db, runs);
  return durationFactors(db, options);
}

const near = (found: number | null, expected: number, within: number) =>
  assert.ok(
    Math.abs(found! / expected - 1) < within,
    `${found} is not ${expected}`,
  );

/** Runs on five nodes, of apps that take 1 s and 100 s, times a little chance. */
function* made(seed: number): Generator<number, never> {
  const random = chance(seed);
  while (true) yield random.next().value;
}

Deno.test("durationFactors() finds a slow node that the mix of apps hides", async () => {
  const random = made(1);
  const next = () => random.next().value;
  // node3 is twice as slow, and has none but short tasks.
  const rows = await factorsOf(
    Array.from({ length: 8 }, (_, run) => ({
      began: 1.78e9 + run * 86_400,
      tries: Array.from({ length: 50 }, (_, i) => {
        const host = `node${i % 5}`;
        const app = i % 2 === 0 || host === "node3" ? "short" : "long";
        const seconds = (app === "long" ? 100 : 1) * (0.8 + 0.4 * next()) *
          (host === "node3" ? 2 : 1);
        return { app, host, seconds };
      }),
    })),
  );
  assert.deepEqual(clearOf(rows), ["app", "host"]);
  const host = rows.find(({ attribute }) => attribute === "host")!;
  assert.equal(host.within, "app, run");
  assert.deepEqual([host.slowest, host.values], ["node3", 5]);
  assert.equal(host.slow_count, 80);
  // In each run 10 of 30 short tasks are on node3, so half of the others take 2
  // times 1 s less than the upper quarter of these.
  near(host.slow_times, 1.8, 0.1);
  near(host.slow_median, 2, 0.05);
  const text = headingOf(rows);
  assert.match(
    text,
    /^400 tries took \S+ s in a worker \(median\)\.\nApp tells/,
  );
  assert.match(
    text,
    /\nWithin apps and runs, host tells \d+%: node3 takes \S+ times as long as usual \(80 tries\)/,
  );
});

Deno.test("durationFactors() says that there is nothing to compare", async () => {
  const rows = await factorsOf([]);
  assert.deepEqual([...rows], []);
  assert.equal(headingOf(rows), "No log says how long anything took.");
});

Deno.test("durationFactors() claims nothing of chance", async () => {
  for (let seed = 1; seed <= 8; seed++) {
    const random = made(seed);
    const next = () => random.next().value;
    const rows = await factorsOf(
      Array.from({ length: 10 }, (_, run) => {
        // Runs differ, but not by their version.
        const speed = 1 + 0.2 * next();
        return {
          began: 1.78e9 + run * 86_400,
          version: run < 5 ? "2026.05" : "2026.10",
          tries: Array.from({ length: 40 }, () => ({
            app: "app",
            host: `node${Math.floor(8 * next())}`,
            block: String(Math.floor(3 * next())),
            seconds: speed * (1 + next()),
          })),
        };
      }),
    );
    const claimed = clearOf(rows).filter((name) => name !== "run");
    assert.deepEqual(claimed, [], `seed ${seed}`);
    // 80 blocks explain much by chance, which is subtracted.
    const block = rows.find(({ attribute }) => attribute === "block")!;
    assert.ok(block.share! < 0.05);
  }
});

Deno.test("durationFactors() has the adjusted share of Kruskal and Wallis", async () => {
  // scipy.stats.kruskal([1,2,4,8,16], [3,5,9,17,33], [20,30,40,50,60]) is 9.06,
  // and (9.06 - 3 + 1) / (15 - 3) is 0.588333.
  const groups = {
    a: [1, 2, 4, 8, 16],
    b: [3, 5, 9, 17, 33],
    c: [20, 30, 40, 50, 60],
  };
  const [host] = await factorsOf([{
    began: 1.78e9,
    tries: Object.entries(groups).flatMap(([host, all]) =>
      all.map((seconds) => ({ app: "app", host, seconds }))
    ),
  }], { by: "host" });
  near(host!.share, 0.5883333333, 1e-9);
  assert.deepEqual([host!.slowest, host!.fastest], ["c", "a"]);
  // The medians 40 and 4, of 16 in all.
  near(host!.slow_median, 40, 0.01);
  near(host!.slow_times, 40 / 16, 0.02);
  near(host!.fast_times, 4 / 16, 0.02);
});

Deno.test("durationFactors() counts runs, not tries, for what a run has once", async () => {
  const runsOf = (speeds: readonly number[]) =>
    speeds.map((speed, run) => ({
      began: 1.78e9 + run * 86_400,
      version: run % 2 === 0 ? "old" : "new",
      tries: Array.from({ length: 30 }, (_, i) => ({
        app: "app",
        host: "vm",
        seconds: speed * (1 + i / 30),
      })),
    }));
  // Two runs of each version differ as much as the versions do.
  const few = await factorsOf(runsOf([1, 1.5, 1.4, 2]));
  const version = (rows: readonly DurationFactor[]) =>
    rows.find(({ attribute }) => attribute === "version")!;
  assert.equal(version(few).clear, 0);
  const day = few.find(({ attribute }) => attribute === "day")!;
  // Each run has its own.
  assert.equal(day.share, null);
  const many = await factorsOf(
    runsOf(Array.from({ length: 20 }, (_, i) => (i % 2 ? 1.5 : 1) + i / 200)),
  );
  assert.equal(version(many).clear, 1);
  assert.equal(version(many).within, "app");
  assert.equal(version(many).slowest, "new");
});

Deno.test("durationFactors() finds one bad block of many, which explains little", async () => {
  const random = made(5);
  const rows = await factorsOf(
    Array.from({ length: 20 }, (_, run) => ({
      began: 1.78e9 + run * 86_400,
      tries: Array.from({ length: 400 }, (_, i) => ({
        app: "app",
        host: "vm",
        block: String(i % 20),
        seconds: (1 + random.next().value) *
          (run === 7 && i % 20 === 3 ? 3 : 1),
      })),
    })),
    { by: ["block", "hour"] },
  );
  const [block] = rows;
  assert.deepEqual(
    [block!.attribute, block!.clear, block!.slowest, block!.slow_count],
    ["block", 1, "3 of run 007", 20],
  );
  assert.ok(block!.share! < 0.01);
  near(block!.slow_times, 3, 0.2);
  assert.match(
    headingOf(rows),
    /block tells <1%, but block 3 of run 007 takes \S+ times as long as usual \(20 tries\)/,
  );
});

Deno.test("durationFactors() finds a bad hour, in which each run is slow", async () => {
  const random = made(4);
  const next = () => random.next().value;
  // A run each hour for three days.
  const hoursOf = (slowness: number) =>
    factorsOf(
      Array.from({ length: 72 }, (_, i) => {
        const speed = (1 + 0.2 * next()) * (i % 24 === 14 ? slowness : 1);
        return {
          began: Date.UTC(2026, 6, 1) / 1000 + 3600 * i + 60,
          tries: Array.from({ length: 10 }, () => ({
            app: "app",
            host: "vm",
            seconds: speed * (1 + next() / 2),
          })),
        };
      }),
      { by: ["hour", "day", "run"] },
    );
  const rows = await hoursOf(1.5);
  const hour = rows.find(({ attribute }) => attribute === "hour")!;
  assert.deepEqual(
    [hour.clear, hour.slowest, hour.slow_count],
    [1, "14:00", 30],
  );
  near(hour.slow_times, 1.5, 0.1);
  assert.match(headingOf(rows), /hour tells \d+%: 14:00 UTC takes 1\.\d times/);
  const claimed = clearOf(await hoursOf(1)).filter((name) => name !== "run");
  assert.deepEqual(claimed, []);
});

// Computed with Python's re: the app of each task in parsl.log, and the times of
// "Received" and "Completed executor task" in worker_*.log, to the millisecond. Of
// the apps with five tries or more, right has the longest median, bottom the
// shortest.
Deno.test("durationFactors() measures real tries, and the times between two events", async () => {
  using db = await openDatabase();
  await importRuninfo(db, "tests/fixtures/tz/runinfo");
  const [app] = durationFactors(db);
  assert.deepEqual(
    [app!.attribute, app!.slowest, app!.slow_count, app!.fastest],
    ["app", "right", 6, "bottom"],
  );
  near(app!.slow_median, 0.146, 0.02);
  near(app!.fast_median, 0.054, 0.02);
  const waits = durationFactors(db, {
    from: "parsl.rundir.try/launched",
    to: "parsl.executor.htex.worker.task/worker_received_task",
    by: ["app", "worker"],
  });
  assert.deepEqual(
    waits.map(({ attribute, count }) => [attribute, count]).sort(),
    [["app", 63], ["worker", 63]],
  );
  assert.match(headingOf(waits), /from launched to worker_received_task/);
  assert.throws(() => durationFactors(db, { by: "aps" }), /there is no "aps"/);
  assert.throws(
    () => durationFactors(db, { from: "parsl.rundir.try/launched" }),
    /name both events/,
  );
});

Deno.test("durationFactors() knows attributes of spans of any program", async () => {
  using db = await openDatabase();
  addSpans(
    db,
    Array.from({ length: 40 }, (_, i) => ({
      type: "shop.order",
      attributes: { land: i % 2 ? "sea" : "hills" },
      events: [[0, "sent"], [(i % 2 ? 10 : 3) + i / 10, "came"]] as const,
    })),
  );
  const [land] = durationFactors(db, {
    from: "shop.order/sent",
    to: "shop.order/came",
    by: "land",
    within: [],
  });
  assert.deepEqual([land!.clear, land!.slowest], [1, "sea"]);
  assert.equal(land!.within, "");
  // Medians of 10.1, 10.3 ... 13.9 and 3, 3.2 ... 6.8: all of the first are longer.
  near(land!.slow_median, 12, 0.02);
});
