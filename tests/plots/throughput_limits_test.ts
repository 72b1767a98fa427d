import assert from "node:assert/strict";
import { throughputLimits } from "dnpc/plots";
import { bins } from "./cases/flows.ts";

const row = (start: number, end: number, more: object) => ({
  start,
  end,
  queued_tasks: 0,
  bound_by_dispatch: 0,
  bound_by_workers: 0,
  ...more,
});

Deno.test("throughputLimits() adds up the seconds of each stage", () => {
  const { caption } = throughputLimits([
    row(0, 10, { bound_by_workers: 10, queued_tasks: 7 }),
    row(10, 30, { bound_by_workers: 5, bound_by_dispatch: 15 }),
    row(30, 40, {}),
    row(50, 50, { bound_by_workers: 9 }),
  ]);
  assert.equal(
    caption.replaceAll("\u00a0", " "),
    "Of 40 s, bound by dispatch for 38%, by workers for 38%, unknown for " +
      "25%. 1 row without a time left out.",
  );
});

Deno.test("throughputLimits() draws runs and executors below each other", () => {
  const one = throughputLimits(bins(20));
  assert.equal(one.options.panels?.length, 2);
  const two = throughputLimits([...bins(20, "a"), ...bins(20, "b")]);
  assert.deepEqual(
    two.options.panels?.map(({ heading }) => heading),
    ["a", undefined, "b", undefined],
  );
  const runs = ["000", "001"].flatMap((run) =>
    ["a", "b"].flatMap((executor) =>
      bins(3, executor).map((row) => ({ run, ...row }))
    )
  );
  const headings = throughputLimits(runs).options.panels
    ?.map(({ heading }) => heading).filter((heading) => heading !== undefined);
  assert.deepEqual(headings, ["000, a", "000, b", "001, a", "001, b"]);
});

Deno.test("throughputLimits() means bins that are finer than its columns", () => {
  const chart = throughputLimits(
    Array.from(
      { length: 10_000 },
      (_, i) => row(i, i + 1, { bound_by_workers: i % 2, queued_tasks: i % 2 }),
    ),
  );
  const caption = chart.caption.replaceAll("\u00a0", " ");
  assert.match(caption, /^Of 166\.7 min, bound by workers for 50%/);
  assert.ok(chart.svg.length < 20_000);
});

Deno.test("throughputLimits() names the column that rows lack", () => {
  assert.throws(
    () => throughputLimits([{ start: 0, end: 1, length: 3 }]),
    /the rows have no column "returning_tasks"\. They have start/,
  );
  assert.throws(
    () => throughputLimits(bins(2), { stages: { workers: "bound" } }),
    /the rows have no column "bound"/,
  );
});
