import assert from "node:assert/strict";
import { join } from "node:path";
import { importRuninfo } from "dnpc/importers";
import { openDatabase } from "dnpc/sql";
import { chromium, type Page } from "playwright-core";
import { findBrowser } from "../../tools/find_browser.ts";
import { inCheckout } from "../../tools/checkout.ts";
import { executeNotebook } from "../../tools/notebook.ts";
import { writeNotebook } from "../tools/notebooks.ts";
import { startLab } from "./lab.ts";
import { inBrowser } from "../tools/needs.ts";

const name = "notebook.ipynb";
const runinfo = inCheckout("tests/fixtures/tz/runinfo");

// One notebook of charts and the explorer: JupyterLab and its pages load slowly.
Deno.test(
  "JupyterLab shows charts and the explorer in trusted and untrusted notebooks",
  inBrowser,
  async (t) => {
    // Within the checkout, so that the kernel finds dnpc.
    const folder = await Deno.makeTempDir({
      dir: inCheckout("tests", "notebooks"),
    });
    try {
      const path = await writeNotebook(folder, [
        `import { dependencyGraph, twoEvents } from "dnpc/plots";
twoEvents([[0, 1], [1, 4], [2, 3]])`,
        `const chart = await dependencyGraph({
  nodes: [{ task: 1, app: "<b>first" }, { task: 2, app: "second" }],
  edges: [{ from: 1, to: 2 }],
});
chart`,
        `import { explore, importRuninfo, openDatabase } from "dnpc";
const db = await openDatabase();
await importRuninfo(db, ${JSON.stringify(runinfo)});
explore(db, { height: 640 })`,
      ]);
      const output = join(folder, "output");
      // JupyterLab does not trust outputs from another program.
      await executeNotebook(path, { outputFolder: output });
      await t.step("the explorer's cell has a page, a picture and text", () => {
        const { cells } = JSON.parse(
          Deno.readTextFileSync(join(output, name)),
        );
        const { data } = cells[2].outputs.at(-1);
        assert.deepEqual(Object.keys(data).sort(), [
          "image/png",
          "text/html",
          "text/plain",
        ]);
        assert.match([data["text/plain"]].flat().join(""), /^\d+ attempts on /);
        assert.ok([data["text/html"]].flat().join("").length < 3_000_000);
      });
      await using lab = await startLab(output);
      await using browser = await chromium.launch({
        executablePath: findBrowser(),
      });
      const open = async () => {
        // Playwright would choose the color scheme of frames as well.
        const page = await browser.newPage({
          viewport: { width: 1200, height: 900 },
          colorScheme: null,
        });
        await page.goto(`${lab.url}/lab/tree/${name}?token=test`);
        return page;
      };
      await t.step("not trusted: pictures, and nothing else", async () => {
        const page = await open();
        const picture = page.locator(".dnpc-chart > img").first();
        await picture.scrollIntoViewIfNeeded();
        const source = await picture.getAttribute("src");
        assert.match(source!, /^data:image\/png;base64,/);
        const box = await picture.boundingBox();
        assert.ok(box && box.width > 500 && box.height > 300);
        assert.equal(await page.locator(".dnpc-chart svg").count(), 0);
        const explorer = page.locator('img[src^="data:image/png"]').nth(2);
        await explorer.scrollIntoViewIfNeeded();
        assert.ok((await explorer.boundingBox())!.height > 100);
        assert.equal(await page.locator("iframe").count(), 0);
        await page.close();
      });
      await lab.trust(name);
      await lab.setTheme("JupyterLab Light");
      const page = await open();
      const chart = page.locator(".dnpc-chart > svg").first();
      await chart.waitFor();
      await t.step(
        "trusted: charts as SVG, drawn for the width of the cell",
        async () => {
          for (const width of [1600, 700, 1200]) {
            await page.setViewportSize({ width, height: 900 });
            await page.waitForTimeout(500);
            const shown = await chart.evaluate((svg) => {
              // deno-lint-ignore no-explicit-any
              const { viewBox, parentNode } = svg as any;
              return {
                drawn: viewBox.baseVal.width,
                width: svg.getBoundingClientRect().width,
                room: parentNode.getBoundingClientRect().width,
              };
            });
            assert.equal(Math.round(shown.width), Math.round(shown.room));
            const scale = shown.width / shown.drawn;
            assert.ok(scale > 0.7 && scale <= 1.35, JSON.stringify(shown));
          }
        },
      );
      await t.step(
        "trusted: with a tip for the mark under the mouse",
        async () => {
          const tips = page.locator(".dnpc-chart tspan");
          const node = page.locator(".dnpc-chart text", { hasText: "<b>first" })
            .first();
          await node.scrollIntoViewIfNeeded();
          const box = await node.boundingBox();
          assert.equal(await tips.count(), 0);
          await page.mouse.move(box!.x + 5, box!.y + 5);
          assert.deepEqual(await tips.allTextContents(), [
            "<b>first",
            "task 1",
            "unknown",
          ]);
          await page.mouse.move(5, 5);
          assert.equal(await tips.count(), 0);
        },
      );
      await t.step(
        "trusted: the explorer's page alone, which works",
        () => useExplorer(page),
      );
      await t.step("trusted: in the colours of JupyterLab Light", async () => {
        assert.equal(await backgroundOfExplorer(page), "rgb(255, 255, 255)");
        await page.emulateMedia({ colorScheme: "dark" });
        assert.equal(await backgroundOfChart(page), "rgb(255, 255, 255)");
      });
      await page.close();
      await t.step("trusted: in the colours of JupyterLab Dark", async () => {
        await lab.setTheme("JupyterLab Dark");
        const page = await open();
        assert.equal(await backgroundOfExplorer(page), "rgb(21, 24, 28)");
        await page.emulateMedia({ colorScheme: "light" });
        assert.equal(await backgroundOfChart(page), "rgb(17, 17, 17)");
        await page.close();
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);

/** Chooses an app, and all again, in the explorer of a trusted notebook. */
async function useExplorer(page: Page): Promise<void> {
  const cell = page.locator(".dnpc-explorer");
  const frame = cell.frameLocator("iframe");
  await frame.locator("html[data-ready]").waitFor();
  assert.equal(await cell.locator("img").isVisible(), false);
  assert.equal((await cell.locator("iframe").boundingBox())!.height, 640);
  using db = await openDatabase();
  await importRuninfo(db, runinfo);
  const [row] = db.query(`SELECT count(*) AS n FROM (
    SELECT DISTINCT span_id FROM event JOIN span ON span.id = span_id
    WHERE span.type = 'parsl.executor.htex.worker.task'
      AND event.type = 'worker_received_task')`);
  const canvas = frame.locator("#stream canvas");
  const isShown = (attempts: number) =>
    frame.locator(
      `#stream canvas[data-visible-attempts="${attempts}"]`,
    ).waitFor();
  await isShown(Number(row!.n));
  // A link sets a filter, though the frame has no address of its own.
  await frame.locator("#stream .legend a").first().click();
  await frame.locator("#chosen .chip").waitFor();
  const fewer = Number(await canvas.getAttribute("data-visible-attempts"));
  assert.ok(fewer < Number(row!.n), `${fewer}`);
  await frame.locator("#clear").click();
  await isShown(Number(row!.n));
  assert.match(page.url(), /\/lab\/tree\/notebook\.ipynb$/);
}

async function backgroundOfExplorer(page: Page): Promise<string> {
  const frame = page.locator(".dnpc-explorer").frameLocator("iframe");
  await frame.locator("html[data-ready]").waitFor();
  return await frame.locator("body").evaluate((body) =>
    // deno-lint-ignore no-explicit-any
    (globalThis as any).getComputedStyle(body).backgroundColor
  );
}

/** The color of a chart, which must not depend on that of the system. */
async function backgroundOfChart(page: Page): Promise<string> {
  const background = page.locator(".dnpc-chart > svg > g > rect").first();
  await background.waitFor();
  return await background.evaluate((rect) =>
    // deno-lint-ignore no-explicit-any
    (globalThis as any).getComputedStyle(rect).fill
  );
}
