import { lifelines, lifelinesOf } from "dnpc/plots";
import assert from "node:assert/strict";
import { lifeSegments } from "../../plots/steps/lifelines.ts";
import { changesOfState, fixtureRows } from "./fixtures.ts";

// Computed in Python from the same rows. Median: statistics.median of the times
// from a try's first row to its first row with the state. Order: that of Parsl's
// states, whichever of them came first here.
const expected = {
  tz: [
    ["pending", 70, 0],
    ["launched", 65, 0.02221],
    ["running", 65, 1.363509],
    ["running_ended", 65, 1.508104],
    ["joining", 2, 0.065722],
    ["exec_done", 55, 1.472185],
    ["memo_done", 4, 0.000685],
    ["dep_fail", 1, 4.380629],
    ["failed", 2, 0.184381],
    ["fail_retryable", 8, 1.712422],
  ],
  wq: [
    ["pending", 116, 0],
    ["launched", 108, 0.238609],
    ["running", 108, 41.976712],
    ["running_ended", 108, 42.134585],
    ["joining", 4, 0.099035],
    ["exec_done", 93, 47.647925],
    ["memo_done", 6, 0.006238],
    ["dep_fail", 2, 11.942132],
    ["failed", 3, 2.057654],
    ["fail_retryable", 12, 10.567167],
  ],
} as const;

for (const [set, steps] of Object.entries(expected)) {
  Deno.test(`lifelinesOf() puts the steps of ${set} into the order of their format`, () => {
    const rows = fixtureRows(set, changesOfState);
    for (const input of [rows, rows.toReversed()]) {
      const found = lifelinesOf(input).steps;
      assert.deepEqual(
        found.map(({ name, count }) => [name, count]),
        steps.map(([name, count]) => [name, count]),
      );
      found.forEach(({ median }, i) =>
        assert.ok(Math.abs(median - steps[i]![2]) < 1e-5)
      );
    }
  });
}

Deno.test("lifelines() states durations and the slowest step in its caption", () => {
  // Python: tries last 40.0967 s in the median and 75.4132 s at most; 48.17% of
  // their total time is from launched to running.
  const { caption } = lifelines(fixtureRows("wq", changesOfState));
  assert.match(caption, /^116 spans through 10 steps in median 40\.1 s/);
  assert.match(caption, /maximum 75\.41 s/);
  assert.match(caption, /from launched to running, 48% of the time/);
});

Deno.test("lifeSegments() counts each segment once when it bundles, and keeps extremes", () => {
  const rows = Array.from({ length: 5000 }, (_, span) => [
    [span, span, "a"],
    [span, span + 1 + span % 100 / 100, "b"],
    [span, span + 3 + (span === 77 ? 40 : 0), "c"],
  ]).flat();
  const { segments, binSeconds } = lifeSegments(lifelinesOf(rows));
  assert.ok(binSeconds! > 0 && segments.length < 200);
  const total = segments.reduce((sum, { count }) => sum + count, 0);
  assert.equal(total, 10_000);
  assert.ok(segments.some(({ x2, count }) => x2 === 43 && count === 1));
});

Deno.test("lifeSegments() draws a line per span if there are few", () => {
  const data = lifelinesOf(fixtureRows("wq", changesOfState));
  const { segments, binSeconds } = lifeSegments(data);
  assert.equal(binSeconds, undefined);
  // 560 rows of 116 tries.
  assert.equal(segments.length, 560 - 116);
});

Deno.test("lifelines() counts rows without a time or step", () => {
  const { caption } = lifelines([
    [1, -1, null],
    [1, 0, "a"],
    [1, null, "b"],
    [1, 3, "b"],
  ]);
  assert.match(caption, /1 row without a step left out/);
  assert.match(caption, /1 row without a time left out/);
});

Deno.test("lifelines() has the same steps in each facet", () => {
  const rows = [
    { task: 1, time: 0, step: "a", run: "x" },
    { task: 1, time: 1, step: "b", run: "x" },
    { task: 2, time: 0, step: "b", run: "y" },
    { task: 2, time: 5, step: "c", run: "y" },
  ];
  const { svg } = lifelines(rows, { facet: "run" });
  for (const name of ["a", "b", "c"]) {
    assert.equal(svg.match(new RegExp(`>${name}</text>`, "g"))?.length, 2);
  }
});
