import { importRuninfo } from "dnpc/importers";
import { coverage } from "dnpc/questions";
import { coverageCells, coverageMatrix } from "dnpc/plots";
import { openDatabase } from "dnpc/sql";
import assert from "node:assert/strict";
import { matrixOf } from "../../plots/coverage/coverage_matrix.ts";

Deno.test("coverageMatrix() accepts the rows of coverage()", async () => {
  using db = await openDatabase();
  await importRuninfo(db, "tests/fixtures/tz/runinfo");
  const rows = coverage(db);
  const { cells, runs, steps } = coverageCells(rows);
  assert.equal(cells.length, rows.length);
  assert.equal(runs.length, 1);
  assert.equal(steps.length, rows.length);
  const chart = coverageMatrix(rows);
  // grep -c "Received executor task" in the two worker logs: 41 and 22. 70 tries
  // according to sqlite3.
  const received = cells.find(({ step }) => step === "worker_received_task");
  assert.equal(received?.share, 63 / 70);
  assert.ok(chart.svg.includes(">90%</text>"));
  assert.match(chart.caption, /Missing: [^.]*interchange_queued/);
});

Deno.test("coverageMatrix() rounds neither to 0% nor to 100%", () => {
  const { svg } = coverageMatrix([
    ["a", "x", 0.001],
    ["a", "y", 0.999],
    ["a", "z", null],
    ["a", "none", 0],
    ["a", "all", 1],
  ]);
  for (
    const text of [
      "&lt;1%",
      "&gt;99%",
      "?",
      "0%",
      "100%",
    ]
  ) {
    assert.ok(svg.includes(`>${text}</text>`), text);
  }
});

Deno.test("coverageMatrix() adds the span type only to ambiguous step names", () => {
  const { steps } = coverageCells([
    { run: "a", span_type: "parsl.rundir.try", event_type: "p", share: 1 },
    { run: "a", span_type: "parsl.monitoring.try", event_type: "p", share: 1 },
    { run: "a", span_type: "parsl.monitoring.try", event_type: "q", share: 1 },
  ]);
  assert.deepEqual(steps, ["p (rundir.try)", "p (monitoring.try)", "q"]);
});

Deno.test("coverageMatrix() keeps missing steps if a column combines several runs", () => {
  const rows = Array.from({ length: 1000 * 60 }, (_, i) => [
    `run ${Math.floor(i / 60)}`,
    `step ${i % 60}`,
    i === 3 ? 0 : 1,
  ]);
  const matrix = matrixOf(coverageCells(rows));
  assert.equal(matrix.runsPerColumn, 10);
  assert.equal(matrix.matrix.length, 6000);
  assert.equal(matrix.matrix.filter(({ share }) => share === 0).length, 1);
  assert.match(coverageMatrix(rows).caption, /step 3 in 1 of 1,000 runs/);
});

Deno.test("coverageMatrix() calls the runs of coverage() by their labels", async () => {
  using db = await openDatabase();
  await importRuninfo(db, "tests/fixtures/multi-htex.tar.gz");
  const { runs } = coverageCells(coverage(db));
  assert.deepEqual(runs, ["000", "001"]);
  const { svg } = coverageMatrix(coverage(db));
  assert.ok(svg.includes(">000</text>") && svg.includes(">001</text>"));
});
