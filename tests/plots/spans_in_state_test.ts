import { seriesMarks, spansInState, stateCounts } from "dnpc/plots";
import assert from "node:assert/strict";
import { stackSteps } from "../../plots/counts/series.ts";
import { changesOfState, fixtureRows } from "./fixtures.ts";

const { steps } = stateCounts(fixtureRows("wq", changesOfState));

Deno.test("stackSteps() with shares adds up to 1 at each time", () => {
  const tops = Map.groupBy(stackSteps(steps, "shares"), ({ time }) => time);
  for (const column of tops.values()) {
    const [low, high] = [column[0]!.y1, column.at(-1)!.y2];
    assert.ok(low === 0 && Math.abs(high - 1) < 1e-9, `${low} to ${high}`);
  }
});

Deno.test("stackSteps() with streamgraph makes each state as thick as its count, centred on 0", () => {
  for (const { y1, y2, value } of stackSteps(steps, "streamgraph")) {
    assert.ok(Math.abs(y2 - y1 - value) < 1e-9);
  }
  const columns = Map.groupBy(
    stackSteps(steps, "streamgraph"),
    ({ time }) => time,
  );
  for (const column of columns.values()) {
    // Centred on zero.
    assert.ok(Math.abs(column[0]!.y1 + column.at(-1)!.y2) < 1e-9);
  }
});

Deno.test("spansInState() labels its axis according to options.stack", () => {
  const rows = [["a", 0, "running"], ["a", 9, null]];
  const labels = {
    counts: "spans in state",
    shares: "share of the spans in any state (%)",
    streamgraph: "spans in state (thickness)",
    lines: "spans in state",
  } as const;
  for (const [stack, label] of Object.entries(labels)) {
    const options = { stack: stack as keyof typeof labels };
    assert.equal(spansInState(rows, options).options.y?.label, label);
    assert.ok(seriesMarks(stateCounts(rows), options).length > 0);
  }
});

Deno.test("spansInState() shows all counts in each tip", () => {
  const chart = spansInState([
    ["a", 0, "pending"],
    ["b", 0, "running"],
    ["a", 5, "running"],
    ["b", 9, null],
  ]);
  const tips = (chart.options.tips ?? (() => []))();
  assert.deepEqual(tips.map(({ x, x2, text }) => [x, x2, text]), [
    [0, 5, "0 s\npending: 1\nrunning: 1"],
    [5, 9, "5 s\nrunning: 2"],
  ]);
});

Deno.test("stateCounts() has the minimum and maximum of each column", () => {
  const rows = Array.from({ length: 100 }, (_, i) => [
    [i, i, "running"],
    [i, i + 0.25, null],
  ]).flat();
  const { steps } = stateCounts(rows, { columns: 10 });
  for (const { minimum, maximum } of steps) {
    assert.deepEqual([minimum, maximum], [0, 1]);
  }
});

Deno.test("spansInState() is clipped at the ends of the user's axis", () => {
  const rows = Array.from({ length: 50 }, (_, i) => [i, i, "running"]);
  for (const stack of ["counts", "lines"] as const) {
    const whole = spansInState(rows, { stack }).svg;
    const part = spansInState(rows, { stack, x: { domain: [10, 20] } }).svg;
    assert.doesNotMatch(whole, /clip-path/);
    // The clipped element must contain the drawing, not an empty group.
    assert.match(
      part,
      /clip-path="[^"]+"[^>]*>(<g[^>]*><\/g>|<g[^>]*\/>)?(<g[^>]*>)?<path /,
    );
  }
});
