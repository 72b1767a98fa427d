import { type Database, sql } from "dnpc/sql";
import { story, taskDependencies } from "dnpc/questions";
import assert from "node:assert/strict";
import { listingText } from "../../display/text/listing.ts";
import { optionsOf } from "../../display/text/rows.ts";
import {
  larger,
  type LogSet,
  managerLogs,
  tzLogs,
  wqLogs,
} from "../importers/logs.ts";
import type { OpenPage } from "../../tools/browser.ts";
import { inBrowser } from "../tools/needs.ts";
import {
  click,
  countEvents,
  countShown,
  onReport,
  untilShown,
} from "./open_report.ts";

/** Opens the story of a thing, as a link that somebody was sent does. */
async function openThing({ page }: OpenPage, thing: string): Promise<void> {
  await page.evaluate((thing) => {
    // deno-lint-ignore no-explicit-any
    (globalThis as any).location.hash = `#thing=${thing}`;
  }, encodeURIComponent(thing));
  await page.waitForSelector(`#details[data-thing="${thing}"]`, {
    timeout: 10_000,
  });
}

/** The texts of the stories on the page, without their links, in one piece. */
const storyTexts = ({ page }: OpenPage): Promise<string> =>
  page.evaluate(() => {
    // deno-lint-ignore no-explicit-any
    const { document } = globalThis as any;
    const parts: string[] = [];
    for (
      const part of document.querySelectorAll(
        "#details h2, #details .outcome, #details .story li",
      )
    ) {
      const copy = part.cloneNode(true);
      // The summary of folded lines is of the page alone.
      for (const more of copy.querySelectorAll("summary")) more.remove();
      parts.push(copy.textContent);
    }
    return parts.join("");
  });

/** The text that story() prints in a terminal. */
function printed(db: Database, what: Record<string, string>): string {
  const events = story(db, what);
  const { listing } = optionsOf(events)!;
  return listingText(listing!(events as never[], 500)!, 10_000)
    .replace("; slice() and filter() show them", ": the log below shows them");
}

const withoutSpaces = (text: string) => text.replace(/\s+/g, "");

const things: [LogSet, string, Record<string, string>][] = [
  [tzLogs, "task:000:3", { run: "000", task: "3" }],
  // It always fails: grep "always fails" parsl.log
  [tzLogs, "task:000:48", { run: "000", task: "48" }],
  [tzLogs, "try:000:37.1", { run: "000", task: "37", try: "1" }],
  [tzLogs, "block:000:htex_Local.0", {
    run: "000",
    executor: "htex_Local",
    block: "0",
  }],
  [wqLogs, "task:000:1", { run: "000", task: "1" }],
  // A queue's own log: grep "TASK 594 " tests/fixtures/taskvine/lnni
  [managerLogs, "executor_task:lnni:lnni.594", {
    executor: "lnni",
    taskvine_task: "594",
  }],
  [larger("mon-htex"), "task:001:79", { run: "001", task: "79" }],
  [larger("htex-head"), "task:000:100", { run: "000", task: "100" }],
];

for (const [{ name, path, ignore }, thing, what] of things) {
  Deno.test(
    `report() tells the story of ${thing} as a terminal does [${name}]`,
    {
      ignore: inBrowser.ignore || ignore,
    },
    () =>
      onReport(path, async (page, db) => {
        await openThing(page, thing);
        assert.equal(
          withoutSpaces(await storyTexts(page)),
          withoutSpaces(printed(db, what)),
        );
        assert.deepEqual(page.errors, []);
      }),
  );
}

Deno.test(
  "report(): a link in a line opens the story of its task, and Back closes it",
  inBrowser,
  () =>
    onReport(tzLogs.path, async (page, db) => {
      const all = await countShown(page);
      await click(page, '#window a[title="task 0"]');
      assert.match((await page.page.textContent("#details h2"))!, /task 0\b/);
      // Nothing else changes.
      assert.equal(await countShown(page), all);
      const spans = db.query(`SELECT 1 FROM span
      WHERE attributes ->> 'task' = '0'`).length;
      assert.equal(
        await page.page.textContent("#details h3"),
        `${spans} spans`,
      );
      await page.page.goBack();
      await untilShown(page.page);
      assert.equal(await page.page.locator("#details h2").count(), 0);
      assert.deepEqual(page.errors, []);
    }),
);

Deno.test(
  "report(): links of a story filter all lines by what it has to do with",
  inBrowser,
  () =>
    onReport(tzLogs.path, async (page, db) => {
      const ofTask = "span.attributes ->> 'task' = '0'";
      const filters: [link: string, condition: string][] = [
        ["task 0", ofTask],
        [
          "same worker",
          `span.attributes ->> 'worker' = (SELECT attributes ->> 'worker'
          FROM span WHERE type LIKE '%.worker.task' AND
            attributes ->> 'task' = '0')`,
        ],
        ...["block", "manager", "executor"].map((kind): [string, string] => {
          const value = (span: string) => `${span}.attributes ->> '${kind}'`;
          const is = `(SELECT max(${value("s")}) FROM span AS s
          WHERE s.attributes ->> 'task' = '0')`;
          // Linked spans share their identity.
          return [
            `same ${kind}`,
            `${value("span")} = ${is} OR EXISTS (SELECT 1
            FROM facet JOIN span AS other ON other.id IN (left_id, right_id)
            WHERE span.id IN (left_id, right_id) AND ${
              value("other")
            } = ${is})`,
          ];
        }),
      ];
      for (const [link, condition] of filters) {
        await openThing(page, "task:000:0");
        await page.page.locator("#details a.filter", { hasText: link }).first()
          .click();
        await untilShown(page.page);
        assert.equal(await countShown(page), countEvents(db, condition), link);
        // The story stays open.
        assert.match((await page.page.textContent("#details h2"))!, /task 0\b/);
      }
    }),
);

Deno.test(
  "report() links a task to those that it waited for, and to those that waited for it",
  inBrowser,
  () =>
    onReport(tzLogs.path, async (page, db) => {
      const edges = db.query<{ task: string; depends_on: string }>(
        sql`SELECT DISTINCT task, depends_on FROM (${taskDependencies()})`,
      );
      const linked = async (name: string) => {
        const row = page.page.locator("#details dt", { hasText: name })
          .locator("+ dd a");
        return (await row.allTextContents()).map((text) => text.slice(5))
          .sort();
      };
      // Task 3 is the bottom of a diamond, task 0 its top.
      const of = (from: "task" | "depends_on", task: string) =>
        edges.filter((edge) => edge[from] === task)
          .map((edge) => edge[from === "task" ? "depends_on" : "task"]).sort();
      await openThing(page, "task:000:3");
      assert.deepEqual(await linked("Waited for"), of("task", "3"));
      assert.deepEqual(of("task", "3"), ["1", "2"]);
      await click(page, '#details dd a[href*="task%3A000%3A1"]');
      assert.match((await page.page.textContent("#details h2"))!, /task 1\b/);
      assert.deepEqual(await linked("Waited for by"), of("depends_on", "1"));
      await page.page.goBack();
      await untilShown(page.page);
      assert.match((await page.page.textContent("#details h2"))!, /task 3\b/);
    }),
);

Deno.test(
  "report() names the task because of which another one failed",
  inBrowser,
  () =>
    onReport(tzLogs.path, async (page, db) => {
      const [failed] = db.query<{ task: string; depends_on: string }>(sql`
      SELECT task, depends_on FROM (${taskDependencies()}) AS edge
      WHERE EXISTS (SELECT 1 FROM event JOIN span ON span.id = span_id
        WHERE event.type = 'dep_fail' AND span.attributes ->> 'task' = edge.task)`);
      await openThing(page, `task:000:${failed!.task}`);
      assert.match(
        (await page.page.textContent("#details .outcome.alarming"))!,
        /because another task did/,
      );
      assert.equal(
        await page.page.locator("#details dt", { hasText: "Failed because of" })
          .locator("+ dd a").textContent(),
        `task ${failed!.depends_on}`,
      );
    }),
);

Deno.test(
  "report(): an entry of a story leads to its line in the log, and the line back",
  inBrowser,
  () =>
    onReport(tzLogs.path, async (page) => {
      await openThing(page, "task:000:3");
      const entry = page.page.locator("#details .story li", {
        hasText: "submitted for App bottom",
      });
      const place = (await entry.locator(".place").textContent())!;
      await entry.locator(".place").click();
      await untilShown(page.page);
      const open = page.page.locator("#window .row.open");
      assert.ok((await open.locator(".where").textContent())!.endsWith(place));
      // grep -n "Task 3 submitted" tests/fixtures/tz/runinfo/000/parsl.log
      assert.match(
        (await page.page.textContent("#line pre"))!,
        /^Task 3 submitted for App bottom, waiting on task 1, task 2$/,
      );
      await page.page.locator('#line a[title="task 3"]').first().click();
      await untilShown(page.page);
      assert.match((await page.page.textContent("#details h2"))!, /task 3\b/);
      await page.page.goBack();
    }),
);

Deno.test(
  "report() invites to read stories of failed tasks",
  inBrowser,
  () =>
    onReport(tzLogs.path, async (page) => {
      const link = page.page.locator("#details .examples li", {
        hasText: "failed: ValueError",
      });
      await link.locator("a").click();
      await untilShown(page.page);
      // grep -A20 "failed after 2 retry attempts" parsl.log
      assert.match(
        (await page.page.textContent("#details .outcome.alarming"))!,
        /Failed after .*ValueError: task \d+ always fails$/,
      );
      await page.page.locator("#details .story summary").first().click();
      assert.match(
        (await page.page.locator("#details .story pre").first().textContent())!,
        /^Traceback \(most recent call last\):/,
      );
    }),
);

Deno.test(
  "report(): a story that is opened is scrolled to, from the summary and elsewhere",
  inBrowser,
  () =>
    onReport(tzLogs.path, async (page) => {
      const { page: tab } = page;
      const topOf = async () => {
        await tab.waitForTimeout(900);
        return (await tab.locator("#details").boundingBox())!.y;
      };
      await tab.locator("#answers a").first().click();
      const { height } = tab.viewportSize()!;
      const top = await topOf();
      assert.ok(top >= 0 && top < 0.6 * height, String(top));
      await tab.keyboard.press("Escape");
      await tab.evaluate("scrollTo(0, 0)");
      await openThing(page, "task:000:7");
      const room = height - await topOf();
      assert.ok(room >= 230, String(room));
      assert.deepEqual(page.errors, []);
    }),
);
