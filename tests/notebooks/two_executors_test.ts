import assert from "node:assert/strict";
import { assertShown, showNotebook } from "./shown.ts";

Deno.test("two_executors.ipynb finds what executors cost, once and per task", async () => {
  const shown = await showNotebook("two_executors");
  assert.deepEqual(shown.titles, [
    "Which tasks did each worker have?",
    "What the time of threads and workers was used for",
    "How long tasks take, by app",
  ]);
  // In Python, from the workers' logs: from "All processing finished" to the next
  // "Received executor task" of the same worker.
  assertShown(shown, /^ +116 +0\.001171 +0\.195439$/m);
  // grep -c "Task .* submitted for App" in both parsl.log
  assertShown(
    shown,
    /^ +000 .* ended after 1\.45 s: 120 tasks, 120 succeeded$/m,
  );
  assertShown(
    shown,
    /^ +001 .* ended after 11\.6 s: 120 tasks, 120 succeeded$/m,
  );
});
