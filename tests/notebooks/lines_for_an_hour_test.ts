import assert from "node:assert/strict";
import { assertShown, showNotebook } from "./shown.ts";

Deno.test("lines_for_an_hour.ipynb reads lines that no importer knows", async () => {
  const shown = await showNotebook("lines_for_an_hour");
  assert.deepEqual(shown.titles, [
    "From pending to launched, every try",
    "60 tries, by the last line about them",
    "Tasks waiting to be launched",
  ]);
  // Computed in Python from the records with "TMP", by their field parsl.task.
  assertShown(shown, /^large +6 +0\.405409 +0\.546618 +2\.535338$/m);
  assertShown(shown, /^small +54 +0\.000238538 +0\.010243 +0\.046762$/m);
  assertShown(
    shown,
    /^60 values: mean 25\.87 tasks, minimum 0 tasks, maximum 55 /m,
  );
  assertShown(shown, /^4503745 +6 +0\.119197 +0\.272077 /m);
  // And from the lines of the text log, by the numbers in their messages.
  assertShown(shown, /^parsl\.rundir\.task +TMP: got .*, task %s try %s +60$/m);
  assertShown(shown, /^large +4503745 +6 +0\.061065$/m);
  // grep -n "TMP: before serializing, task 14 " parsl.log
  assertShown(shown, /^836: .* TMP: before serializing, task 14 try 0$/m);
  assertShown(shown, /Pushing function <function large at/);
});
