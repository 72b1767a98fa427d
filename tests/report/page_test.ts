import assert from "node:assert/strict";
import { cutLogs, tzLogs, wqLogs, writeFiles } from "../importers/logs.ts";
import { inFolder } from "../sql/engines.ts";
import { inBrowser } from "../tools/needs.ts";
import { click, onReport, unfold, untilShown } from "./open_report.ts";

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
      assert.equal(
        await page.textContent("#details h2"),
        "Run 000",
      );
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

Deno.test(
  "report() shows the summary of each run in a tab, and links its tasks",
  inBrowser,
  () =>
    onReport("tests/fixtures/multi-htex.tar.gz", async (open, db) => {
      const { page, errors } = open;
      const runs = `JOIN (SELECT run_id, label FROM run JOIN run_label
        USING (id)) ON run_id = span.attributes ->> 'run'`;
      const tasks = (label: string) =>
        db.query<{ n: number }>(
          `SELECT count(*) AS n FROM span ${runs}
          WHERE type = 'parsl.monitoring.task' AND label LIKE ?`,
          [label],
        )[0]!.n;
      const answer = page.locator(".answer:visible");
      assert.match(
        (await answer.textContent())!,
        new RegExp(`^2 runs, ${tasks("%")} tasks, `),
      );
      await click(open, '#runs a:text-is("001")');
      assert.match(
        (await answer.textContent())!,
        new RegExp(`^1 run, ${tasks("001")} tasks, `),
      );
      assert.equal(
        await page.locator("#runs [aria-current]").innerText(),
        "001",
      );
      const link = page.locator("#answers a:visible").first();
      const failed = (await link.textContent())!.replace("task ", "");
      const [{ n } = { n: 0 }] = db.query<{ n: number }>(
        `SELECT count(*) AS n FROM event JOIN span ON span.id = span_id ${runs}
        WHERE span.type = 'parsl.monitoring.try' AND event.type = 'failed'
          AND label = '001' AND span.attributes ->> 'task' = ?`,
        [failed],
      );
      assert.equal(n, 1, failed);
      assert.equal(
        await link.getAttribute("href"),
        `#run=001&thing=task%3A001%3A${failed}`,
      );
      await click(open, "#answers a:visible");
      const story = page.locator("#details h2", { hasText: `task ${failed}` });
      await story.waitFor();
      const { y } = (await story.boundingBox())!;
      assert.ok(y >= 0 && y < 500, `${y}`);
      assert.deepEqual(errors, []);
    }),
);

for (
  const path of [
    "tests/fixtures/multi-htex.tar.gz",
    tzLogs.path,
    wqLogs.path,
    "tests/fixtures/academy",
  ]
) {
  Deno.test(
    `report() names no run id, nor where the runs were [${path}]`,
    inBrowser,
    () =>
      onReport(path, async (open, db) => {
        const { page } = open;
        await unfold(open);
        // Lines of logs say what they say.
        const text = await page.evaluate(() => {
          // deno-lint-ignore no-explicit-any
          const { document } = globalThis as any;
          document.querySelector("#log").remove();
          return document.documentElement.outerHTML as string;
        });
        const names = db.query<{ name: string | null }>(
          `SELECT run_id AS name FROM run UNION SELECT rundir FROM run
          UNION SELECT directory FROM run
          UNION SELECT attributes ->> 'rundir' FROM span`,
        ).flatMap(({ name }) => name ?? []);
        assert.ok(names.length > 0);
        assert.deepEqual(names.filter((name) => text.includes(name)), []);
        const folder = await Deno.realPath(path.replace(/[^/]*$/, ""));
        assert.ok(!text.includes(folder), folder);
      }),
  );
}
