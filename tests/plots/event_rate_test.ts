import { eventRate, type EventRates, eventRates } from "dnpc/plots";
import assert from "node:assert/strict";
import { changesOfState, fixtureRows } from "./fixtures.ts";

// Computed in Python from the same rows: collections.Counter(int(time // width)).
const expected = {
  tz: { events: 338, bins: { 1: [6, 72], 5: [2, 266] } },
  wq: { events: 560, bins: { 1: [71, 114], 5: [16, 116] } },
};

/** Numbers of events, computed from the rates. */
const counts = ({ steps }: EventRates) =>
  steps.map(({ value, time, until }) => Math.round(value * (until - time)));

for (const [set, { events, bins }] of Object.entries(expected)) {
  for (const [per, [filled, most]] of Object.entries(bins)) {
    Deno.test(`eventRates() agrees with Python on ${set} in bins of ${per} s`, () => {
      const rows = fixtureRows(set, changesOfState);
      const rates = eventRates(rows, { time: "time", per: Number(per) });
      assert.equal(rates.events, events);
      assert.equal(rates.steps.length, filled);
      assert.equal(Math.max(...counts(rates)), most);
      assert.equal(rates.peak, most! / Number(per));
    });
  }
}

Deno.test("eventRates() counts every event once", () => {
  const rows = fixtureRows("wq", changesOfState);
  for (const per of [0.001, 0.1, 0.3, 7, 3600]) {
    const { steps } = eventRates(rows, { per, series: "state", columns: 1e4 });
    let sum = 0;
    for (const { value, time, until } of steps) {
      const count = Math.round(value * (until - time));
      assert.ok(Math.abs(value * (until - time) - count) < 1e-3);
      sum += count;
    }
    assert.equal(sum, 560);
  }
});

Deno.test("eventRates() does not depend on the order of rows", () => {
  const rows = fixtureRows("wq", changesOfState);
  assert.deepEqual(eventRates(rows.toReversed()), eventRates(rows));
});

Deno.test("eventRates() combines too many bins into steps, and keeps their extremes", () => {
  const rows = Array.from({ length: 1000 }, (_, i) => [i === 500 ? 501 : i]);
  const { steps, columnSeconds, events } = eventRates(rows, {
    per: 1,
    columns: 100,
  });
  assert.deepEqual([columnSeconds, events, steps.length], [10, 1000, 100]);
  const { minimum, maximum, value } = steps[50]!;
  assert.deepEqual([minimum, maximum], [0, 2]);
  assert.ok(Math.abs(value - 1) < 1e-9);
});

Deno.test("eventRate() sums the counts in the rows of eventCounts()", () => {
  const rows = [
    { executor: "a", time: 10, seconds: 5, count: 2, rate: 0.4 },
    { executor: "a", time: 15, seconds: 5, count: 0, rate: 0 },
    { executor: "b", time: 10, seconds: 5, count: 1, rate: 0.2 },
  ];
  const { steps, seconds } = eventRates(rows, { series: "executor" });
  assert.equal(seconds, 5);
  assert.deepEqual(
    steps.map(({ series, value }) => [series, value]),
    [
      // 2 and 1 in 5 s.
      ["a", 0.4],
      ["b", 0.2],
    ],
  );
  assert.match(eventRate(rows).caption, /^3 events in bins of 5 s/);
});

Deno.test("eventRates() chooses bins of a round width, also for years", () => {
  const widths = [0.5, 30, 5000, 86_400 * 10, 86_400 * 3650].map((range) =>
    eventRates(Array.from({ length: 401 }, (_, i) => [range * i / 400])).seconds
  );
  assert.deepEqual(widths, [0.005, 0.2, 30, 7200, 28 * 86_400]);
});

Deno.test("eventRates() has no more bins than half of the events, or ten", () => {
  const seconds = (events: number) =>
    eventRates(Array.from({ length: events }, (_, i) => [i / (events - 1)]))
      .seconds;
  // Fewer than 10, 10, 20 and 200 bins in a second.
  assert.deepEqual([2, 20, 41, 2000].map(seconds), [0.2, 0.2, 0.05, 0.01]);
});

Deno.test("eventRates() copes with a time that is far away", () => {
  const { steps, events } = eventRates([[0], [1e17]], { per: 1e-3 });
  assert.deepEqual([steps.length, events], [2, 2]);
});

Deno.test("eventRate() chooses the unit of the rate", () => {
  const label = (rows: number[][]) =>
    /events per (\w+)/.exec(eventRate(rows).svg)?.[1];
  assert.equal(label([[0], [0.1], [0.2]]), "second");
  assert.equal(label([[0], [300]]), "minute");
  assert.equal(label([[0], [18_000]]), "hour");
  assert.equal(label([[0], [86_400 * 300]]), "day");
});

Deno.test("eventRate() states numbers of its bins, whatever it draws means over", () => {
  // 20 series, drawn as 15, with an event in each of 600 bins.
  const rows = Array.from({ length: 12_000 }, (_, i) => [
    Math.floor(i / 20),
    i % 20,
  ]);
  const { caption } = eventRate(rows, { series: 1, per: 1 });
  assert.match(caption, /^12,000 events in bins of 1 s: at most 20 per second/);
  assert.doesNotMatch(caption, /1\.288/);
});

Deno.test("eventRate() states a mean that does not exceed its maximum", () => {
  const { caption } = eventRate([[0], [1]], { per: 1 });
  // 2 events in 2 bins of 1 s.
  assert.equal(
    caption,
    "2 events in bins of 1 s: at most 1 per second, 1 on average.",
  );
});

Deno.test("eventRate() requires a width above 0", () => {
  assert.throws(() => eventRate([[0]], { per: 0 }), RangeError);
});
