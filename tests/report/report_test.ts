import { createSchema, openDatabase } from "dnpc/sql";
import { importRuninfo } from "dnpc/importers";
import { explore, report } from "dnpc/report";
import assert from "node:assert/strict";
import { larger, tzLogs, wqLogs } from "../importers/logs.ts";
import {
  click,
  countEvents,
  countShown,
  onReport,
  untilSays,
  untilShown,
} from "./open_report.ts";
import { inBrowser } from "../tools/needs.ts";

for (const { name, path } of [tzLogs, wqLogs]) {
  Deno.test(
    `report() shows each event and line once [${name}]`,
    inBrowser,
    () =>
      onReport(path, async (page, db) => {
        assert.equal(await countShown(page), countEvents(db, "1"));
        assert.equal(await page.page.locator(".charts img").count(), 1);
        const areDrawn = await page.evaluate(() =>
          // deno-lint-ignore no-explicit-any
          [...(globalThis as any).document.images]
            .every(({ naturalWidth }) => naturalWidth > 100)
        );
        assert.ok(areDrawn);
        assert.deepEqual(page.errors, []);
      }),
  );
}

Deno.test(
  "report() filters by text, event and component",
  inBrowser,
  () =>
    onReport(wqLogs.path, async (page, db) => {
      const { page: tab } = page;
      const text = "Standard OUT for task 1";
      const lines = Deno.readTextFileSync(`${wqLogs.path}/000/parsl.log`)
        .split("\n").filter((line) =>
          line.toLowerCase().includes(text.toLowerCase())
        );
      await tab.fill("#search", text);
      await untilSays(page, `${lines.length} of `);
      await tab.fill("#search", "no such text");
      await untilSays(page, "0 of ");
      await click(page, "#clear");
      await tab.selectOption("#event", "RETRIEVED");
      await untilShown(tab);
      assert.equal(
        await countShown(page),
        countEvents(db, "event.type = 'RETRIEVED'"),
      );
      await tab.selectOption("#component", "parsl.rundir");
      await untilShown(tab);
      assert.equal(await countShown(page), 0);
      assert.deepEqual(page.errors, []);
    }),
);

Deno.test(
  "report() scrolls to the last line, and a click shows a whole message",
  inBrowser,
  () =>
    onReport(wqLogs.path, async (page, db) => {
      await page.page.locator("#scroller").evaluate((frame) => {
        // deno-lint-ignore no-explicit-any
        (frame as any).scrollTop = 1e9;
      });
      const [last] = db.query<{ time: number }>(
        "SELECT max(time) AS time FROM event",
      );
      const row = page.page.locator("#window .row").last();
      const second = new Date(last!.time * 1000).toISOString().slice(11, 19);
      await page.page.waitForFunction((second) =>
        // deno-lint-ignore no-explicit-any
        (globalThis as any).document.querySelector("#window .row:last-child")
          .textContent.includes(second), second);
      // Only the visible rows are in the DOM.
      assert.ok(await page.page.locator("#window .row").count() < 40);
      await row.locator(".message").click();
      const message = await row.locator(".message").textContent();
      const details = await page.page.textContent("#line pre");
      assert.equal(
        details?.replace(/\s+/g, ""),
        message?.replace(/\s+/g, ""),
      );
    }),
);

Deno.test("report() shows log content as plain text", inBrowser, async () => {
  const folder = await Deno.makeTempDir();
  const evil = "<img src=x onerror=document.title='hacked'>";
  const end = "</script><script>document.title='hacked'</script><!--";
  try {
    const log = Deno.readTextFileSync(`${tzLogs.path}/000/parsl.log`)
      .replaceAll("App bottom", `App ${evil}`)
      .replaceAll("App top", `App ${end}`)
      .replaceAll("will be sent to executor", `${evil}${end}`);
    await Deno.mkdir(`${folder}/runinfo/000`, { recursive: true });
    await Deno.writeTextFile(`${folder}/runinfo/000/parsl.log`, log);
    await onReport(`${folder}/runinfo`, async (page, db) => {
      assert.equal(await page.page.title(), end);
      assert.equal(await page.page.locator('img[src="x"]').count(), 0);
      assert.equal(await page.page.locator("script").count(), 4);
      assert.equal(await countShown(page), countEvents(db, "1"));
      await page.page.fill("#search", "onerror=document");
      await untilSays(page, " of ");
      await page.page.locator("#window .message", { hasText: evil }).first()
        .click();
      assert.ok((await page.page.textContent("#line"))!.includes(evil));
      assert.equal(await page.page.title(), end);
      assert.deepEqual(page.errors, []);
    }, { title: end });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("report() of one run excludes the other", {
  ignore: inBrowser.ignore || larger("multi-htex").ignore,
}, () =>
  onReport(larger("multi-htex").path, async (page, db) => {
    assert.equal(
      await countShown(page),
      countEvents(
        db,
        `span.attributes ->> 'run' = (SELECT attributes ->> 'run' FROM span
        WHERE type = 'parsl.rundir.workflow'
          AND attributes ->> 'rundir' LIKE '%/001')`,
      ),
    );
  }, { run: "001" }));

Deno.test(
  "report() is readable in dark mode",
  inBrowser,
  () =>
    onReport(wqLogs.path, async (page) => {
      const [paper, ink] = await page.evaluate(() => {
        // deno-lint-ignore no-explicit-any
        const { document, getComputedStyle } = globalThis as any;
        const { backgroundColor, color } = getComputedStyle(document.body);
        const sum = (text: string) =>
          text.match(/\d+/g)!.reduce((sum, part) => sum + Number(part), 0);
        return [sum(backgroundColor), sum(color)];
      });
      assert.ok(paper! < 120 && ink! > 600, `${ink} on ${paper}`);
    }, { colorScheme: "dark" }),
);

Deno.test("report() drops lines before named events, and counts them", async () => {
  using db = await openDatabase();
  await importRuninfo(db, tzLogs.path);
  const html = report(db, { maxEvents: 100 });
  const { n } = db.query<{ n: number }>("SELECT count(*) AS n FROM event")[0]!;
  assert.match(html, new RegExp(`"rows":100,"leftOut":${n - 100}\\b`));
});

Deno.test("report() of an empty database is a page, of another program's an error", async () => {
  using db = await openDatabase();
  assert.throws(() => report(db), /nothing was imported into it yet/);
  createSchema(db);
  assert.match(report(db), /<title>No runs<\/title>/);
  assert.throws(() => report(db, { run: "000" }), /no run "000"/);
  assert.throws(() => report(db, { maxEvents: -1 }), RangeError);
  assert.throws(
    () => report(db, { titel: "Tuesday" } as object),
    /report\(\) has no option "titel"\. Did you mean title\?/,
  );
  assert.throws(() => explore(db, { height: 0 }), /height must be above 0/);
});
