import { table } from "arquero";
import { durationBoxes } from "dnpc/plots";
import assert from "node:assert/strict";
import { assertLinear } from "../importers/growth.ts";

Deno.test("durationBoxes() takes attempts: apps, seconds and outcomes", () => {
  const attempt = { run: "000", executor: "x", start: 5, end: 9 };
  const { svg, caption } = durationBoxes([
    { ...attempt, app: "cut", seconds: 4, outcome: "done" },
    { ...attempt, app: "cut", seconds: 8, outcome: "failed" },
    { ...attempt, app: "saw", seconds: 1, outcome: "done" },
    { ...attempt, app: "saw", seconds: 2, outcome: "lost" },
    { ...attempt, app: "saw", seconds: 3, outcome: "running" },
  ]);
  assert.match(caption, /^3 spans of 2 apps: cut took 92% of 13 s\./);
  assert.match(caption, / 2 of 5 spans had not ended; they are hollow,/);
  // Each of the five, and the one of the legend.
  assert.equal(svg.match(/<circle/g)?.length, 6);
  // The slower app is at the top.
  assert.ok(svg.indexOf(">cut<") < svg.indexOf(">saw<"));
});

Deno.test("durationBoxes() takes names before start and end, or by itself", () => {
  const rows = [
    { host: "a", start: 1, end: 3, root_id: 1 },
    { host: "b", start: 1, end: null, root_id: 2 },
  ];
  const counted = /^1 span of 2 hosts: .* 1 of 2 spans had not ended\.$/;
  assert.match(durationBoxes(rows).caption, counted);
  assert.match(
    durationBoxes(table({
      host: ["a", "b"],
      start: [1, 1],
      end: [3, null],
    })).caption,
    counted,
  );
  assert.match(
    durationBoxes([["x", 2], ["y", 1]]).caption,
    /^2 spans of 2 gro/,
  );
  assert.match(durationBoxes([[2], [1]]).caption, /^2 spans, 3 s in total/);
});

Deno.test("durationBoxes() has a plot for each run", () => {
  const { svg } = durationBoxes([
    { run: "000", app: "cut", seconds: 1 },
    { run: "001", app: "cut", seconds: 3 },
  ]);
  assert.ok(svg.includes("run 000") && svg.includes("run 001"));
});

Deno.test("durationBoxes() draws the groups with the largest totals", () => {
  const rows = Array.from({ length: 90_000 }, (_, i) => ({
    app: `app ${i % 300}`,
    seconds: i % 300,
  }));
  const { svg, caption } = durationBoxes(rows, { max: 100 });
  assert.ok(svg.length < 300_000);
  assert.match(caption, /The 200 apps with the smallest totals are not drawn/);
  assert.ok(svg.includes("app 299") && !svg.includes("app 199<"));
  assert.throws(() => durationBoxes(rows, { max: 0 }), { name: "RangeError" });
  assert.throws(() => durationBoxes(rows, { by: "host" }), {
    message: 'the rows have no column "host". They have app, seconds',
  });
});

Deno.test("durationBoxes() cuts names of any length in linear time", () =>
  assertLinear((characters) => {
    const app = "a long name ".repeat(characters / 12);
    const { svg } = durationBoxes([{ app, seconds: 2 }, { app, seconds: 3 }]);
    assert.match(svg, /a long name a[a-z ]*\u2026</);
  }, 12_000));
