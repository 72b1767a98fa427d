import assert from "node:assert/strict";
import { join } from "node:path";
import { chromium, type Page } from "playwright-core";
import { findBrowser } from "../../tools/find_browser.ts";
import { inCheckout } from "../../tools/checkout.ts";
import { executeNotebook } from "../../tools/notebook.ts";
import { writeNotebook } from "../tools/notebooks.ts";
import { startLab } from "./lab.ts";
import { inBrowser } from "../tools/needs.ts";

const name = "notebook.ipynb";

Deno.test(
  "JupyterLab shows charts in trusted and untrusted notebooks",
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
chart.interactive()`,
      ]);
      const output = join(folder, "output");
      // JupyterLab does not trust outputs from another program.
      await executeNotebook(path, { outputFolder: output });
      await using lab = await startLab(output);
      await using browser = await chromium.launch({
        executablePath: findBrowser(),
      });
      const open = async () => {
        const page = await browser.newPage({
          viewport: { width: 1200, height: 900 },
        });
        await page.goto(`${lab.url}/lab/tree/${name}?token=test`);
        return page;
      };
      await t.step("not trusted: as PNG", async () => {
        const page = await open();
        await assertChart(page, "image/png");
        await page.close();
      });
      await lab.trust(name);
      const page = await open();
      await t.step("trusted: as SVG", () => assertChart(page, "image/svg+xml"));
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
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);

/** Checks that the first chart is shown with this MIME type, at its full size. */
async function assertChart(page: Page, type: string): Promise<void> {
  const chart = page.locator(`.jp-OutputArea-output img`).first();
  await chart.scrollIntoViewIfNeeded();
  const source = await chart.getAttribute("src");
  assert.equal(source?.slice(0, `data:${type}`.length), `data:${type}`);
  const box = await chart.boundingBox();
  assert.ok(box && box.width > 500 && box.height > 300, JSON.stringify(box));
}
