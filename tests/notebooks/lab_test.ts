import assert from "node:assert/strict";
import { basename, join } from "node:path";
import { chromium, type Page } from "playwright-core";
import { findBrowser } from "../../tools/find_browser.ts";
import { inCheckout } from "../../tools/checkout.ts";
import { executeNotebook } from "../../tools/notebook.ts";
import { writeNotebook } from "../tools/notebooks.ts";
import { startLab } from "./lab.ts";

const name = "getting_started.ipynb";

Deno.test("a chart shows in JupyterLab, in a notebook that is trusted or not", async (t) => {
  const folder = await Deno.makeTempDir();
  try {
    // What another program executed is not trusted.
    await executeNotebook(inCheckout("notebooks", name), {
      outputFolder: folder,
    });
    await using lab = await startLab(folder);
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
      await assertChart(await open(), "image/png");
    });
    await t.step("trusted: as SVG", async () => {
      await lab.trust(name);
      await assertChart(await open(), "image/svg+xml");
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a chart in JupyterLab says what the mouse points at, in a notebook that is trusted", async () => {
  // In the checkout, where the kernel finds dnpc.
  const folder = await Deno.makeTempDir({
    dir: inCheckout("tests", "notebooks"),
  });
  try {
    const path = await writeNotebook(folder, [
      `import { dependencyGraph } from "dnpc/plots";
const chart = await dependencyGraph({
  nodes: [{ task: 1, app: "<b>first" }, { task: 2, app: "second" }],
  edges: [{ from: 1, to: 2 }],
});
chart.interactive()`,
    ]);
    const output = join(folder, "output");
    await executeNotebook(path, { outputFolder: output });
    await using lab = await startLab(output);
    const name = basename(path);
    await lab.trust(name);
    await using browser = await chromium.launch({
      executablePath: findBrowser(),
    });
    const page = await browser.newPage({
      viewport: { width: 1200, height: 900 },
    });
    await page.goto(`${lab.url}/lab/tree/${name}?token=test`);
    const box = await page.locator(".dnpc-chart text", { hasText: "<b>first" })
      .first().boundingBox();
    assert.equal(await page.locator(".dnpc-chart tspan").count(), 0);
    await page.mouse.move(box!.x + 5, box!.y + 5);
    assert.deepEqual(
      await page.locator(".dnpc-chart tspan").allTextContents(),
      ["<b>first", "task 1", "unknown"],
    );
    await page.mouse.move(5, 5);
    assert.equal(await page.locator(".dnpc-chart tspan").count(), 0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** The first chart of the notebook is there, of this type and in its size. */
async function assertChart(page: Page, type: string): Promise<void> {
  const chart = page.locator(`.jp-OutputArea-output img`).first();
  await chart.scrollIntoViewIfNeeded();
  const source = await chart.getAttribute("src");
  assert.equal(source?.slice(0, `data:${type}`.length), `data:${type}`);
  const box = await chart.boundingBox();
  assert.ok(box && box.width > 500 && box.height > 300, JSON.stringify(box));
  await page.close();
}
