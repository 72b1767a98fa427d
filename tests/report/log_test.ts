import type { Database } from "dnpc/sql";
import assert from "node:assert/strict";
import { larger, tzLogs, wqLogs } from "../importers/logs.ts";
import type { OpenPage } from "../../tools/browser.ts";
import { inBrowser } from "../tools/needs.ts";
import {
  countEvents,
  countShown,
  onReport,
  untilShown,
} from "./open_report.ts";

/** Shows a state, as a link that somebody was sent does. */
async function showState(
  { page }: OpenPage,
  state: Record<string, string>,
): Promise<void> {
  const hash = `#${new URLSearchParams(state)}`;
  await page.evaluate((hash) => {
    // deno-lint-ignore no-explicit-any
    (globalThis as any).location.hash = hash;
  }, hash);
  await page.waitForFunction(
    (names) => {
      // deno-lint-ignore no-explicit-any
      const { document } = globalThis as any;
      const { shown = "" } = document.documentElement.dataset;
      const state = new URLSearchParams(shown.slice(1));
      return names.every((name) => state.has(name));
    },
    Object.keys(state),
    { timeout: 10_000 },
  );
}

/** The number of lines of logs of a writer, and rows of its database. */
const countOfOrigin = (db: Database, column: string, value: string): number =>
  countEvents(
    db,
    `origin_id IN (SELECT id FROM origin WHERE ${column} = '${value}')`,
  );

Deno.test(
  "report() filters lines by level, process and thread",
  inBrowser,
  () =>
    onReport(tzLogs.path, async (page, db) => {
      for (const name of ["level", "process", "thread"]) {
        const [{ value }] = db.query<{ value: string }>(
          `SELECT ${name} AS value FROM origin JOIN event ON origin_id = origin.id
        GROUP BY value HAVING value IS NOT NULL ORDER BY count(*) DESC LIMIT 1
        OFFSET 1`,
        ) as [{ value: string }];
        await page.page.selectOption(`#log #${name}`, value);
        await untilShown(page.page);
        const expected = countOfOrigin(db, name, value);
        assert.ok(expected > 0, name);
        assert.equal(await countShown(page), expected, `${name} ${value}`);
        await page.page.goBack();
        await untilShown(page.page);
      }
      await showState(page, { level: "ERROR", file: "runinfo/000/parsl.log" });
      // grep -c " ERROR: " tests/fixtures/tz/runinfo/000/parsl.log
      const lines = Deno.readTextFileSync(`${tzLogs.path}/000/parsl.log`)
        .match(/^\d[^\n]* ERROR: /gm)!.length;
      const shown = await page.page.locator("#window .level").allTextContents();
      assert.ok(shown.every((level) => level === "ERROR"));
      const numbers = new Set(
        await page.page.locator("#window .where").allTextContents(),
      );
      assert.equal(numbers.size, lines);
      assert.equal(lines, 2);
      assert.deepEqual(page.errors, []);
    }),
);

Deno.test(
  "report() filters lines by a window of time, an app and an outcome",
  inBrowser,
  () =>
    onReport(tzLogs.path, async (page, db) => {
      const [{ first, last }] = db.query<{ first: number; last: number }>(
        "SELECT min(time) AS first, max(time) AS last FROM event",
      ) as [{ first: number; last: number }];
      const [from, until] = [0.3, 0.6].map((share) =>
        (first + share * (last - first)).toFixed(3)
      ) as [string, string];
      await showState(page, { from, until });
      assert.equal(
        await countShown(page),
        countEvents(db, `event.time BETWEEN ${from} AND ${until}`),
      );
      await showState(page, { app: "bottom" });
      assert.equal(
        await countShown(page),
        countEvents(
          db,
          `span.attributes ->> 'task' IN (SELECT attributes ->> 'task' FROM span
          WHERE attributes ->> 'app' = 'bottom')`,
        ),
      );
      await showState(page, { outcome: "failed" });
      const shown = await countShown(page);
      assert.ok(shown > 0 && shown < countEvents(db, "1") / 2, `${shown}`);
    }),
);

Deno.test(
  "report() shows the lines of one file in their order, and how many it holds",
  inBrowser,
  () =>
    onReport(tzLogs.path, async (page, db) => {
      const file = "runinfo/000/parsl.log";
      await showState(page, { file, order: "file" });
      const isOfFile = `event.source_id = (SELECT id FROM source
      WHERE path LIKE '%/${file}')`;
      assert.equal(await countShown(page), countEvents(db, isOfFile));
      const places = await page.page.locator("#window .where")
        .allTextContents();
      const numbers = places.map((place) => Number(place.split(":")[1]));
      const expected = db.query<{ line: number }>(
        `SELECT line FROM event WHERE ${isOfFile}
      GROUP BY line, type, time ORDER BY line LIMIT ${numbers.length}`,
      ).map(({ line }) => line);
      assert.deepEqual(numbers, expected);
      const [{ held, lines, continued }] = db.query<Record<string, number>>(
        `SELECT count(DISTINCT line) AS held, lines, continued
      FROM event JOIN source ON source.id = source_id WHERE ${isOfFile}`,
      ) as [Record<string, number>];
      const text = (await page.page.textContent("#held"))!;
      const counts = text.match(/[\d,]{2,}/g)!.map((it) =>
        Number(it.replaceAll(",", ""))
      );
      assert.deepEqual(
        counts.filter((it) => it !== 0),
        [held, lines, 0, continued, lines! - held! - continued!]
          .filter((it) => it !== 0),
      );
    }),
);

Deno.test(
  "report() unfolds the lines that continue one, and the address holds the line",
  inBrowser,
  () =>
    onReport(tzLogs.path, async (page, db) => {
      const [{ line, more }] = db.query<{ line: number; more: string }>(
        `SELECT line, event.attributes ->> 'more' AS more FROM event
        JOIN source ON source.id = source_id
      WHERE path LIKE '%/parsl.log' AND more LIKE 'Traceback%' LIMIT 1`,
      ) as [{ line: number; more: string }];
      await showState(page, { line: `runinfo/000/parsl.log:${line}` });
      const open = page.page.locator("#window .row.open");
      assert.ok(
        (await open.locator(".where").textContent())!.endsWith(`:${line}`),
      );
      const shown = (await page.page.textContent("#line pre"))!;
      assert.ok(shown.endsWith(more.trimEnd()), shown);
      await open.locator(".message").click();
      await untilShown(page.page);
      assert.equal(await page.page.locator("#line pre").count(), 0);
      await page.page.goBack();
      await untilShown(page.page);
      assert.equal(await page.page.locator("#line pre").count(), 1);
    }),
);

Deno.test(
  "report(): arrows go from line to line",
  inBrowser,
  () =>
    onReport(tzLogs.path, async ({ page }, db) => {
      await page.locator("#scroller").focus();
      // In the order of time, several events of a line included.
      const events = db.query<{ path: string; line: number }>(
        `SELECT path, line FROM event JOIN source ON source.id = source_id
      GROUP BY source_id, "offset", line, type, time
      ORDER BY time IS NULL, time, min(event.id) LIMIT 6`,
      );
      for (const { path, line } of events) {
        await page.keyboard.press("ArrowDown");
        await untilShown(page);
        const place = await page.textContent("#window .row.open .where");
        assert.equal(place, `${path.split("/").at(-1)}:${line}`);
      }
      assert.equal(await page.locator("#window .row.open").count(), 1);
    }),
);

for (
  const { set, text } of [
    { set: wqLogs, text: "Standard OUT for task 1" },
    {
      set: larger("mon-htex"),
      text: "Incorrect stderr format None for Task 7",
    },
  ]
) {
  Deno.test(`report() finds "${text}" in the lines of logs [${set.name}]`, {
    ignore: inBrowser.ignore || set.ignore,
  }, () =>
    onReport(set.path, async (page) => {
      await page.page.fill("#search", text);
      await page.page.waitForFunction(
        (text) => {
          // deno-lint-ignore no-explicit-any
          const { shown = "" } = (globalThis as any).document.documentElement
            .dataset;
          return new URLSearchParams(shown.slice(1)).get("search") === text;
        },
        text,
        { timeout: 10_000 },
      );
      // All lines with these texts are events.
      const found = new TextDecoder().decode(
        new Deno.Command("grep", {
          args: ["-rihc", "--include=*.log", text, set.path],
        }).outputSync().stdout,
      ).split("\n").reduce((sum, count) => sum + Number(count), 0);
      const count = await countShown(page);
      assert.ok(count > 0);
      assert.equal(count, found);
      const rows = page.page.locator("#window .row");
      for (const row of (await rows.allTextContents()).slice(0, 5)) {
        assert.ok(row.toLowerCase().includes(text.toLowerCase()), row);
      }
    }));
}
