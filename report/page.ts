import defer * as crypto from "node:crypto";
import { escapeMarkup } from "../display/text/untrusted.ts";
import type { Chart } from "../plots/mod.ts";
import { script } from "./script.ts";
import styleText from "./style.css" with { type: "text" };
import body from "./body.html" with { type: "text" };

// A browser reads lines as ending so, whatever a checkout made of them, and
// compares what it read with its hash.
const style = styleText.replaceAll("\r\n", "\n");

/** What a page is made of. */
export interface PageParts {
  title: string;
  charts: readonly Chart[];
  /** What is shown at once: as JSON. */
  head: object;
  /** What is unpacked behind that: base64. */
  rows: string;
}

/**
 * The page. Data stands in script elements that are none, read as text: there
 * nothing but "<" could end it. The policy lets nothing run but the page's own
 * script and nothing be asked of any server.
 */
export function page({ title, charts, head, rows }: PageParts): string {
  const policy = "default-src 'none'; img-src data:; " +
    `style-src '${hashOf(style)}'; script-src '${hashOf(script)}'`;
  const figures = charts.map(({ svg, width, height, caption }) => {
    const data = `data:image/svg+xml;base64,${
      new TextEncoder().encode(svg).toBase64()
    }`;
    return `<img src="${data}" width="${Math.round(width)}" height="${
      Math.round(height)
    }" alt="${escapeMarkup(caption)}">`;
  });
  const [before, after] = body.split("<!-- charts -->");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<title>${escapeMarkup(title)}</title>
<style>${style}</style>
</head>
<body>
${before}${figures.join("\n")}${after}
<script type="application/json" id="head">${
    JSON.stringify(head).replaceAll("<", "\\u003c")
  }</script>
<script type="application/octet-stream" id="rows">${rows}</script>
<script type="module">${script}</script>
</body>
</html>
`;
}

const hashOf = (text: string): string =>
  `sha256-${crypto.createHash("sha256").update(text).digest("base64")}`;
