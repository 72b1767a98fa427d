import assert from "node:assert/strict";
import { lineOf, showNotebook } from "./shown.ts";

Deno.test("where_does_the_time_go.ipynb goes from a step to the program", async () => {
  const { texts, titles } = await showNotebook("where_does_the_time_go");
  assert.deepEqual(titles, [
    "Time from submission to each step",
    "Mean duration of each step",
    "Tries waiting, running and returning",
    "Cumulative flow",
    "Tries per second, in bins of half a second",
    "State of each worker, and causes of idle time",
    "How long a free worker waited while tries were queued",
    "Median time on a worker, by app",
    "Log lines, and how many of them name a task",
    "From invoked to returned",
    "Tries in each state",
  ]);
  const find = (pattern: RegExp) => texts.find((text) => pattern.test(text));

  // Computed in Python from the workers' logs: tries, seconds with a task.
  const idle = find(/^worker +tries/);
  for (
    const [worker, tries, busy] of [["0", "41", 3.873], ["1", "22", 4.252]]
  ) {
    const line = lineOf(idle, String(worker));
    assert.equal(line[1], tries);
    assert.ok(Math.abs(Number(line[3]) - Number(busy)) < 1e-5);
  }
  // The same from parsl.log: times of the last submission and the last end.
  const [, app, tries, contributed, submitting] = lineOf(
    find(/^task +app +tries/),
    "52",
  );
  assert.deepEqual([app, tries], ["badshell", "3"]);
  assert.ok(Math.abs(Number(contributed) - 5.7272) < 1e-3);
  assert.ok(Math.abs(Number(submitting) - 5.1293) < 1e-3);

  // In Python: "Sent tasks" of the interchange minus "launched" of parsl.log, all
  // tries of 62 tasks.
  assert.match(
    find(/mean time per task/)!.replace(/\s+/g, " "),
    /2\.08 s more in the DFK \+ in the interchange/,
  );
  // Computed in Python from the lines about the first block in both logs.
  assert.match(
    find(/^line 103: /)!,
    /MainThread.*\n\nline 328: .*JobStatusPoller-Timer-Thread/s,
  );

  // Computed in the sqlite3 shell: the returned tasks and their durations.
  assert.match(find(/^From invoked to returned/)!, /62 spans: mean 2\.054 s/);
  assert.equal(lineOf(find(/^tasks/), "62")[0], "62");

  const pauses = find(/^task +app +pause/);
  assert.equal(lineOf(pauses, "45")[3], "44 exec_done");
  assert.equal(lineOf(pauses, "44")[3], "43 exec_done");
  // Counted with wc.
  const cost = find(/^importer +lines/);
  assert.deepEqual(lineOf(cost, "manager.log").slice(1, 3), ["1798", "179969"]);
  assert.deepEqual(lineOf(cost, "worker.log").slice(1, 3), ["193", "18386"]);
});
