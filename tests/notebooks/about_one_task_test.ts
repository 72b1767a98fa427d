import assert from "node:assert/strict";
import { assertShown, showNotebook } from "./shown.ts";

Deno.test("about_one_task.ipynb follows a task through JSON logs and text logs", async () => {
  const shown = await showNotebook("about_one_task");
  assert.deepEqual(shown.titles, [
    "Task 1: from each event to the next",
    "Task 0: from each event to the next",
    "Task 37: from each event to the next, in both tries",
    "From launched to received by a worker, every try",
    "What the workers did while the second try of task 37 waited",
  ]);
  // Computed from the "created" times in the four logs.
  assertShown(shown, /^11\.3290 +11\.3273 +< .*allocated$/m);
  assertShown(shown, /^19\.8334 +8\.4998 .*interchange_to_manager$/m);
  assertShown(shown, /Task 1: has outstanding dependencies/);
  assertShown(shown, /^ +11\.250210 .*worker_received_task$/m);
  assertShown(shown, /^1 +82 +11\.333890$/m);
  assertShown(shown, /Sent tasks: \[82\] to manager b'37781c58f4d7'/);
  // From worker_0.log: 17 tasks held worker 0 in that time.
  assertShown(shown, /^63 spans: mean 1\.244 s/m);
  assertShown(shown, /^busy +17 +1\.905/m);
});
