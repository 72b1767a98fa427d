import { phasesOf, timeline } from "dnpc/plots";
import assert from "node:assert/strict";
import { readPhases } from "../../plots/timeline/phases.ts";
import {
  timelineBars,
  timelineLines,
} from "../../plots/timeline/timeline_lines.ts";
import { changesOfState, fixtureRows } from "./fixtures.ts";

// Computed in Python with a loop over the same rows: for each try, the time from
// a state to the next different state. tz has 338 rows; one repeats dep_fail.
const expected = {
  tz: {
    phases: 337,
    seconds: {
      joining: 0.70805,
      launched: 78.654396,
      pending: 38.689264,
      running: 7.924576,
      running_ended: 1.855288,
    },
    ends: { exec_done: 55, fail_retryable: 8, dep_fail: 1, failed: 2 },
  },
  wq: {
    phases: 560,
    seconds: {
      joining: 31.272105,
      launched: 1902.101964,
      pending: 1922.565595,
      running: 11.969786,
      running_ended: 80.557421,
    },
    ends: { exec_done: 93, fail_retryable: 12, dep_fail: 2, failed: 3 },
  },
};

for (
  const [set, { phases: count, seconds, ends }] of Object.entries(expected)
) {
  for (const turned of [false, true]) {
    const name = `phasesOf() keeps the time in each state of ${set}` +
      (turned ? ", whatever the order of the rows" : "");
    Deno.test(name, () => {
      const rows = fixtureRows(set, changesOfState);
      if (turned) {
        rows.sort((a, b) => JSON.stringify(b) < JSON.stringify(a) ? -1 : 1);
      }
      const phases = phasesOf(rows);
      if (!turned) assert.equal(phases.length, count);
      for (const [state, time] of Object.entries(seconds)) {
        const found = phases.filter(({ phase }) => phase === state)
          .reduce((sum, { start, end }) => sum + end! - start, 0);
        assert.ok(Math.abs(found - time) < 1e-3, `${state}: ${found}`);
      }
      for (const [state, times] of Object.entries(ends)) {
        const found = phases.filter(({ phase }) => phase === state);
        assert.equal(found.length, times);
        assert.ok(found.every(({ start, end }) => start === end));
      }
      assert.ok(phases.every(({ end }) => end !== null));
    });
  }
}

Deno.test("phasesOf() leaves a span's last phase open unless its state is final", () => {
  const rows = [[1, 0, "running"], [2, 1, "running"], [2, 4, "ashore"]];
  assert.deepEqual(phasesOf(rows).map(({ end }) => end), [null, 4, 4]);
  assert.deepEqual(
    phasesOf(rows, { final: [] }).map(({ end }) => end),
    [null, 4, null],
  );
  // The state null ends a phase.
  assert.deepEqual(
    phasesOf([[1, 0, "running"], [1, 3, null]]).map(({ end }) => end),
    [3],
  );
});

Deno.test("timeline() counts open, reversed, overlapping and omitted rows", () => {
  const { caption } = timeline([
    { worker: "a", start: 0, end: 4, phase: "one" },
    { worker: "a", start: 2, end: 6, phase: "two" },
    { worker: "b", start: 5, end: 3, phase: "one" },
    { worker: "b", start: 8, end: null, phase: "two" },
    { worker: "c", start: null, end: 9, phase: "two" },
  ]);
  assert.equal(
    caption,
    "2 workers in 8 s; share of the time: one 60%, two " +
      "40%. 1 phase has no end: drawn to the end of the data. 1 phase " +
      "ends before the start. 1 worker has overlapping phases, which lie in " +
      "lanes. 1 row without a time left out.",
  );
});

Deno.test("timelineLines() orders lines by first start, by name, or as given", () => {
  const rows = [["10", 5, 6, "x"], ["2", 7, 8, "x"], ["1", 1, 2, "x"]];
  const namesBy = (order?: "start" | "name" | "given") =>
    timelineLines(readPhases(rows, {}), { order }).order
      .map(({ name }) => name);
  assert.deepEqual(namesBy(), ["1", "10", "2"]);
  assert.deepEqual(namesBy("name"), ["1", "2", "10"]);
  assert.deepEqual(namesBy("given"), ["10", "2", "1"]);
});

Deno.test("timelineLines() packs overlapping phases into as few lanes as possible", () => {
  const rows = Array.from({ length: 1000 }, (_, i) => ["w", i, i + 3.5, "x"]);
  const { rows: lanes, overlapping } = timelineLines(readPhases(rows, {}));
  // At 3.2, the phases from 0, 1, 2 and 3 overlap.
  assert.equal(lanes, 4);
  assert.equal(overlapping, 1);
  // All 500 overlap at 499.5; later phases reuse their lanes.
  const many = Array.from({ length: 500 }, (_, i) => ["w", i, i + 500, "x"]);
  const later = many.map((_, i) => ["w", 1000 + 2 * i, 2000, "x"]);
  assert.equal(
    timelineLines(readPhases([...many, ...later], {})).rows,
    500,
  );
});

Deno.test("timelineBars() shows the phase with the most time in each cell", () => {
  const names = ["a", "b", "c"];
  let seed = 7;
  const random = () => (seed = seed * 16807 % 2147483647) / 2147483647;
  const rows = Array.from({ length: 3000 }, (_, line) => {
    const start = random() * 80;
    return [line, start, start + random() * 20, names[line % 3]!] as const;
  });
  const lines = timelineLines(readPhases(rows, {}), {
    order: "given",
  });
  const columns = 50;
  const { bars, rowsPerLine } = timelineBars(
    lines,
    columns,
    30,
    lines.domain,
    9000,
  );
  assert.equal(rowsPerLine, 100);
  const [low, high] = lines.domain;
  const width = (high - low) / columns;
  for (let r = 0; r < 30; r++) {
    for (let c = 0; c < columns; c++) {
      const [from, to] = [low + c * width, low + (c + 1) * width];
      const time = new Map<string, number>();
      for (const [, start, end, phase] of rows.slice(r * 100, r * 100 + 100)) {
        const both = Math.min(end, to) - Math.max(start, from);
        if (both > 0) time.set(phase, (time.get(phase) ?? 0) + both);
      }
      const bar = bars.find(({ x1, x2, y1, y2 }) =>
        y1 <= r * 100 && y2 > r * 100 && x1 <= from + width / 2 &&
        x2 >= from + width / 2
      );
      // Either phase is correct in a tie.
      const most = Math.max(0, ...time.values());
      assert.ok(Math.abs((time.get(bar?.phase ?? "") ?? 0) - most) < 1e-6);
    }
  }
});

Deno.test("timelineBars() keeps rare phases and distant outliers", () => {
  const rows = Array.from({ length: 26_000 }, (_, line) => [
    [line, line / 100, line / 100 + 5, "running"],
    [line, line / 100 + 5, line / 100 + 5, line % 9000 ? "done" : "failed"],
  ]).flat();
  rows.push([26_000, 900, 900.001, "running"]);
  const chart = timeline(rows);
  assert.match(chart.caption, /Each line of the picture stands for 5\d\.\d/);
  assert.match(chart.caption, /rare phases \(failed\) are always drawn/);
  const lines = timelineLines(readPhases(rows, {}));
  const { bars } = timelineBars(lines, 640, 320, lines.domain, 9000);
  assert.equal(bars.filter(({ phase }) => phase === "failed").length, 3);
  assert.ok(bars.some(({ x1 }) => x1 > 890));
});
