import assert from "node:assert/strict";
import { lineOf, showNotebook } from "./shown.ts";

Deno.test("two_runs.ipynb finds what another version of Parsl changed", async () => {
  const { texts, titles } = await showNotebook("two_runs");
  assert.deepEqual(titles, [
    "2023: where every task was",
    "2026: where every task was",
    "In which steps do the runs differ?",
    "Milestones of each run",
    "Tasks submitted and tries launched since the first submission",
    "Median time on a worker, by app",
  ]);
  const find = (pattern: RegExp) => texts.find((text) => pattern.test(text));

  // Computed in Python from both parsl.log: first line to end of the last task.
  const runs = find(/^version +seconds/);
  assert.deepEqual(lineOf(runs, "2023"), ["2023", "5.73", "62", "63"]);
  assert.deepEqual(lineOf(runs, "2026"), ["2026", "13.80", "62", "63"]);

  // In Python: the last "changing state" of each task minus its first line
  // "initializing state" or "set to pending", 127.32 and 359.71 s of 62 tasks.
  assert.match(
    find(/mean time per task/)!.replace(/\s+/g, " "),
    /^htex-2026\S+ took 14\.1 s, 5\.09 s \(56%\) longer .* is 5\.8 s, 3\.75 s more/,
  );

  // Found with grep -n "Launched block" and "launched block".
  const lines = find(/2023, line/);
  assert.match(lines!, /2023, line 103: .* MainThread-.*Launched block 0/);
  assert.match(lines!, /2026, line 328: .* JobStatusPoller-Timer-Thread/);

  // Sums over the workers' logs, "Received" to "All processing finished".
  const uses = find(/workers were there for/)!;
  const working = [...uses.matchAll(
    /^\S+ +(\d+) +(?:useful|retried|failed) +([\d.]+)/gm,
  )];
  for (const [version, busy] of [["2023", 8.125], ["2026", 11.406134]]) {
    const seconds = working.filter((line) => line[1] === version)
      .reduce((sum, line) => sum + Number(line[2]), 0);
    assert.ok(Math.abs(seconds - Number(busy)) < 1e-4, `${seconds}`);
  }
});
