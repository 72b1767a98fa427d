import assert from "node:assert/strict";
import { tzLogs } from "../importers/logs.ts";
import { inFolder } from "../sql/engines.ts";
import { inBrowser } from "../tools/needs.ts";
import { onReport, untilShown } from "./open_report.ts";
import { canvasData, countWork, inView, windowOf } from "./stream_page.ts";

Deno.test(
  "report(): a state that is clicked selects the tasks that were in it in the window",
  inBrowser,
  () =>
    onReport(tzLogs.path, async (page, db) => {
      const { page: tab } = page;
      const link = tab.locator("#states .legend a", { hasText: "on a worker" });
      await link.click();
      assert.equal(await inView(page), countWork(db));
      assert.match((await tab.textContent("#chosen"))!, /state on a worker/);
      await tab.goBack();

      // In the middle of a window, everything on a worker is below what waits.
      const [from, until] = await windowOf(page);
      const half = [(from + until) / 2, until] as [number, number];
      await tab.evaluate(
        // deno-lint-ignore no-explicit-any
        (hash) => void ((globalThis as any).location.hash = hash),
        `state=waiting for a worker&from=${half[0]}&until=${half[1]}`,
      );
      const waited = await inView(page);
      // Tries that were launched before its end, and began in it or later.
      const [{ n }] = db.query<{ n: number }>(
        `WITH launch AS (
          SELECT span.attributes ->> 'task' AS task,
            span.attributes ->> 'try' AS try, min(time) AS launched
          FROM span JOIN event ON span_id = span.id
          WHERE span.type = 'parsl.rundir.try' AND event.type = 'launched'
          GROUP BY 1, 2
        ) SELECT count(*) AS n FROM launch JOIN (
          SELECT span.attributes ->> 'task' AS task,
            span.attributes ->> 'try' AS try, min(time) AS start
          FROM span JOIN event ON span_id = span.id
          WHERE span.type = 'parsl.executor.htex.worker.task' GROUP BY span.id
        ) USING (task, try)
        WHERE launched <= ${half[1]} AND start >= ${half[0]}`,
      ) as [{ n: number }];
      assert.ok(waited > 0 && waited < countWork(db));
      assert.equal(waited, n);
      assert.deepEqual(page.errors, []);
    }),
);

Deno.test(
  "report(): a click on an area of states selects its state, and one more all",
  inBrowser,
  () =>
    onReport(tzLogs.path, async (page) => {
      const { page: tab } = page;
      const chart = tab.locator("#states svg");
      await chart.scrollIntoViewIfNeeded();
      const box = (await chart.boundingBox())!;
      // The lowest area is that of the workers.
      const click = () => tab.mouse.click(box.x + 0.5 * box.width, box.y + 128);
      await click();
      await canvasData(page);
      assert.match(tab.url(), /#state=on\+a\+worker$/);
      await click();
      await canvasData(page);
      assert.doesNotMatch(tab.url(), /state=/);
      assert.deepEqual(page.errors, []);
    }),
);

Deno.test(
  "report(): two runs whose labels have commas and percent signs are compared",
  inBrowser,
  () =>
    inFolder(async (folder) => {
      const log = Deno.readTextFileSync(`${tzLogs.path}/000/parsl.log`);
      for (const [nth, name] of ["a,b%2C", "001"].entries()) {
        const run = `${folder}/runinfo/${name}`;
        await Deno.mkdir(run, { recursive: true });
        // Another run at the same time.
        const ofRun = log.replaceAll(
          /\b[0-9a-f]{8}(?=-[0-9a-f]{4}-)/g,
          `0000000${nth}`,
        );
        await Deno.writeTextFile(`${run}/parsl.log`, ofRun);
      }
      await onReport(`${folder}/runinfo`, async (page) => {
        const { page: tab } = page;
        // 62 tasks each: grep -o "Task [0-9]* submitted" parsl.log | sort -u.
        assert.equal(await inView(page), 124);
        await tab.selectOption("#compare", { index: 1 });
        await untilShown(tab);
        assert.match(tab.url(), /compare=.*%252C/);
        assert.equal(await inView(page), 124);
        const [from, until] = await windowOf(page);
        assert.ok(until - from < 100);
        await tab.locator("#runs a", { hasText: "a,b%2C" }).click();
        assert.equal(await inView(page), 62);
        assert.deepEqual(page.errors, []);
      });
    }),
);
