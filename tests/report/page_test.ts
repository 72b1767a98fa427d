import assert from "node:assert/strict";
import { cutLogs, tzLogs, writeFiles } from "../importers/logs.ts";
import { inFolder } from "../sql/engines.ts";
import { inBrowser } from "../tools/needs.ts";
import { onReport, unfold, untilShown } from "./open_report.ts";

Deno.test(
  "report() calls runs by their labels, in cells of whole words on a narrow page",
  inBrowser,
  () =>
    onReport("tests/fixtures/multi-htex.tar.gz", async ({ page, errors }) => {
      await unfold({ page });
      await page.setViewportSize({ width: 400, height: 900 });
      const links = page.locator("#run-table a");
      assert.deepEqual(await links.allTextContents(), ["run 000", "run 001"]);
      const { width } =
        (await page.locator("#run-table td").nth(1).boundingBox())!;
      assert.ok(width >= 110, `${width}`);
      await links.first().click();
      await untilShown(page);
      assert.match((await page.textContent("#chosen"))!, /^run 000 ×/);
      assert.deepEqual(errors, []);
    }),
);

Deno.test(
  "report() has no task among the longest that had not ended",
  inBrowser,
  () =>
    inFolder(async (folder) => {
      const files = cutLogs(tzLogs.path, 0.5);
      const log = String(files["000/parsl.log"]);
      const tasks = (pattern: RegExp) =>
        new Set(Array.from(log.matchAll(pattern), ([, task]) => task!));
      const open = tasks(/Task (\d+) submitted/g)
        .difference(tasks(/Task (\d+) (?:completed|failed)/g));
      await writeFiles(folder, files);
      await onReport(await Deno.realPath(folder), async ({ page }) => {
        const rows = page.locator("#longest-tasks tbody tr");
        const names = await rows.locator("a[title^=task]").allTextContents();
        assert.ok(names.length > 10);
        assert.deepEqual(names.filter((name) => open.has(name)), []);
        const text = await page.locator("#longest-tasks p").textContent();
        assert.equal(
          text,
          `${open.size} more had not ended when the logs end.`,
        );
      });
    }),
);
