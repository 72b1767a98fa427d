import { strict as assert } from "node:assert";
import type { Chart } from "dnpc/plots";
import { chartsOfModule, type Draw, drawings, inFacets } from "./drawings.ts";
import { colours, hostile, shown } from "./hostile.ts";
import { figures, isWhole, times } from "./figures.ts";
import { foundInPage, onWatched, type Watched } from "./pages.ts";
import { inBrowser } from "../tools/needs.ts";

const counted = figures("charts and their tips, with hostile names");

const names = Object.values(hostile);

/**
 * The names in the titles and column names of a chart: all in the whole suite,
 * else two, which differ from chart to chart.
 */
function titlesOf(chart: number): string[] {
  if (isWhole) return names;
  const first = 2 * chart % names.length;
  return names.slice(first, first + 2);
}

Deno.test("drawings has an entry for every chart of plots/mod.ts", async () => {
  const drawn = Object.keys(drawings).sort();
  assert.deepEqual(drawn, await chartsOfModule());
});

const all = [
  ...Object.entries(drawings)
    .map(([name, draw], i) => ({ name, draw, titles: titlesOf(i) })),
  ...Object.entries(inFacets)
    .map(([name, draw]) => ({ name: `${name} in facets`, draw, titles: [] })),
];

Deno.test(
  "hostile names are plain text in a chart, on its page and in its tips",
  inBrowser,
  (test) =>
    onWatched(async (page) => {
      for (const { name, draw, titles } of all) {
        await test.step(name, () => isText(page, draw, titles));
        assert.deepEqual(page.incidents, [], name);
      }
    }),
);

async function isText(page: Watched, draw: Draw, titles: readonly string[]) {
  const charts: Chart[] = [];
  for (const word of ["", ...titles]) charts.push(await draw(names, word));
  charts.push(await draw(colours, ""), await draw(colours, colours[1]!));
  for (const { svg } of [charts[0]!, charts.at(-1)!]) {
    assert.ok(svg.length < 300_000);
    assert.doesNotMatch(svg, /NaN|undefined|Infinity|\[object/);
  }
  // The fonts of a PNG take longest: the fast suite renders a few.
  const asPng = isWhole
    ? [charts[0]!, charts.at(-1)!]
    : titles.includes(names[0]!)
    ? [charts[0]!]
    : [];
  for (const { png } of asPng) {
    assert.ok(png({ scale: times(0.25, 1) }).length > 0);
  }
  // The page that html() makes, with its content security policy.
  await page.open(charts[0]!.html());
  await point(page);
  assert.deepEqual(await foundInPage(page), []);
  const tips = await tipsShown(page);
  for (const { text, lines } of tips) {
    assert.ok(text !== null, `no tip has ${JSON.stringify(lines)}`);
  }
  counted.inputs += charts.length;
  counted.survived += charts.length;
  counted.rows += tips.length;
  // All charts in one page, without a content security policy.
  const plain = names.map((_, i) => `plain-${String.fromCodePoint(97 + i)}`);
  charts.unshift(await draw(plain, ""));
  await page.open(
    "<!doctype html><meta charset=utf-8>" +
      charts.map((chart) => chart.html({ fragment: true })).join("\n"),
  );
  await point(page);
  assert.deepEqual(await foundInPage(page), []);
  const texts = await page.evaluate<string[][]>(() =>
    // deno-lint-ignore no-explicit-any
    [...(globalThis as any).document.querySelectorAll(".dnpc-chart > svg")]
      .map((svg) =>
        // deno-lint-ignore no-explicit-any
        [...svg.querySelectorAll("text")].map((text: any) => text.textContent)
      )
  );
  assert.equal(texts.length, charts.length);
  titles.forEach((word, i) => {
    // Lines are broken only at spaces.
    const text = texts[i + 2]!.join(" ");
    assert.ok(text.includes(shown(word)), `${word} is not in ${text}`);
  });
  // Tips show hostile names as often as plain ones.
  const named = (tips: readonly Tip[], names: readonly string[]) => {
    const all = tips.map(({ text }) => text).join("\n");
    return names.filter((name) => all.includes(name)).length;
  };
  assert.ok(
    named(tips, names.map(shown)) >= named(await tipsShown(page), plain),
    `some names are not in ${JSON.stringify(tips)}`,
  );
}

interface Tip {
  /** Text of the tip that is shown; null if the shown lines match none. */
  text: string | null;
  /** Lines that the page shows. */
  lines: string[];
}

/** Points at each tip of the first chart and collects what the page shows. */
const tipsShown = ({ evaluate }: Watched) =>
  evaluate<Tip[]>(() => {
    // deno-lint-ignore no-explicit-any
    const { document, DOMPoint, PointerEvent } = globalThis as any;
    const figure = document.querySelector(".dnpc-chart");
    const svg = figure.querySelector("svg");
    const matrix = svg.getScreenCTM();
    const found: Tip[] = [];
    for (const panel of JSON.parse(figure.getAttribute("data-tips"))) {
      // Enough to cover all names.
      for (const [from, to, middle] of panel.tips.slice(0, 400)) {
        const { x, y } = new DOMPoint(
          Math.min(panel.right, Math.max(panel.left, (from + to) / 2)),
          middle ?? (panel.top + panel.bottom) / 2,
        ).matrixTransform(matrix);
        const at = { clientX: x, clientY: y };
        svg.dispatchEvent(new PointerEvent("pointermove", at));
        const lines: string[] = [...svg.querySelectorAll("tspan")]
          // deno-lint-ignore no-explicit-any
          .map(({ textContent }: any) => textContent);
        const isShown = ([, , , text]: [number, number, number, string]) => {
          const wanted = text.split("\n");
          return lines.length > 0 && lines.every((line, i) =>
            // Lines wider than the chart are shortened.
            line === wanted[i] ||
            line.endsWith("…") && wanted[i]!.startsWith(line.slice(0, -1))
          );
        };
        found.push({ text: panel.tips.find(isShown)?.[3] ?? null, lines });
      }
    }
    return found;
  });

/** Moves the pointer across the charts of a page. */
const point = ({ evaluate }: Watched) =>
  evaluate(() => {
    // deno-lint-ignore no-explicit-any
    const { document, PointerEvent } = globalThis as any;
    for (const chart of document.querySelectorAll(".dnpc-chart > svg")) {
      const { left, top, width, height } = chart.getBoundingClientRect();
      for (let step = 1; step < 10; step++) {
        const clientX = left + width * step / 10;
        const clientY = top + height * (step * 7 % 10) / 10;
        chart.dispatchEvent(
          new PointerEvent("pointermove", { clientX, clientY }),
        );
      }
    }
  });
