// Over 300 lines: the properties of all transforms share the same generated rows.

import { strict as assert } from "node:assert";
// @ts-types="npm:@types/d3-array@3.2.2"
import { quantile } from "d3-array";
import * as fc from "fast-check";
import {
  arrivalsOf,
  cumulativeShares,
  durationBins,
  durationCells,
  durationsOf,
  eventRates,
  quantilesOverTime,
  runningCounts,
  stateCounts,
  statisticsOf,
  thinLine,
} from "dnpc/plots";
import { stackSteps } from "../../plots/counts/series.ts";
import { figures, times } from "./figures.ts";
import { counting } from "./holds.ts";

const holds = counting(figures("transforms of made-up rows"), {
  numRuns: times(150, 3000),
  seed: 7,
});

// As in logs: times within a day, far away, equal, fractional.
const anyTime = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 20 }) },
  { weight: 3, arbitrary: fc.double({ min: 0, max: 1e5, noNaN: true }) },
  { weight: 2, arbitrary: fc.integer({ min: 1795344042, max: 1795430442 }) },
  { weight: 1, arbitrary: fc.double({ min: -1e10, max: 1e10, noNaN: true }) },
);
// Below any clock's resolution: zero.
const time = anyTime.map((time) => Math.abs(time) < 1e-60 ? 0 : time);
const missing = fc.constantFrom(null, undefined, NaN, "soon", "");
const maybe = fc.oneof({ weight: 8, arbitrary: time }, {
  weight: 1,
  arbitrary: missing,
});
const name = fc.constantFrom("a", "b", "c", "__proto__", "");
const spans = fc.array(fc.tuple(maybe, maybe, name), { maxLength: 60 })
  .filter((rows) => areTimes(rows, 0) && areTimes(rows, 1));
const changes = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 5 }), maybe, fc.option(name)),
  { maxLength: 60 },
).filter((rows) => areTimes(rows, 1));

/** A column with nothing but text is an error. */
function areTimes(rows: readonly unknown[][], column: number): boolean {
  const values = rows.map((row) => row[column]);
  return values.some(isTime) || !values.includes("soon");
}

const sum = (values: Iterable<number>) =>
  [...values].reduce((sum, value) => sum + value, 0);
const near = (found: number, expected: number, scale = 1) =>
  assert.ok(
    Math.abs(found - expected) <= 1e-6 * Math.max(1, Math.abs(scale)),
    `${found}, not ${expected}`,
  );
const isTime = (value: unknown): value is number =>
  typeof value === "number" && !Number.isNaN(value);

/** Checks that the result of a transform contains no NaN. */
function hasNoNaN(value: unknown, path = ""): void {
  if (typeof value === "number") assert.ok(!Number.isNaN(value), path);
  else if (typeof value === "object" && value !== null) {
    for (const [name, part] of Object.entries(value)) {
      hasNoNaN(part, `${path}.${name}`);
    }
  }
}

/** The rows in another order, for transforms that ignore it. */
const shuffled = <T>(rows: readonly T[]): T[] =>
  rows.map((row, i) => [(i * 7919 + 13) % 104729 % 31, row] as const)
    .sort(([a], [b]) => a - b).map(([, row]) => row);

Deno.test("durationBins() counts each duration once, in the bin that contains it", () =>
  holds(
    fc.property(spans, fc.boolean(), fc.integer({ min: 1, max: 80 }), (
      rows,
      log,
      bins,
    ) => {
      const known = rows.filter(([from, to]) => isTime(from) && isTime(to))
        .map(([from, to]) => to as number - (from as number));
      const found = durationBins(rows, { log, bins });
      hasNoNaN(found);
      assert.equal(sum(found.map(({ count }) => count)), known.length);
      for (const { x1, x2, count } of found) {
        assert.ok(x1 < x2, `from ${x1} to ${x2}`);
        const inside = known.filter((value) =>
          log && x2 === 0 ? !(value > 0) : value >= x1 && value < x2
        );
        assert.equal(count, inside.length);
      }
      assert.deepEqual(durationBins(shuffled(rows), { log, bins }), found);
      const series = durationBins(rows, { log, bins, series: 2 });
      assert.equal(sum(series.map(({ count }) => count)), known.length);
    }),
  ));

const roundCells: typeof durationCells = (rows, options) =>
  durationCells(rows, { ...options, round: true });

for (
  const [cellsOf, claim] of [
    [durationCells, "durationCells"],
    [roundCells, "durationCells with round cells"],
  ] as const
) {
  Deno.test(`${claim}() counts each row once, in cells with ordered bounds`, () =>
    holds(
      fc.property(spans, fc.boolean(), (rows, log) => {
        const known = rows.filter(([from, to]) => isTime(from) && isTime(to));
        const found = cellsOf(rows, { log });
        hasNoNaN(found);
        assert.equal(sum(found.map(({ count }) => count)), known.length);
        for (const { x1, x2, y1, y2, count } of found) {
          assert.ok(count > 0 && x1 <= x2 && y1 <= y2);
        }
        assert.deepEqual(cellsOf(shuffled(rows), { log }), found);
      }),
    ));
}

Deno.test("stateCounts() adds up to the time that spans are in states", () =>
  holds(
    fc.property(changes, fc.constantFrom(3, 640), (rows, columns) => {
      const found = stateCounts(rows, { columns });
      hasNoNaN(found);
      const [first, last] = found.domain;
      // Computes the expected time in each state separately.
      const there = new Set<unknown>();
      const timed = rows.filter(([, time]) => isTime(time))
        .sort((a, b) => (a[1] as number) - (b[1] as number))
        // A span in no state has none to leave: ignore the row.
        .filter(([span, , state]) => {
          const isChange = state !== null || there.has(span);
          if (state === null) there.delete(span);
          else there.add(span);
          return isChange;
        });
      const end = Math.max(...timed.map(([, time]) => time as number));
      const expected = new Map<string, number>();
      for (const span of new Set(timed.map(([span]) => span))) {
        const own = timed.filter((row) => row[0] === span)
          .sort((a, b) => (a[1] as number) - (b[1] as number));
        own.forEach(([, from, state], i) => {
          if (state === null) return;
          const until = (own[i + 1]?.[1] ?? end) as number;
          const before = expected.get(state) ?? 0;
          expected.set(state, before + until - (from as number));
        });
      }
      // If all times are equal, the chart is one second wide.
      if (first < end) {
        for (const [state, seconds] of expected) {
          const own = found.steps.filter((row) => row.series === state);
          near(
            sum(own.map(({ time, until, value }) => (until - time) * value)),
            seconds,
            60 * (Math.abs(first) + Math.abs(last)),
          );
        }
      }
      for (const step of stackSteps(found.steps, "counts")) {
        const { value, minimum, maximum, y1, y2 } = step;
        assert.ok(value > 0 && minimum >= 0 && minimum <= value + 1e-6);
        assert.ok(maximum >= value - 1e-6 && maximum <= found.spans);
        assert.ok(y1 >= 0 && y2 >= y1);
      }
      assert.ok(found.peak <= found.spans);
    }),
  ));

Deno.test("stateCounts() and arrivalsOf() ignore the order of rows with distinct times", () =>
  holds(
    fc.property(changes, (rows) => {
      const unique = rows.map(([span, time, state], i) =>
        [span, isTime(time) ? Math.round(time) + i / 64 : time, state] as const
      );
      const inOrder = [...unique].sort((a, b) =>
        Number(a[1] ?? 0) - Number(b[1] ?? 0)
      );
      assert.deepEqual(
        stateCounts(shuffled(unique)).steps,
        stateCounts(inOrder).steps,
      );
      assert.deepEqual(
        arrivalsOf(shuffled(unique)).arrivals,
        arrivalsOf(inOrder).arrivals,
      );
    }),
  ));

Deno.test("arrivalsOf() never decreases, and counts each span once per step", () =>
  holds(
    fc.property(changes, fc.constantFrom(3, 640), (rows, columns) => {
      const found = arrivalsOf(rows, { columns });
      hasNoNaN(found);
      for (const { step, spans } of found.steps) {
        const came = new Set(
          rows.filter(([, time, state]) => isTime(time) && state === step)
            .map(([span]) => span),
        );
        assert.equal(spans, came.size);
        const own = found.arrivals.filter((row) => row.step === step);
        own.forEach(({ count, below }, i) => {
          assert.ok(count >= (own[i - 1]?.count ?? 0) && below <= count);
        });
        if (own.length) assert.equal(own.at(-1)!.count, spans);
      }
    }),
  ));

Deno.test("cumulativeShares() ends at the number of rows, and each point is exact", () =>
  holds(
    fc.property(spans, fc.boolean(), (rows, log) => {
      const { duration } = durationsOf(rows);
      const found = cumulativeShares(rows, { log, columns: 10 });
      hasNoNaN(found);
      for (const point of found) {
        const count = duration.filter((value) => value <= point.duration);
        assert.equal(point.count, count.length);
      }
      assert.equal(found.at(-1)?.count ?? 0, duration.length);
      assert.deepEqual(
        cumulativeShares(shuffled(rows), { log, columns: 10 }),
        found,
      );
    }),
  ));

Deno.test("eventRates() counts each event once", () =>
  holds(
    fc.property(spans, fc.constantFrom(3, 640), (rows, columns) => {
      const options = { time: 0, series: 2, alignStart: false, columns };
      const found = eventRates(rows, options);
      hasNoNaN(found);
      const known = rows.filter(([time]) => isTime(time)).length;
      assert.equal(found.events, known);
      near(
        sum(
          found.steps.map(({ value, time, until }) => value * (until - time)),
        ),
        known,
        60 * sum(found.domain.map(Math.abs)),
      );
      assert.equal(found.withoutTime, rows.length - known);
      const byPlace = ({ steps }: typeof found) =>
        steps.map(({ series, time, value }) => `${series} ${time} ${value}`)
          .sort();
      assert.deepEqual(
        byPlace(eventRates(shuffled(rows), options)),
        byPlace(found),
      );
    }),
  ));

Deno.test("runningCounts() adds up to the time that spans run", () =>
  holds(
    fc.property(spans, fc.constantFrom(3, 640), (rows, columns) => {
      const found = runningCounts(rows, { columns });
      hasNoNaN(found);
      const known = rows.filter(([from]) => isTime(from));
      const ends = known.flatMap(([from, to]) => [from, to]).filter(isTime);
      const last = Math.max(...ends);
      const seconds = sum(
        known.map(([from, to]) => (isTime(to) ? to : last) - (from as number))
          .filter((seconds) => seconds >= 0),
      );
      const scale = 60 * sum(found.domain.map(Math.abs));
      near(found.total.seconds, seconds, scale);
      // If all times are equal, the chart is one second wide.
      if (found.domain[0] < last) {
        near(
          sum(
            found.steps.map(({ time, until, value }) => (until - time) * value),
          ),
          seconds,
          scale,
        );
      }
      assert.equal(found.withoutTime, rows.length - known.length);
      for (const { value, minimum, maximum } of found.steps) {
        assert.ok(value > 0 && minimum >= 0 && maximum <= rows.length);
      }
      assert.deepEqual(
        runningCounts(shuffled(rows), { columns }).steps,
        found.steps,
      );
    }),
  ));

Deno.test("statisticsOf() agrees with d3.quantile", () =>
  holds(
    fc.property(fc.array(fc.tuple(time, time), { minLength: 1 }), (rows) => {
      const { duration } = durationsOf(rows);
      const found = statisticsOf(duration);
      near(found.median, quantile(duration, 0.5)!, found.median);
      near(
        found.percentile95,
        quantile(duration, 0.95)!,
        found.percentile95,
      );
      near(found.mean, sum(duration) / duration.length, 60 * found.maximum);
      for (const row of quantilesOverTime(rows)) hasNoNaN(row);
    }),
  ));

Deno.test("thinLine() keeps the first, last, smallest and largest value", () =>
  holds(
    fc.property(
      fc.array(fc.oneof(time, fc.constant(NaN)), { maxLength: 400 }),
      fc.integer({ min: 1, max: 20 }),
      (values, columns) => {
        const x = Float64Array.from(values.keys());
        const y = Float64Array.from(values);
        const kept = [...thinLine(x, y, { columns })];
        const known = values.filter((value) => !Number.isNaN(value));
        const ofKept = kept.map((i) => values[i]!);
        assert.ok(kept.every((i, k) => k === 0 || i > kept[k - 1]!));
        assert.ok(kept.length <= Math.max(4 * (columns + 1), 4));
        if (known.length === 0) return assert.equal(kept.length, 0);
        assert.equal(Math.max(...ofKept), Math.max(...known));
        assert.equal(Math.min(...ofKept), Math.min(...known));
        assert.equal(ofKept[0], known[0]);
        assert.equal(ofKept.at(-1), known.at(-1));
      },
    ),
  ));
