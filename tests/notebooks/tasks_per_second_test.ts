import assert from "node:assert/strict";
import { assertShown, showNotebook } from "./shown.ts";

Deno.test("tasks_per_second.ipynb finds what each patch costs", async () => {
  const shown = await showNotebook("tasks_per_second");
  assert.deepEqual(shown.titles, [
    "Tasks per second with each patch of the stack",
  ]);
  // Computed in Python from the lines "Tasks per second" and the parsl.log.
  assertShown(shown, /^debug +9 +339\.688 +705\.684 +845\.266 /m);
  assertShown(shown, /^resources +9 +7\.884 +9\.315 +16\.527 .* 1$/m);
  assertShown(shown, /^json +100 +1970\.249989 +1859\.718540 +839\.367812$/m);
  assertShown(shown, /^lines +100 +2269\.930388 +465\.553594 +413\.349980$/m);
  // grep -c "Run id is" in each log: none has no log.
  assertShown(shown, /^info +parsl\.rundir\.workflow +1$/m);
  assertShown(shown, /^none +parsl-perf +3\ninfo /m);
});
