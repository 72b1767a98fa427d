import assert from "node:assert/strict";
import { assertShown, showNotebook } from "./shown.ts";

Deno.test("import_runs.ipynb says which import took long, where time went, and what failed", async () => {
  const shown = await showNotebook("import_runs");
  assert.deepEqual(shown.titles, ["Which import did each worker have?"]);
  // for f in task_logs/0000/*.stderr; do tail -n 1 $f; done | grep -v added
  for (
    const reason of [
      /full-disk\/runinfo\/000: there is nothing here that/,
      /wq-killed\/runinfo\/000: 0 files damaged, 35 lines/,
      /zlib: unexpected end of file/,
    ]
  ) assertShown(shown, reason);
  // In Python, from "Received executor task" 3 and 50 to "All processing finished"
  // in worker_1.log: 6.908 and 43.369 s.
  assertShown(shown, /^0 +0\.000000 +6\.908\d+ +failed +3$/m);
  assertShown(shown, /^1 +\d+\.\d+ +43\.36[89]\d+ +done +50$/m);
  assertShown(
    shown,
    /^50 attempts on 2 workers in 132\.2 s: 48 done, 2 failed/m,
  );
});
