import assert from "node:assert/strict";
import { groupRows } from "../../plots/rows/row_order.ts";
import { firstArrivals, pathsOf, usualOrder } from "../../plots/rows/paths.ts";
import { stepRows } from "../../plots/rows/step_rows.ts";

Deno.test("groupRows() sorts rows by group, and omits negative groups", () => {
  const groups = [2, 0, -1, 2, 0];
  const { rows, first } = groupRows(groups.length, 3, (row) => groups[row]!);
  assert.deepEqual([...rows], [1, 4, 0, 3]);
  assert.deepEqual([...first], [0, 2, 2, 4]);
});

/** Rows of spans, given as times by step. */
const read = (spans: Record<string, number>[]) =>
  stepRows(
    spans.flatMap((steps, span) =>
      Object.entries(steps).map(([step, time]) => ({ span, time, step }))
    ),
    {},
  );

Deno.test("pathsOf() sorts the rows of each span by time since its first", () => {
  const { first, time, since } = pathsOf(
    read([{ sent: 10, done: 14 }, { done: 9, sent: 3 }]),
  );
  assert.deepEqual([...first], [0, 2, 4]);
  // Spans are numbered by their start.
  assert.deepEqual([...time], [3, 9, 10, 14]);
  assert.deepEqual([...since], [0, 6, 0, 4]);
});

Deno.test("usualOrder() puts steps in the order in which most spans reach them", () => {
  // "failed" has a small median because of one early failure, but comes last.
  const rows = read([
    { sent: 0, running: 5, failed: 6 },
    { sent: 0, running: 5, failed: 7 },
    { failed: 1, sent: 0 },
    { sent: 0, running: 50 },
  ]);
  const count = rows.steps.length;
  const order = usualOrder([firstArrivals(pathsOf(rows), count)], count);
  assert.deepEqual(order.map((step) => rows.steps[step]), [
    "sent",
    "running",
    "failed",
  ]);
});
