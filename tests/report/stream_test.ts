import assert from "node:assert/strict";
import type { Database } from "dnpc/sql";
import type { OpenPage } from "../../tools/browser.ts";
import { larger } from "../importers/logs.ts";
import { inBrowser } from "../tools/needs.ts";
import { onReport } from "./open_report.ts";

/** Real runs whose workers left logs. */
const runs = larger("multi-htex");
const needs = { ignore: inBrowser.ignore || runs.ignore };

// What the worker logs say: sqlite3 counts the work that workers received.
const received = `SELECT DISTINCT span.id,
    span.attributes ->> 'rundir' AS rundir, span.attributes ->> 'executor_task' AS number
  FROM span JOIN event ON span_id = span.id
  WHERE span.type = 'parsl.executor.htex.worker.task'
    AND event.type = 'worker_received_task'`;

/** The app of each task, from parsl.log. */
const ofApp = (db: Database, app: string): number =>
  db.query<{ n: number }>(
    `SELECT count(*) AS n FROM (${received}) AS work
      JOIN span ON span.id = work.id
      JOIN span AS task ON task.type = 'parsl.rundir.task'
        AND task.attributes ->> 'rundir' = work.rundir
        AND task.attributes ->> 'task' = span.attributes ->> 'task'
    WHERE task.attributes ->> 'app' = ?`,
    [app],
  )[0]!.n;

const countReceived = (db: Database, condition = "1"): number =>
  db.query<{ n: number }>(
    `SELECT count(*) AS n FROM (${received}) AS work
      JOIN span ON span.id = work.id WHERE ${condition}`,
  )[0]!.n;

const canvas = (page: OpenPage) => page.page.locator("#stream canvas");

async function inView(page: OpenPage): Promise<number> {
  await settled(page);
  return Number(await canvas(page).getAttribute("data-visible-attempts"));
}

/** Waits until all views show the state, and the canvas is drawn. */
async function settled({ page }: OpenPage): Promise<void> {
  await page.waitForTimeout(350);
  await page.evaluate(() =>
    new Promise((resolve) =>
      // deno-lint-ignore no-explicit-any
      (globalThis as any).requestAnimationFrame(() => setTimeout(resolve, 50))
    )
  );
}

Deno.test(
  "report(): the stream has each attempt, and a lane for each worker",
  needs,
  () =>
    onReport(runs.path, async (page, db) => {
      assert.equal(await inView(page), countReceived(db));
      assert.match(
        await page.page.textContent("#in-view") ?? "",
        new RegExp(`^${countReceived(db)} attempts in view`),
      );
      assert.deepEqual(page.errors, []);
    }),
);

Deno.test(
  "report(): an app of the legend filters all views",
  needs,
  () =>
    onReport(runs.path, async (page, db) => {
      await page.page.locator("#stream .legend a", { hasText: "bottom" })
        .click();
      const expected = ofApp(db, "bottom");
      assert.ok(expected > 10);
      assert.equal(await inView(page), expected);
      const durations = page.page.locator("#durations");
      assert.equal(
        Number(await durations.getAttribute("data-attempts")),
        expected,
      );
      assert.match(page.page.url(), /app=bottom/);
      await page.page.goBack();
      assert.equal(await inView(page), countReceived(db));
      assert.deepEqual(page.errors, []);
    }),
);
