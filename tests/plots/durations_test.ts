import { table } from "arquero";
import { durationHistogram, durationsOf, twoEvents } from "dnpc/plots";
import assert from "node:assert/strict";

Deno.test("durationsOf() uses the first two columns of objects", () => {
  const { start, duration, startName, endName } = durationsOf([
    { launched: 1, running: 3, task: 7 },
  ]);
  assert.deepEqual([...start, ...duration], [1, 2]);
  assert.deepEqual([startName, endName], ["launched", "running"]);
});

Deno.test("durationsOf() prefers columns of the names start and end", () => {
  const rows = [{ executor: "htex", received: 1, start: 2, end: 5 }];
  assert.deepEqual([...durationsOf(rows).duration], [3]);
  // Without both, the first two columns are meant.
  const others = [{ launched: 1, done: 5, end: 9 }];
  assert.deepEqual([...durationsOf(others).duration], [4]);
});

Deno.test("durationsOf() accepts a generator of arrays", () => {
  function* rows() {
    yield [1, 4];
    yield [2, 4];
  }
  assert.deepEqual([...durationsOf(rows()).duration], [3, 2]);
});

Deno.test("durationsOf() accepts an Arquero table", () => {
  const rows = table({ task: [1, 2], a: [1, 2], b: [5, 9] });
  const { duration } = durationsOf(rows, { start: "a", end: "b" });
  assert.deepEqual([...duration], [4, 7]);
});

Deno.test("durationsOf() accepts columns by name, by index and as a function", () => {
  const rows = [{ task: 1, a: 10, b: 12 }];
  for (const start of ["a", 1, (row: { a: number }) => row.a]) {
    assert.deepEqual([...durationsOf(rows, { start, end: "b" }).duration], [2]);
  }
});

Deno.test("durationsOf() accepts a duration in place of the end", () => {
  const rows = [{ launched: 5, seconds: 2 }];
  const { start, duration } = durationsOf(rows, { duration: "seconds" });
  assert.deepEqual([...start, ...duration], [5, 2]);
  const withoutStart = durationsOf([{ seconds: 2 }], { duration: 0 });
  assert.deepEqual([...withoutStart.duration], [2]);
});

Deno.test("durationsOf() counts rows without a time and negative durations", () => {
  const { length, withoutTime, unfinished, negative } = durationsOf([
    [1, 2],
    [2, 1],
    [1, null],
    [undefined, 1],
    ["no time", 1],
    [NaN, 1],
  ]);
  assert.deepEqual({ length, withoutTime, unfinished, negative }, {
    length: 2,
    withoutTime: 3,
    unfinished: 1,
    negative: 1,
  });
});

Deno.test("durationsOf() keeps rows that had not ended apart", () => {
  const rows = [
    { start: 1, end: 3, unfinished: 0, app: "a" },
    { start: 2, end: 9, unfinished: 1, app: "b" },
    { start: 4, end: null, unfinished: 1, app: "b" },
  ];
  const { known, ...ended } = durationsOf(rows, { series: "app" });
  assert.deepEqual([...ended.duration], [2]);
  assert.equal(ended.unfinished, 2);
  assert.deepEqual([...known!.start, ...known!.duration], [2, 7]);
  assert.deepEqual(ended.series!.names, ["a", "b"]);
  assert.deepEqual([...known!.series!.of], [1]);
});

Deno.test("twoEvents() counts and draws spans that had not ended", () => {
  const chart = (rows: object[]) =>
    twoEvents(rows, { from: "sent", to: "come" });
  const ended = { start: 0, end: 2, unfinished: 0 };
  const all = chart([ended, { start: 1, end: 8, unfinished: 1 }]);
  assert.match(
    all.caption,
    /^1 span: .* 1 of 2 spans had not reached come; they are hollow, up to/,
  );
  // A dot for each.
  assert.equal(all.svg.match(/<circle/g)?.length, 2);
  assert.match(
    durationHistogram([[0, 2], [1, null], [5, null]]).caption,
    / 2 of 3 spans had not ended\.$/,
  );
});

Deno.test("durationsOf() reads dates, bigints and SQLite's text", () => {
  const { duration } = durationsOf([
    [new Date(1000), new Date(2500)],
    [1n, 3n],
    ["2026-11-22 10:40:42.034571", "2026-11-22 10:40:43.034572"],
    ["2026-11-22T10:40:42Z", "2026-11-22T11:40:42.5+01:00"],
  ]);
  const [dates, bigints, text, zones] = duration;
  assert.deepEqual([dates, bigints, zones], [1.5, 2, 0.5]);
  assert.ok(Math.abs(text! - 1.000001) < 1e-6);
});

Deno.test("durationsOf() names the missing column and the existing ones", () => {
  assert.throws(() => durationsOf([{ a: 1, b: 2 }], { end: "c" }), {
    name: "TypeError",
    message: 'the rows have no column "c". They have a, b',
  });
  assert.throws(() => durationsOf([{ a: 1 }]), {
    message:
      'the rows have no column left for end: name one, { end: "..." }. They have a',
  });
  assert.throws(() => durationsOf([[1]]), {
    message:
      'the rows have no column left for end: name one, { end: "..." }: ' +
      "they are arrays of 1",
  });
});

Deno.test("durationsOf() explains the accepted rows in errors about other values", () => {
  // deno-lint-ignore no-explicit-any
  const wrong = (value: any) => () => durationsOf(value);
  assert.throws(wrong(undefined), { name: "TypeError", message: /undefined$/ });
  assert.throws(wrong({ a: 1 }), {
    name: "TypeError",
    message: /put a single row into a list, \[row\]$/,
  });
  assert.throws(wrong([1, 2]), {
    message: /^row 0 must be .* it is the number 1$/,
  });
  assert.throws(wrong([null]), { message: /^row 0 must be .* it is null$/ });
});

Deno.test("durationHistogram() and twoEvents() draw whole bars inside of each facet's frame", () => {
  // Bars of a minute, whose edges are not those of the durations.
  const rows = Array.from({ length: 180 }, (_, i) => ({
    run: `run ${i % 3}`,
    start: i,
    end: i + 30 + 15 * (i * 7919 % 60),
  }));
  for (const draw of [durationHistogram, twoEvents]) {
    const { panels = [] } = draw(rows, { facet: "run" }).options;
    const [from, to] = panels[0]!.plots[0]!.x!.domain as [number, number];
    assert.deepEqual([from, to].map((seconds) => seconds % 60), [0, 0]);
    assert.ok(to >= 915, `${to} s is the end of the last bar`);
  }
});

Deno.test("durationHistogram() of many facets names its lines once, in a legend", () => {
  const rows = Array.from({ length: 780 }, (_, i) => ({
    run: `run ${i % 13}`,
    start: 0,
    end: 30 + i,
  }));
  const { svg, options } = durationHistogram(rows, { facet: "run" });
  assert.deepEqual(options.legend?.map(({ label }) => label), [
    "median",
    "95% within",
    "maximum",
    "mean",
  ]);
  assert.equal(svg.split(">median").length, 2);
});
