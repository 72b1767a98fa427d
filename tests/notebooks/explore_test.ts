import assert from "node:assert/strict";
import { join } from "node:path";
import { importRuninfo } from "dnpc/importers";
import { openDatabase } from "dnpc/sql";
import { chromium } from "playwright-core";
import { inCheckout } from "../../tools/checkout.ts";
import { findBrowser } from "../../tools/find_browser.ts";
import { executeNotebook } from "../../tools/notebook.ts";
import { inBrowser } from "../tools/needs.ts";
import { writeNotebook } from "../tools/notebooks.ts";
import { startLab } from "./lab.ts";

const name = "notebook.ipynb";
const runinfo = inCheckout("tests/fixtures/tz/runinfo");

Deno.test(
  "JupyterLab shows the explorer in a trusted notebook, and a picture in others",
  inBrowser,
  async (t) => {
    const folder = await Deno.makeTempDir({
      dir: inCheckout("tests", "notebooks"),
    });
    try {
      const path = await writeNotebook(folder, [
        `import { explore, importRuninfo, openDatabase } from "dnpc";
const db = await openDatabase();
await importRuninfo(db, ${JSON.stringify(runinfo)});
explore(db, { height: 640 })`,
      ]);
      const output = join(folder, "output");
      // JupyterLab does not trust outputs from another program.
      await executeNotebook(path, { outputFolder: output });
      await t.step("the cell has a page, a picture and text", () => {
        const { cells } = JSON.parse(
          Deno.readTextFileSync(join(output, name)),
        );
        const { data } = cells[0].outputs.at(-1);
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
          viewport: { width: 1400, height: 900 },
          colorScheme: null,
        });
        await page.goto(`${lab.url}/lab/tree/${name}?token=test`);
        return page;
      };
      await t.step("not trusted: the picture alone", async () => {
        const page = await open();
        const picture = page.locator('img[src^="data:image/png"]').first();
        await picture.scrollIntoViewIfNeeded();
        assert.ok((await picture.boundingBox())!.height > 100);
        assert.equal(await page.locator("iframe").count(), 0);
        await page.close();
      });
      await lab.trust(name);
      await t.step("trusted: the page alone, which works", async () => {
        const page = await open();
        const cell = page.locator(".dnpc-explorer");
        const frame = cell.frameLocator("iframe");
        await frame.locator("html[data-ready]").waitFor();
        assert.equal(await cell.locator("img").isVisible(), false);
        assert.equal(
          (await cell.locator("iframe").boundingBox())!.height,
          640,
        );
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
        const app = frame.locator("#stream .legend a").first();
        await app.click();
        await frame.locator("#chosen .chip").waitFor();
        const fewer = Number(
          await canvas.getAttribute("data-visible-attempts"),
        );
        assert.ok(fewer < Number(row!.n), `${fewer}`);
        await frame.locator("#clear").click();
        await isShown(Number(row!.n));
        assert.match(page.url(), /\/lab\/tree\/notebook\.ipynb$/);
        await page.close();
      });
      for (const theme of ["Dark", "Light"]) {
        await t.step(`trusted: in the colors of ${theme}`, async () => {
          await lab.setTheme(`JupyterLab ${theme}`);
          const page = await open();
          const frame = page.locator(".dnpc-explorer").frameLocator("iframe");
          await frame.locator("html[data-ready]").waitFor();
          const background = await frame.locator("body").evaluate((body) =>
            // deno-lint-ignore no-explicit-any
            (globalThis as any).getComputedStyle(body).backgroundColor
          );
          assert.equal(
            background,
            theme === "Dark" ? "rgb(21, 24, 28)" : "rgb(255, 255, 255)",
          );
          await page.close();
        });
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);
