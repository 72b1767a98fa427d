import { outlierRuns } from "dnpc/questions";
import { strict as assert } from "node:assert";
import { optionsOf } from "../../display/text/rows.ts";
import { modifiedScores } from "../../questions/events/robust_statistics.ts";
import { chance, type MadeRun, withRuns } from "./many_runs.ts";

const headingOf = (rows: readonly unknown[]) => optionsOf(rows)!.heading!;

/** Runs of two apps, each a little longer than the one before. */
const ordinary = (count: number, workflow = "flow"): MadeRun[] =>
  Array.from({ length: count }, (_, run) => ({
    workflow,
    began: 1.78e9 + run * 86_400,
    startup: 5 + (run * 7 % 10) / 10,
    tries: Array.from({ length: 20 }, (_, i) => ({
      app: i % 2 ? "long" : "short",
      host: "vm",
      seconds: (i % 2 ? 10 : 1) * (1 + (run * 3 % 10) / 50 + i / 1000),
    })),
  }));

Deno.test("modifiedScores() are 0.6745 times the distance by the median one", () => {
  // numpy: median 4, median distance 2; the first is -3 * 0.6745 / 2.
  const scores = modifiedScores([1, 2, 3, 4, 6, 6, 100]);
  assert.ok(Math.abs(scores[0]! - -3 * 0.67448975 / 2) < 1e-6);
  assert.ok(Math.abs(scores[6]! - 96 * 0.67448975 / 2) < 1e-5);
  // Most are equal: the mean distance is 1, and 1 / 1.253314 of it the scale.
  assert.deepEqual(
    modifiedScores([5, 5, 5, 9]).map((score) => score.toFixed(3)),
    ["0.000", "0.000", "0.000", (4 / 1.253314).toFixed(3)],
  );
  assert.deepEqual(modifiedScores([2, 2]), [0, 0]);
});

Deno.test("outlierRuns() finds the run whose tries took three times as long", () => {
  const made = ordinary(12);
  const slow = {
    ...made[7]!,
    // Only the long tasks are left: that is another mix, and not slower.
    tries: made[7]!.tries.filter(({ app }) => app === "long")
      .map((one) => ({ ...one, seconds: 3 * one.seconds })),
  };
  return withRuns(made.with(7, slow), (db) => {
    const rows = outlierRuns(db);
    const median = rows.find(({ measure }) => measure === "median")!;
    assert.deepEqual([median.run, median.runs], ["007", 12]);
    assert.ok(Math.abs(median.times! / 3 - 1) < 0.15, `${median.times}`);
    // 10 s times three, times 1.02.
    assert.ok(Math.abs(median.value - 30.9) < 0.5);
    assert.ok(Math.abs(median.usual * median.times! / median.value - 1) < 1e-9);
    assert.ok(median.score > 4 + 20 / 12);
    assert.match(
      headingOf(rows),
      /^1 of 12 runs is unlike the others of the same workflow\.\nRun 007: .*tries took \S+ times as long as usual in a worker \(30\.\d s instead of \S+ s\)/,
    );
    assert.match(headingOf(rows), /it had 10 tasks instead of 20/);
  });
});

Deno.test("outlierRuns() finds late starts, failures and runs without tasks", () => {
  const made = ordinary(12);
  const late = { ...made[2]!, startup: 60 };
  const failing = {
    ...made[4]!,
    tries: made[4]!.tries.map((one, i) => ({ ...one, failed: i < 8 })),
  };
  const empty = { ...made[9]!, tries: [] };
  return withRuns(
    made.with(2, late).with(4, failing).with(9, empty),
    (db) => {
      const rows = outlierRuns(db);
      const found = rows.map(({ run, measure }) => `${run} ${measure}`).sort();
      assert.deepEqual(found, [
        "002 startup",
        "002 waiting",
        "004 failed_share",
        "009 tasks",
      ]);
      const share = rows.find(({ run }) => run === "004")!;
      assert.deepEqual([share.value, share.usual, share.times], [0.4, 0, null]);
      assert.match(
        headingOf(rows),
        /\nRun 009: it had 0 tasks instead of 20\./,
      );
    },
  );
});

Deno.test("outlierRuns() compares runs of one workflow, and says where they are few", () =>
  withRuns(
    // Another workflow takes ten times as long: its runs are too few to compare.
    [
      ...ordinary(6),
      ...ordinary(3, "rare").map((run) => ({
        ...run,
        tries: run.tries.map((one) => ({ ...one, seconds: 10 * one.seconds })),
      })),
    ],
    (db) => {
      const rows = outlierRuns(db);
      assert.deepEqual([...rows], []);
      assert.equal(
        headingOf(rows),
        "None of 6 runs is unlike the others of the same workflow.\n" +
          "Workflow rare has 3 runs: it takes 5 to say what is usual.",
      );
    },
  ));

Deno.test("outlierRuns() does not take a trend for outliers, nor a run that fits it for usual", () => {
  const made = ordinary(30).map((run, i) => ({
    ...run,
    tries: run.tries.map((one) => ({
      ...one,
      seconds: one.seconds * 1.1 ** i * (i === 25 ? 1 / 5 : 1),
    })),
  }));
  return withRuns(made, (db) => {
    const rows = outlierRuns(db).filter(({ measure }) => measure === "median");
    // Run 025 takes as long as earlier ones, a fifth of what is usual by then.
    assert.deepEqual(rows.map(({ run }) => run), ["025"]);
    assert.ok(Math.abs(rows[0]!.times! * 5 - 1) < 0.2);
  });
});

Deno.test("outlierRuns() claims nothing of chance", async () => {
  for (let seed = 1; seed <= 8; seed++) {
    const random = chance(seed);
    const next = () => random.next().value;
    await withRuns(
      Array.from({ length: 15 }, (_, run) => ({
        began: 1.78e9 + run * 86_400,
        startup: 5 + 5 * next(),
        tries: Array.from({ length: 20 }, () => ({
          app: "app",
          host: "vm",
          seconds: 1 + 3 * next(),
          failed: next() < 0.05,
        })),
      })),
      (db) => assert.deepEqual([...outlierRuns(db)], [], `seed ${seed}`),
    );
  }
});
