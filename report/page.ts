import plain from "../display/text/plain.js" with { type: "text" };
import { page } from "../display/notebook/page.ts";
import { escapeMarkup } from "../display/text/untrusted.ts";
import type { Chart } from "../plots/mod.ts";
import body from "./body.html" with { type: "text" };
import elements from "./client/elements.js" with { type: "text" };
import identity from "./client/identity.js" with { type: "text" };
import main from "./client/main.js" with { type: "text" };
import rowsModule from "./client/rows.js" with { type: "text" };
import scroller from "./client/scroller.js" with { type: "text" };
import sections from "./client/sections.js" with { type: "text" };
import style from "./style.css" with { type: "text" };

// A page on disk cannot import modules: they become one script, in the order
// in which they need each other.
const script: string = [
  plain,
  elements,
  identity,
  rowsModule,
  scroller,
  sections,
  main,
].map((text) =>
  text.replace(/^import [\s\S]*?;$/gm, "").replace(/^export /gm, "")
).join("");

/**
 * The HTML of a report. Its data stands in script elements that browsers do
 * not run; only "<" could end these.
 *
 * @param summary HTML
 * @param head shown at once
 * @param rows packed by `packRows`
 * @param stories markup
 */
export function reportPage(
  title: string,
  summary: string,
  charts: readonly Chart[],
  head: object,
  rows: string,
  stories: string,
): string {
  const images = charts.map(({ svg, width, height, caption }) => {
    const data = new TextEncoder().encode(svg).toBase64();
    return `<img src="data:image/svg+xml;base64,${data}" ` +
      `width="${Math.round(width)}" height="${Math.round(height)}" ` +
      `alt="${escapeMarkup(caption)}">`;
  });
  const [first, before, between, after] = body.split(
    /<!-- (?:summary|charts|stories) -->/,
  );
  const json = JSON.stringify(head).replaceAll("<", "\\u003c");
  return page(
    title,
    `${first}${summary}${before}${images.join("\n")}${between}${stories}${after}
<script type="application/json" id="head">${json}</script>
<script type="application/octet-stream" id="rows">${rows}</script>
<script type="module">${script}</script>`,
    { script, style },
  );
}
