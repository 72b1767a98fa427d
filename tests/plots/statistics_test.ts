import { durationsOf, statisticsOf, twoEvents } from "dnpc/plots";
import assert from "node:assert/strict";
import { fixtureRows, launchedAndRunning } from "./fixtures.ts";

// Computed in Python from the same rows: statistics.fmean and median, and the
// interpolated percentile; times with datetime.fromisoformat.
const expected = {
  wq: {
    count: 108,
    mean: 17.62228982978397,
    median: 4.180358409881592,
    percentile95: 57.34650704860686,
    maximum: 71.29684591293335,
  },
  tz: {
    count: 65,
    mean: 1.2296567806830774,
    median: 1.1992061138153076,
    percentile95: 2.5658998012542718,
    maximum: 2.9637110233306885,
  },
};

for (const [set, numbers] of Object.entries(expected)) {
  Deno.test(`statisticsOf() agrees with Python on ${set}`, () => {
    const rows = fixtureRows(set, launchedAndRunning);
    const statistics = statisticsOf(durationsOf(rows).duration);
    for (const [name, value] of Object.entries(numbers)) {
      const ours = statistics[name as keyof typeof numbers];
      assert.ok(Math.abs(ours - value) < 1e-6, `${name}: ${ours}, ${value}`);
    }
  });
}

Deno.test("twoEvents() states the same numbers as Python in its caption", () => {
  const { caption } = twoEvents(fixtureRows("wq", launchedAndRunning));
  assert.equal(
    caption,
    "108 spans: mean 17.62 s, median 4.18 s, 95% within 57.35 s, maximum 71.3 s. " +
      "6 of 114 spans had not reached running. " +
      "2 spans without a time left out.",
  );
});

Deno.test("statisticsOf() of no values is NaN", () => {
  const { count, mean, median, maximum } = statisticsOf([]);
  assert.deepEqual([count, mean, median, maximum], [0, NaN, NaN, NaN]);
});
