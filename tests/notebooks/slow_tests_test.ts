import assert from "node:assert/strict";
import { assertShown, showNotebook } from "./shown.ts";

Deno.test("slow_tests.ipynb divides the time of tests by what Parsl did", async () => {
  const shown = await showNotebook("slow_tests");
  assert.deepEqual(shown.titles, ["Time of each test, by what Parsl did"]);
  // The differences of times in tests.log.
  assertShown(
    shown,
    /^test_many_small_tasks +18\.746522 +3\.841530 +14\.726863$/m,
  );
  // In Python, from the workers' logs: 0.130, 3.032 and 0.551 s from the first
  // task to the last, of 48.350 s.
  assertShown(shown, /^48\.35 s in 3 tests: .* first to last task 8%/m);
  assertShown(shown, /^ *48\.350296 +18\.59\d+$/m);
});
