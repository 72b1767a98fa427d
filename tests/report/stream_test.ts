import assert from "node:assert/strict";
import { tzLogs } from "../importers/logs.ts";
import { inBrowser } from "../tools/needs.ts";
import { onReport } from "./open_report.ts";
import {
  canvasData,
  countIn,
  countWork,
  inView,
  windowOf,
  work,
} from "./stream_page.ts";

/** Two runs with several managers each, some of which were killed. */
const manyManagers = "tests/fixtures/multi-htex.tar.gz";

Deno.test(
  "report(): the stream has each attempt, and a lane for each worker",
  inBrowser,
  () =>
    onReport(tzLogs.path, async (page, db) => {
      const { visibleAttempts, lanes } = await canvasData(page);
      const all = countWork(db);
      // grep -c worker_received_task in the database: 63.
      assert.equal(all, 63);
      assert.equal(Number(visibleAttempts), all);
      const [{ n }] = db.query<{ n: number }>(
        `SELECT count(DISTINCT manager || worker) AS n FROM ${work}`,
      ) as [{ n: number }];
      // Joins and tasks without a worker have lanes, too.
      assert.ok(Number(lanes) > n);
      assert.match(
        (await page.page.textContent("#in-view"))!,
        new RegExp(`^${all} attempts in view, and \\d+ tasks`),
      );
      assert.equal(await countIn(page, "#durations"), all);
      assert.deepEqual(page.errors, []);
    }),
);

Deno.test(
  "report(): an app, an outcome or a bar that is chosen filters all views",
  inBrowser,
  () =>
    onReport(tzLogs.path, async (page, db) => {
      const { page: tab } = page;
      await tab.locator("#stream .legend a", { hasText: "bottom" }).click();
      const bottom = countWork(db, "app = 'bottom'");
      assert.ok(bottom > 3);
      assert.equal(await inView(page), bottom);
      assert.equal(await countIn(page, "#durations"), bottom);
      assert.match((await tab.textContent("#chosen"))!, /app bottom/);
      await tab.goBack();
      assert.equal(await inView(page), 63);

      const failed = tab.locator("#states [data-outcome=failed]");
      const shown = parseInt((await failed.textContent())!);
      await failed.click();
      // Apps that always fail, and the first tries of flaky ones.
      const [{ n }] = db.query<{ n: number }>(
        `SELECT count(*) AS n FROM event JOIN span ON span.id = span_id
        WHERE span.type = 'parsl.rundir.try'
          AND event.type IN ('fail_retryable', 'failed')`,
      ) as [{ n: number }];
      assert.equal(shown, n);
      assert.equal(await inView(page), n);
      assert.equal(await countIn(page, "#durations"), n);
      await tab.goBack();

      const bar = tab.locator("#durations rect.choice").last();
      const title = (await bar.locator("title").textContent())!;
      const [, number, app] = /^(\d+) attempts?, (.+): /.exec(title)!;
      await bar.click();
      assert.equal(await inView(page), Number(number));
      const { longer } = Object.fromEntries(
        new URLSearchParams(new URL(tab.url()).hash.slice(1)),
      );
      const isOfApp = /other apps/.test(app!) ? "1" : `app = '${app}'`;
      assert.equal(
        countWork(db, `"end" - start >= ${longer} AND ${isOfApp}`),
        Number(number),
      );
      assert.deepEqual(page.errors, []);
    }),
);

Deno.test(
  "report(): a search highlights tasks, apps, hosts and workers, and steps through them",
  inBrowser,
  () =>
    onReport(tzLogs.path, async (page, db) => {
      const { page: tab } = page;
      const hits = async (text: string) => {
        await tab.fill("#search", text);
        await tab.waitForTimeout(300);
        return Number((await canvasData(page)).hits);
      };
      const [{ n }] = db.query<{ n: number }>(
        `SELECT count(*) AS n FROM span WHERE type = 'parsl.rundir.task'
        AND attributes ->> 'app' = 'dfk_wait_all'`,
      ) as [{ n: number }];
      assert.equal(await hits("dfk_wait_all"), n);
      assert.equal(
        await hits("worker 1"),
        countWork(db, "worker = '1'"),
      );
      assert.equal(await hits("sleeper"), countWork(db, "app = 'sleeper'"));
      assert.equal(await hits("task 7"), countWork(db, "task = '7'"));
      await tab.getByTitle("The next hit").click();
      await canvasData(page);
      assert.match(tab.url(), /thing=try%3A000%3A7\.0/);
      assert.match((await tab.textContent("#hits"))!, /^1 of \d+ hits?$/);
      assert.deepEqual(page.errors, []);
    }),
);

Deno.test(
  "report(): the tip of a bar names its task, and a click opens it",
  inBrowser,
  () =>
    onReport(tzLogs.path, async (page, db) => {
      const { page: tab } = page;
      await tab.locator("#stream canvas").scrollIntoViewIfNeeded();
      const [longest] = db.query<
        { task: string; app: string; start: number; end: number }
      >(`SELECT * FROM ${work} ORDER BY "end" - start DESC LIMIT 1`);
      const [from, until] = await windowOf(page);
      const canvas = (await tab.locator("#stream canvas").boundingBox())!;
      const share = ((longest!.start + longest!.end) / 2 - from) /
        (until - from);
      const left = 104;
      const x = canvas.x + left + share * (canvas.width - left);
      let text = "";
      // It is on one of two workers.
      for (let y = 50; y < 140 && !text.includes(longest!.app); y += 6) {
        await tab.mouse.move(x, canvas.y + y);
        text = await tab.locator(".tip").isVisible()
          ? (await tab.textContent(".tip"))!
          : "";
        if (!text.startsWith(`task ${longest!.task},`)) text = "";
        else await tab.mouse.click(x, canvas.y + y);
      }
      assert.ok(text.startsWith(`task ${longest!.task}, ${longest!.app}, try`));
      assert.match(text, /s, done/);
      await canvasData(page);
      assert.match(tab.url(), new RegExp(`thing=try%3A000%3A${longest!.task}`));
      assert.deepEqual(page.errors, []);
    }),
);

Deno.test(
  "report(): runs lie side by side, one alone, or over each other from their starts",
  inBrowser,
  () =>
    onReport(manyManagers, async (page, db) => {
      const { page: tab } = page;
      const ofRun = (run: string) => countWork(db, `rundir LIKE '%/${run}'`);
      const all = ofRun("000") + ofRun("001");
      assert.equal(await inView(page), all);
      await tab.selectOption("#compare", "001");
      assert.equal(await inView(page), all);
      const [from, until] = await windowOf(page);
      const [longest] = db.query<{ seconds: number }>(
        "SELECT max(ended - began) AS seconds FROM run",
      );
      // The runs began minutes after each other.
      assert.ok(until - from < longest!.seconds + 5);
      assert.equal(await tab.locator("#overview path").count() >= 2, true);
      await tab.locator("#runs a", { hasText: "001" }).click();
      assert.equal(await inView(page), ofRun("001"));
      assert.deepEqual(page.errors, []);
    }),
);

Deno.test(
  "report(): a text that only lines have marks their attempts in the stream",
  inBrowser,
  () =>
    onReport(tzLogs.path, async (page) => {
      const { page: tab } = page;
      await tab.fill("#search", "ValueError");
      await tab.waitForTimeout(600);
      const { hits } = await canvasData(page);
      // In monitoring.db, SELECT count(*) FROM try WHERE task_fail_history LIKE
      // '%ValueError%': three tries of task 41, and one of task 42, which waited
      // for it. In parsl.log, the word is in the traceback below "Task 41".
      assert.equal(hits, "4");
      assert.match((await tab.textContent("#hits"))!, /hits by a line$/);
      assert.deepEqual(page.errors, []);
    }),
);
