import { type SeriesStep, stateCounts } from "dnpc/plots";
import assert from "node:assert/strict";
import { stackSteps } from "../../plots/counts/series.ts";
import { changesOfState, fixtureRows } from "./fixtures.ts";

/** Seconds spent in each state, summed over all spans. */
function timeInState(steps: SeriesStep[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const { series, time, until, value } of steps) {
    total[series] = (total[series] ?? 0) + (until - time) * value;
  }
  return total;
}

// Computed in Python: a loop over the same rows that keeps each try's state and
// sums its duration.
const expected = {
  wq: {
    dep_fail: 126.828512,
    exec_done: 2900.399019,
    fail_retryable: 674.301214,
    failed: 174.888505,
    joining: 31.272105,
    launched: 1902.101964,
    memo_done: 394.140589,
    pending: 1922.565595,
    running: 11.969786,
    running_ended: 80.557421,
  },
  tz: {
    dep_fail: 0.723423,
    exec_done: 117.930663,
    fail_retryable: 18.540264,
    failed: 0.724696,
    joining: 0.70805,
    launched: 78.654396,
    memo_done: 2.615991,
    pending: 38.689264,
    running: 7.924576,
    running_ended: 1.855288,
  },
};

for (const [set, seconds] of Object.entries(expected)) {
  for (const columns of [10, 100, 640, 100_000]) {
    const name = `stateCounts() keeps the time in each state of ${set} ` +
      `in ${columns} columns`;
    Deno.test(name, () => {
      const rows = fixtureRows(set, changesOfState);
      const total = timeInState(stateCounts(rows, { columns }).steps);
      assert.deepEqual(Object.keys(total).sort(), Object.keys(seconds));
      for (const [state, time] of Object.entries(seconds)) {
        assert.ok(
          Math.abs(total[state]! - time) < 1e-3,
          `${state}: ${total[state]}, ${time}`,
        );
      }
    });
  }
}

Deno.test("stateCounts() does not depend on the order of rows", () => {
  const rows = fixtureRows("wq", changesOfState);
  assert.deepEqual(stateCounts(rows.toReversed()).peak, stateCounts(rows).peak);
  const times = new Set(rows.map(({ time }: { time?: unknown }) => time));
  assert.ok(times.size > 100);
});

Deno.test("stateCounts() applies rows with equal times in their order", () => {
  const { steps } = stateCounts([
    ["a", 0, "pending"],
    ["a", 1, "launched"],
    ["a", 1, "running"],
    ["a", 2, null],
  ]);
  assert.deepEqual(
    steps.map(({ series, time, until }) => [series, time, until]),
    [
      ["running", 1, 2],
      ["pending", 0, 1],
    ],
  );
});

Deno.test("stateCounts() keeps spans shorter than a column", () => {
  // A span of 1 ms every 10 ms: 0.1 spans on average.
  const rows = Array.from({ length: 10_000 }, (_, i) => [
    [i, i / 100, "running"],
    [i, i / 100 + 0.001, null],
  ]).flat();
  const { steps, peak, peaks } = stateCounts(rows, { columns: 50 });
  assert.equal(steps.length, 50);
  for (const { value } of steps) assert.ok(Math.abs(value - 0.1) < 0.001);
  assert.equal(peak, 1);
  assert.ok(peaks.every(({ value }) => value === 1));
});

Deno.test("stateCounts() is never negative, for any order of leaving and returning", () => {
  let seed = 1;
  const random = () => (seed = seed * 16807 % 2147483647) / 2147483647;
  const rows = Array.from({ length: 5000 }, () => [
    Math.floor(random() * 50),
    Math.floor(random() * 300),
    [null, "a", "b", "c"][Math.floor(random() * 4)],
  ]);
  for (const columns of [7, 1000]) {
    const steps = stackSteps(stateCounts(rows, { columns }).steps, "counts");
    assert.ok(
      steps.every(({ value, y1, y2 }) => value > 0 && y1 >= 0 && y2 > y1),
    );
    const heights = Map.groupBy(steps, ({ time }) => time);
    for (const column of heights.values()) {
      assert.ok(Math.max(...column.map(({ y2 }) => y2)) <= 50);
    }
  }
});

Deno.test("stateCounts() combines the states beyond the largest into one", () => {
  const rows = Array.from({ length: 30 }, (_, i) => [
    [i, 0, `state ${i}`],
    [i, i + 1, null],
  ]).flat();
  const { names, steps } = stateCounts(rows, { maxStates: 20 });
  assert.equal(names.length, 21);
  assert.equal(names.at(-1), "other (10)");
  // 1 + 2 + ... + 10 seconds.
  const other = steps.filter(({ series }) => series === "other (10)");
  assert.equal(timeInState(other)["other (10)"], 55);
});

Deno.test("stateCounts() orders states by the life of a task, final ones at the bottom", () => {
  const { names } = stateCounts(fixtureRows("wq", changesOfState));
  const place = (state: string) => names.indexOf(state);
  assert.equal(names[0], "exec_done");
  assert.ok(place("running") < place("launched"));
  assert.ok(place("launched") < place("pending"));
});

Deno.test("stateCounts() omits and counts rows without a time", () => {
  const { withoutTime, spans } = stateCounts([["a", null, "x"], ["b", 1, "x"]]);
  assert.deepEqual({ withoutTime, spans }, { withoutTime: 1, spans: 1 });
});

Deno.test("stateCounts() without rows is empty", () => {
  const { steps, names, peak } = stateCounts([]);
  assert.deepEqual({ steps, names, peak }, { steps: [], names: [], peak: 0 });
});
