import assert from "node:assert/strict";
import type { OpenPage } from "../../tools/browser.ts";
import { tzLogs } from "../importers/logs.ts";
import { inBrowser } from "../tools/needs.ts";
import { onReport } from "./open_report.ts";

/** The window of time that the canvas shows, once the gesture has ended. */
async function windowOf({ page }: OpenPage): Promise<[number, number]> {
  await page.waitForTimeout(800);
  const canvas = page.locator("#stream canvas");
  return [
    Number(await canvas.getAttribute("data-from")),
    Number(await canvas.getAttribute("data-until")),
  ];
}

const width = ([from, until]: [number, number]) => until - from;

const isNear = (a: number, b: number, unit: number) =>
  assert.ok(Math.abs(a - b) < 0.001 * unit, `${a} ${b}`);

Deno.test(
  "report(): w a s d and arrows move the stream, and Back takes them back",
  inBrowser,
  () =>
    onReport(tzLogs.path, async (page) => {
      const { keyboard } = page.page;
      const whole = await windowOf(page);
      for (const _ of "www") await keyboard.press("w");
      const zoomed = await windowOf(page);
      isNear(width(zoomed), width(whole) / 1.5 ** 3, width(whole));
      assert.match(page.page.url(), /#from=\d+\.\d+&until=\d+\.\d+$/);
      await keyboard.press("d");
      const later = await windowOf(page);
      isNear(width(later), width(zoomed), width(whole));
      isNear(later[0], zoomed[0] + 0.2 * width(zoomed), width(whole));
      await keyboard.press("ArrowLeft");
      isNear((await windowOf(page))[0], zoomed[0], width(whole));
      await keyboard.press("s");
      isNear(width(await windowOf(page)), width(zoomed) * 1.5, width(whole));
      // Three keys are one step.
      for (const expected of [zoomed, later, zoomed, whole]) {
        await page.page.goBack();
        const [from] = await windowOf(page);
        isNear(from, expected[0], width(whole));
      }
      await keyboard.press("w");
      await keyboard.press("0");
      isNear(width(await windowOf(page)), width(whole), width(whole));
      assert.deepEqual(page.errors, []);
    }),
);

Deno.test(
  "report(): / searches, ? helps, and Escape closes one thing after the other",
  inBrowser,
  () =>
    onReport(`${tzLogs.path}`, async (page) => {
      const { page: tab } = page;
      const hash = () => new URL(tab.url()).hash;
      await tab.keyboard.press("?");
      assert.ok(await tab.locator("#help").isVisible());
      // Keys belong to the help now.
      await tab.keyboard.press("w");
      await tab.keyboard.press("Escape");
      assert.ok(!await tab.locator("#help").isVisible());
      await tab.locator("#help-button").click();
      await tab.locator("#help button").click();
      assert.equal(hash(), "");
      await tab.keyboard.press("/");
      await tab.keyboard.type("bottom");
      await tab.waitForURL(/search=bottom/);
      // Letters go to the field.
      assert.equal(hash(), "#search=bottom");
      await tab.keyboard.press("Escape");
      await tab.locator("#stream .legend a", { hasText: "bottom" }).click();
      await tab.locator("#answers a:visible").first().click();
      assert.match(hash(), /^#run=000&.*thing=task%3A000%3A\d+/);
      await tab.evaluate(() => {
        // deno-lint-ignore no-explicit-any
        (globalThis as any).location.hash =
          "#run=000&app=bottom&search=bottom&thing=task%3A000%3A3";
      });
      for (
        const left of [
          "#run=000&app=bottom&search=bottom",
          "#run=000&app=bottom",
          "#run=000",
        ]
      ) {
        await tab.keyboard.press("Escape");
        await tab.waitForFunction(
          // deno-lint-ignore no-explicit-any
          (left) => (globalThis as any).location.hash === left,
          left,
        );
      }
      assert.deepEqual(page.errors, []);
    }),
);

Deno.test(
  "report(): Tab leads from the search to the stream, and all has a name",
  inBrowser,
  () =>
    onReport(tzLogs.path, async ({ page }) => {
      const reached: string[] = [];
      for (let i = 0; i < 60; i++) {
        await page.keyboard.press("Tab");
        reached.push(
          await page.evaluate(() => {
            // deno-lint-ignore no-explicit-any
            const { document } = globalThis as any;
            const { activeElement: at } = document;
            const name = at.getAttribute("aria-label") ?? at.textContent;
            return [
              at.id || at.localName,
              at.closest("section")?.id,
              name.trim() && "named",
            ].join(" ");
          }),
        );
      }
      const places = reached.map((text) => text.split(" ")[1] ?? "");
      assert.match(reached[0]!, /^search .*named$/);
      assert.ok(reached.some((text) => /^canvas stream named/.test(text)));
      assert.ok(places.indexOf("stream") < places.indexOf("log"));
      assert.deepEqual(
        reached.filter((text) => !text.endsWith("named") && text !== "body "),
        [],
      );
    }),
);
