import assert from "node:assert/strict";
import { assertShown, showNotebook } from "./shown.ts";

Deno.test("work_queue.ipynb follows results from the worker to Parsl", async () => {
  const shown = await showNotebook("work_queue");
  assert.deepEqual(shown.titles, [
    "Tasks of Work Queue, by state",
    "Each task of Work Queue",
    "From RUNNING until Parsl has the result, step by step",
    "From WAITING_RETRIEVAL to executor_completed",
    "Each result waits for the next one",
  ]);
  assertShown(
    shown,
    /^No log has the \S+executor_task of 92 workqueue\.task spans$/m,
  );
  // Found by comparing transaction_log, parsl.log and monitoring.db side by side.
  assertShown(
    shown,
    /^RUNNING +104 +0\.000294\d* +3\.249\d* +16\.98\d* +70\.77/m,
  );
  assertShown(shown, /^ +104 +104$/m);
  assertShown(shown, /^running +parsl\.monitoring +108 +0\.381\d* +0\.417/m);
  assertShown(shown, /"0 0 0\s+694344 41"/);
  assertShown(shown, /^ +104 +71\.088\d* +11\.962\d* +16\.8/m);
  assertShown(shown, /^104 tries: mean 633\.3 ms, median 628\.6 ms/m);
  assertShown(shown, /^with the next result +100 /m);
});
