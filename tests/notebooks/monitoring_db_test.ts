import assert from "node:assert/strict";
import { assertShown, showNotebook } from "./shown.ts";

// All numbers were computed in the sqlite3 shell with other queries.
Deno.test("monitoring_db.ipynb answers questions from Parsl's own tables", async () => {
  const shown = await showNotebook("monitoring_db");
  assert.deepEqual(shown.titles, [
    "Unfinished tries by state",
    "Time in each state, by app",
    "Tries running in the block, and its number of workers",
    "Tries of retried tasks",
    "From the return of the last dependency to the launch",
    "Processor time per process, from the samples of all tasks",
  ]);
  assertShown(shown, /Times without a zone are read as America\/New_York/);
  assertShown(
    shown,
    /5\.66\d+ +55 +2 +62 +\{"dep_fail":1,"exec_done":55,"failed":2,"memo_done":4\}/,
  );
  assertShown(shown, /^70 spans in 5 states, at most 44 at once/m);
  assertShown(shown, /^ +63 +7\.918735 +0\.00625\d* +4\.706736 +1\.682426$/m);
  assertShown(shown, /^ +52 +badshell +2 .*BashExitFailure\('badshell', 3\)$/m);
  assertShown(shown, /^11 rows$/m);
  assertShown(shown, /^20 spans: mean 7\.672 ms, median 46\.01 µs/m);
  assertShown(shown, /^right +0 +2 +47\.93/m);
  assertShown(shown, /^57 +fan +61 +double +0\.373114 +0\.373253$/m);
  assertShown(shown, /^burn +1 +6 +2\.28/m);
});
