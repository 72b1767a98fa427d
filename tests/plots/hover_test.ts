import { durationHistogram, plot } from "dnpc/plots";
import * as Plot from "@observablehq/plot";
import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { OpenPage } from "../../tools/browser.ts";
import { sharedBrowser } from "../tools/shared_browser.ts";
import { fixtureRows, launchedAndRunning } from "./fixtures.ts";
import { inBrowser } from "../tools/needs.ts";

const browser = sharedBrowser();

const hostile = `</text><script>globalThis.ran = 1</script><img src=x ` +
  `onerror="globalThis.ran = 2">&amp;"'`;

/** Two points with tips: one has hostile text, the other two lines. */
const points = (color: string, suffix = "") =>
  plot({
    width: 760,
    height: 300,
    x: { domain: [0, 10] },
    y: { domain: [0, 10] },
    marks: [Plot.dot([[2, 2], [8, 8]], { fill: color })],
    tips: () => [
      { x: 2, y: 2, text: hostile + suffix },
      { x: 8, y: 8, text: `high${suffix}\nsecond line` },
    ],
  });

/** Opens a page with this HTML for the duration of `look`. */
async function inPage(
  html: string,
  look: (page: OpenPage) => Promise<void>,
  colorScheme: "light" | "dark" = "light",
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "page.html");
    await Deno.writeTextFile(path, html);
    await using page = await browser.openPage(pathToFileURL(path), {
      colorScheme,
    });
    await look(page);
    assert.deepEqual(page.errors, []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Moves the mouse to the `nth` dot of a page. */
async function pointAt({ page }: OpenPage, nth: number): Promise<void> {
  const box = await page.locator(
    "circle[fill]:not([fill=none]), g[fill] circle:not([fill=none])",
  )
    .nth(nth).boundingBox();
  await page.mouse.move(box!.x + box!.width / 2, box!.y + box!.height / 2);
}

/** The tip lines shown by each chart of a page. */
const tipsOf = ({ page }: OpenPage): Promise<string[][]> =>
  page.locator(".dnpc-chart").evaluateAll((charts) =>
    charts.map((chart) =>
      // deno-lint-ignore no-explicit-any
      [...(chart as any).querySelectorAll("tspan")]
        .map(({ textContent }) => textContent)
    )
  );

const utf8 = `<!doctype html><meta charset="utf-8"><title>charts</title>`;

for (const colorScheme of ["light", "dark"] as const) {
  Deno.test(
    `a chart on a ${colorScheme} page shows a tip for the dot under the mouse`,
    inBrowser,
    () =>
      inPage(points("#0072b2").html(), async (page) => {
        assert.deepEqual(await tipsOf(page), [[]]);
        await pointAt(page, 1);
        assert.deepEqual(await tipsOf(page), [["high", "second line"]]);
        // The tip lies within the chart.
        const seen = await page.page.locator(".dnpc-chart").evaluate(
          (chart) => {
            // deno-lint-ignore no-explicit-any
            const of = (name: string) => (chart as any).querySelector(name);
            const box = of("tspan").closest("g").getBoundingClientRect();
            const frame = of("svg").getBoundingClientRect();
            return {
              isInside: box.left >= frame.left && box.right <= frame.right &&
                box.top >= frame.top && box.bottom <= frame.bottom,
              width: box.width,
            };
          },
        );
        assert.ok(seen.isInside);
        assert.ok(seen.width > 60 && seen.width < 200, `${seen.width}`);
        await page.page.mouse.move(900, 700);
        assert.deepEqual(await tipsOf(page), [[]]);
      }, colorScheme),
  );
}

Deno.test(
  "a tip shows hostile text from a log as plain text",
  inBrowser,
  () =>
    inPage(points("#0072b2").html(), async (page) => {
      await pointAt(page, 0);
      assert.deepEqual(await tipsOf(page), [[hostile]]);
      assert.equal(await page.evaluate("typeof globalThis.ran"), "undefined");
      assert.equal(await page.evaluate("document.images.length"), 0);
    }),
);

Deno.test(
  "a tip with long text is shortened and stays within the chart",
  inBrowser,
  () =>
    inPage(points("#0072b2", "long ".repeat(1000)).html(), async (page) => {
      await pointAt(page, 0);
      const [[line]] = await tipsOf(page) as [[string]];
      assert.ok(line.endsWith("…") && line.length > 20, line);
      const [right, edge] = await page.evaluate<[number, number]>(
        `["tspan", "svg"].map((name) =>
        document.querySelector(name).getBoundingClientRect().right)`,
      );
      assert.ok(right <= edge, `${right} of ${edge}`);
    }),
);

Deno.test(
  "each of two charts in a notebook has its own tips",
  inBrowser,
  () =>
    inPage(
      utf8 + points("#0072b2", " one").html({ fragment: true }) +
        points("#d55e00", " two").html({ fragment: true }),
      async (page) => {
        await pointAt(page, 1);
        assert.deepEqual(await tipsOf(page), [["high one", "second line"], []]);
        await pointAt(page, 3);
        assert.deepEqual(await tipsOf(page), [[], ["high two", "second line"]]);
      },
    ),
);

Deno.test(
  "a scaled-down chart shows the tip for the dot under the mouse",
  inBrowser,
  () =>
    inPage(
      `${utf8}<style>body { width: 200px; }</style>` +
        points("#0072b2").html({ fragment: true }),
      async (page) => {
        await pointAt(page, 1);
        assert.deepEqual(await tipsOf(page), [["high", "second line"]]);
      },
    ),
);

Deno.test(
  "the tip of a histogram bar shows its bounds and its count",
  inBrowser,
  () =>
    inPage(
      durationHistogram(fixtureRows("tz", launchedAndRunning)).html(),
      async (page) => {
        const bar = page.page.locator("svg svg rect").first();
        const box = await bar.boundingBox();
        await page.page.mouse.move(box!.x + box!.width / 2, box!.y + 2);
        const [[bounds, count]] = await tipsOf(page) as [[string, string]];
        assert.match(bounds, / to .* m?s$/);
        assert.match(count, /^\d+ spans?$/);
      },
    ),
);
