import assert from "node:assert/strict";
import { join } from "node:path";
import { chromium } from "playwright-core";
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
chart`,
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
      await t.step(
        "not trusted: as PNG, in the width of the cell",
        async () => {
          const page = await open();
          const picture = page.locator(".dnpc-chart > img").first();
          await picture.scrollIntoViewIfNeeded();
          const source = await picture.getAttribute("src");
          assert.match(source!, /^data:image\/png;base64,/);
          const box = await picture.boundingBox();
          assert.ok(box && box.width > 500 && box.height > 300);
          assert.equal(await page.locator(".dnpc-chart svg").count(), 0);
          await page.close();
        },
      );
      await lab.trust(name);
      const page = await open();
      const chart = page.locator(".dnpc-chart > svg").first();
      await chart.waitFor();
      await t.step(
        "trusted: as SVG, drawn for the width of the cell",
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
      for (const theme of ["Dark", "Light"]) {
        await t.step(
          `trusted: in the colours of JupyterLab ${theme}, whatever the system's are`,
          async () => {
            const other = await browser.newPage({
              colorScheme: theme === "Dark" ? "light" : "dark",
            });
            await lab.setTheme(`JupyterLab ${theme}`);
            await other.goto(`${lab.url}/lab/tree/${name}?token=test`);
            const background = other.locator(".dnpc-chart > svg > g > rect")
              .first();
            await background.waitFor();
            assert.equal(
              await background.evaluate((rect) =>
                // deno-lint-ignore no-explicit-any
                (globalThis as any).getComputedStyle(rect).fill
              ),
              theme === "Dark" ? "rgb(17, 17, 17)" : "rgb(255, 255, 255)",
            );
            await other.close();
          },
        );
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);
