import { runs, runsOverTime, runTrends } from "dnpc/questions";
import { strict as assert } from "node:assert";
import { optionsOf } from "../../display/text/rows.ts";
import { theilSen } from "../../questions/events/robust_statistics.ts";
import { larger, onLogs } from "../importers/logs.ts";
import { chance, withRuns } from "./many_runs.ts";

const headingOf = (rows: readonly unknown[]) => optionsOf(rows)!.heading!;

const near = (found: number | null, expected: number, within: number) =>
  assert.ok(Math.abs(found! - expected) < within, `${found} not ${expected}`);

/** 24 runs, a week apart, from the first of July 2026. */
const began = (run: number) => Date.UTC(2026, 6, 1) / 1000 + run * 604_800;
const month = 86_400 * 365.25 / 12;

// scipy.stats.theilslopes(y, x, 0.99): slopes and their intervals. The
// intercepts are numpy.median(y - slope * x).
Deno.test("theilSen() has the slope and the interval of scipy, with ties", () => {
  const line = theilSen([0, 1, 2, 3, 4, 5, 6, 7], [1, 3, 2, 5, 4, 7, 7, 9])!;
  assert.deepEqual(
    [line.slope, line.low, line.high, line.intercept, line.isClear],
    [1, 1 / 3, 2, 1.5, true],
  );
  const tied = theilSen(
    [0, 0, 1, 2, 3, 3, 4, 5, 8, 9],
    [2.1, 2.0, 2.5, 2.2, 2.9, 3.1, 3.0, 3.3, 3.2, 4.1],
  )!;
  near(tied.slope, 0.2, 1e-12);
  near(tied.low, 0.06, 1e-12);
  near(tied.high, 0.3666666666666667, 1e-12);
  // Five points in order are so once in 60 times, by chance.
  assert.equal(theilSen([1, 2, 3, 4, 5], [1, 2, 3, 4, 5])!.isClear, false);
  assert.equal(theilSen([1, 1, 1], [1, 2, 3]), null);
});

Deno.test("runTrends() finds that tries of one app take 12% longer each month", () =>
  withRuns(
    Array.from({ length: 24 }, (_, run) => ({
      began: began(run),
      // Workflows take turns: their runs differ, and that is no trend.
      workflow: run % 2 ? "large" : "small",
      tries: Array.from({ length: run % 2 ? 40 : 10 }, (_, i) => ({
        app: i % 2 ? "slower" : "same",
        host: "vm",
        seconds: (i % 2 ? 2 * 1.12 ** (run * 604_800 / month) : 30) *
          (1 + (i >> 1) / 20),
      })),
    })),
    (db) => {
      const rows = runTrends(db, { by: "app" });
      const trend = (app: string) =>
        rows.find((row) => row.app === app && row.measure === "median")!;
      const { change, first, last, low, high, per, clear, runs } = trend(
        "slower",
      );
      assert.deepEqual([per, clear, runs], ["month", 1, 24]);
      near(change, 0.12, 0.005);
      assert.ok(low! <= 0.12 && 0.12 <= high!);
      near(last! / first!, 1.12 ** (23 * 604_800 / month), 0.05);
      assert.equal(trend("same").clear, 0);
      assert.match(
        headingOf(rows),
        /\nTries of app slower take 12% longer in a worker each month \(12% to 12%\): /,
      );
      assert.ok(
        runTrends(db).filter(({ measure }) => measure === "tasks")
          .every(({ clear, change }) => clear === 0 && change === 0),
      );
    },
  ));

Deno.test("runTrends() claims nothing of chance, nor of few runs", async () => {
  for (let seed = 1; seed <= 8; seed++) {
    const random = chance(seed);
    const next = () => random.next().value;
    await withRuns(
      Array.from({ length: 20 }, (_, run) => {
        const speed = 1 + next();
        return {
          began: began(run),
          tries: Array.from({ length: 20 }, () => ({
            app: "app",
            host: "vm",
            seconds: speed * (1 + next()),
            failed: next() < 0.1,
          })),
        };
      }),
      (db) => {
        const rows = runTrends(db);
        const claimed = rows.filter(({ clear }) => clear);
        assert.deepEqual(claimed, [], `seed ${seed}`);
        assert.match(
          headingOf(rows),
          /\nNo clear change of how long tries take in a worker, its 95th percentile, the length of runs, the number of tasks and the share of failed tasks\.$/,
        );
      },
    );
  }
  await withRuns(
    Array.from({ length: 5 }, (_, run) => ({
      began: began(run),
      tries: [{ app: "app", host: "vm", seconds: 2 ** run }],
    })),
    (db) => {
      const rows = runTrends(db);
      assert.ok(rows.every(({ clear }) => clear === 0));
      assert.match(
        headingOf(rows),
        /\nToo few to tell a trend: it takes 6 runs/,
      );
    },
  );
});

Deno.test("runTrends() adds up the share of failed tasks in percentage points", () =>
  withRuns(
    Array.from({ length: 12 }, (_, run) => ({
      began: began(run),
      tries: Array.from({ length: 50 }, (_, i) => ({
        app: "app",
        host: "vm",
        seconds: 1,
        failed: i < run,
      })),
    })),
    (db) => {
      const rows = runTrends(db);
      const share = rows.find(({ measure }) => measure === "failed_share")!;
      // 2% more each week.
      near(share.change, 0.02 * month / 604_800, 1e-9);
      near(share.first, 0, 1e-9);
      near(share.last, 0.22, 1e-9);
      assert.match(
        headingOf(rows),
        /\nThe share of failed tasks grows by 8\.7% of all each month/,
      );
    },
  ));

Deno.test("runsOverTime() has the medians of the runs of each month", () =>
  withRuns(
    Array.from({ length: 9 }, (_, run) => ({
      began: began(run),
      tries: [1, 2, 3].map((seconds, i) => ({
        app: "app",
        host: i === 0 ? "a" : "b",
        seconds: seconds + run,
        failed: run === 0 && i === 0,
      })),
    })),
    (db) => {
      const rows = runsOverTime(db, { per: "month" });
      // Five Wednesdays in July, then four in August.
      assert.deepEqual(
        rows.map((row) => [row.began, row.runs, row.tasks, row.median]),
        [
          [Date.UTC(2026, 6, 1) / 1000, 5, 15, 4],
          [Date.UTC(2026, 7, 1) / 1000, 4, 12, 8.5],
        ],
      );
      near(rows[0]!.failed_share, 1 / 15, 1e-12);
      assert.equal(
        runsOverTime(db, { per: "week" })[1]!.began,
        Date.UTC(2026, 6, 6) / 1000,
      );
      const byHost = runsOverTime(db, { by: "host" });
      assert.deepEqual(
        byHost.slice(0, 2).map(({ run, host, tasks, median, failed_share }) => [
          run,
          host,
          tasks,
          median,
          failed_share,
        ]),
        [["000", "a", 1, 1, 1], ["000", "b", 2, 2.5, 0]],
      );
      const { noun } = optionsOf(runsOverTime(db))!;
      assert.equal(noun, "run");
      assert.throws(
        () => runsOverTime(db, { per: "year" as "month" }),
        /per is "run", "day", "week" or "month", not "year"/,
      );
    },
  ));

// grep -c "submitted for App" in each parsl.log; the counts of tasks that failed
// are those of runs(), whose test counts them with sqlite3.
onLogs(
  "runsOverTime() counts the tasks of real runs as runs() does",
  [larger("multi-htex")],
  (db) => {
    const rows = runsOverTime(db);
    assert.deepEqual(rows.map(({ tasks }) => tasks), [119, 155]);
    for (const [i, { run, tasks, failed, seconds }] of runs(db).entries()) {
      assert.equal(rows[i]!.run, run);
      near(rows[i]!.failed_share, failed / tasks, 1e-12);
      assert.equal(rows[i]!.seconds, seconds);
    }
  },
);
