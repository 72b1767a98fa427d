import assert from "node:assert/strict";
import { assertShown, showNotebook } from "./shown.ts";

Deno.test("campaign.ipynb finds what was put into its runs", async () => {
  const shown = await showNotebook("campaign");
  assert.deepEqual(shown.titles, [
    "How many tries were in each state?",
    "How long were tries in a worker, by run?",
    "Which tasks did each worker have?",
    "In which steps do the runs differ?",
  ]);
  // 48 times 62 tasks, of which the logs of both versions have three failures.
  assertShown(shown, /^48 runs, 2,976 tasks, 144 failed\.$/m);
  // 0.8% of the first run, six runs a month: 4.9%, and less of later ones.
  for (const version of ["1.3.0-dev-84803bdc2-clean", "2026.10.26"]) {
    assertShown(
      shown,
      new RegExp(
        `of version ${version} take (4\\.9|5)% longer in a worker each`,
      ),
    );
  }
  assertShown(shown, /^1 of 48 runs is unlike .*\nRun 017: /m);
  // node3: 1.25 times as long, and two thirds of a percent for later runs.
  const ratios = shown.texts.flatMap((text) => [
    ...text.matchAll(/^[A-Za-z ]+ node(\d) .* (\d\.\d\d)$/gm),
  ]);
  assert.deepEqual(ratios.map(([, node, ratio]) => [node, ratio]), [
    ...Array.from({ length: 6 }, () => ["2", "1.00"]),
    ...Array.from({ length: 6 }, () => ["3", "1.26"]),
  ]);
  assertShown(shown, /host +app, version +29\.14 +● +3 +node3/);
});
