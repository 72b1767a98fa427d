import assert from "node:assert/strict";
import { tzLogs } from "../importers/logs.ts";
import { inBrowser } from "../tools/needs.ts";
import { onReport } from "./open_report.ts";
import {
  countIn,
  countWork,
  inView,
  overlapping,
  pointAt,
  windowOf,
} from "./stream_page.ts";

Deno.test(
  "report(): the wheel zooms at the pointer, Back returns, a double click shows all",
  inBrowser,
  () =>
    onReport(tzLogs.path, async (page, db) => {
      const { page: tab } = page;
      const whole = await windowOf(page);
      await tab.locator("#stream canvas").scrollIntoViewIfNeeded();
      const { x, y } = await pointAt(page, 0.6, 0.5);
      await tab.mouse.move(x, y);
      for (let i = 0; i < 3; i++) await tab.mouse.wheel(0, -240);
      const zoomed = await windowOf(page);
      assert.ok(zoomed[1] - zoomed[0] < 0.8 * (whole[1] - whole[0]));
      assert.ok(zoomed[0] > whole[0] && zoomed[1] < whole[1]);
      const expected = countWork(db, overlapping(zoomed));
      assert.ok(expected < 63);
      assert.equal(await inView(page), expected);
      assert.equal(await countIn(page, "#durations"), expected);
      assert.match(tab.url(), /from=\d+\.\d+&until=/);

      // A drag moves the window, and not its width.
      await tab.mouse.down();
      await tab.mouse.move(x - 60, y, { steps: 4 });
      await tab.mouse.up();
      const moved = await windowOf(page);
      assert.ok(moved[0] > zoomed[0]);
      assert.ok(
        Math.abs(moved[1] - moved[0] - (zoomed[1] - zoomed[0])) < 1e-4,
      );
      assert.equal(await inView(page), countWork(db, overlapping(moved)));

      // Each gesture is one entry.
      await tab.goBack();
      assert.deepEqual(await windowOf(page), zoomed);
      await tab.goBack();
      assert.deepEqual(await windowOf(page), whole);
      await tab.goForward();
      await tab.mouse.dblclick(x, y);
      assert.deepEqual(await windowOf(page), whole);
      assert.equal(await inView(page), 63);
      assert.deepEqual(page.errors, []);
    }),
);

Deno.test(
  "report(): a drag with Shift selects a range of time, and so does the overview",
  inBrowser,
  () =>
    onReport(tzLogs.path, async (page, db) => {
      const { page: tab } = page;
      const whole = await windowOf(page);
      await tab.locator("#overview").scrollIntoViewIfNeeded();
      const a = await pointAt(page, 0.4, 0.5);
      const b = await pointAt(page, 0.6, 0.5);
      await tab.keyboard.down("Shift");
      await tab.mouse.move(a.x, a.y);
      await tab.mouse.down();
      await tab.mouse.move(b.x, b.y, { steps: 4 });
      await tab.mouse.up();
      await tab.keyboard.up("Shift");
      const selected = await windowOf(page);
      assert.ok(selected[1] - selected[0] < 0.3 * (whole[1] - whole[0]));
      assert.equal(await inView(page), countWork(db, overlapping(selected)));
      await page.page.goBack();
      assert.deepEqual(await windowOf(page), whole);

      const strip = (await tab.locator("#overview svg").boundingBox())!;
      await tab.mouse.move(strip.x + 0.5 * strip.width, strip.y + 20);
      await tab.mouse.down();
      await tab.mouse.move(strip.x + 0.7 * strip.width, strip.y + 20, {
        steps: 4,
      });
      await tab.mouse.up();
      const brushed = await windowOf(page);
      assert.ok(brushed[1] - brushed[0] < 0.3 * (whole[1] - whole[0]));
      assert.equal(await inView(page), countWork(db, overlapping(brushed)));
      assert.deepEqual(page.errors, []);
    }),
);

Deno.test(
  "report(): a drag in a chart beside the stream selects its range of time",
  inBrowser,
  () =>
    onReport(tzLogs.path, async (page, db) => {
      const { page: tab } = page;
      const whole = await windowOf(page);
      const chart = tab.locator("#states svg");
      await chart.scrollIntoViewIfNeeded();
      const { x, y, width } = (await chart.boundingBox())!;
      await tab.mouse.move(x + 0.3 * width, y + 60);
      await tab.mouse.down();
      await tab.mouse.move(x + 0.6 * width, y + 60, { steps: 4 });
      await tab.mouse.up();
      const selected = await windowOf(page);
      const share = (selected[1] - selected[0]) / (whole[1] - whole[0]);
      assert.ok(share > 0.2 && share < 0.5, `${share}`);
      assert.equal(await inView(page), countWork(db, overlapping(selected)));
      await tab.goBack();
      assert.deepEqual(await windowOf(page), whole);
      assert.deepEqual(page.errors, []);
    }),
);

Deno.test(
  "report(): a window of another report is the whole time",
  inBrowser,
  () =>
    onReport(tzLogs.path, async (page) => {
      const whole = await windowOf(page);
      await page.page.evaluate(() =>
        // deno-lint-ignore no-explicit-any
        void ((globalThis as any).location.hash = "from=1&until=2")
      );
      assert.deepEqual(await windowOf(page), whole);
      assert.equal(await inView(page), 63);
      assert.deepEqual(page.errors, []);
    }),
);
