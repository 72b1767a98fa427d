import hover from "./hover.js" with { type: "text" };
import { escapeMarkup, printable } from "../../display/text/untrusted.ts";
import type { DrawnFigure } from "./figure.ts";

/** Script of a page that shows figures with their hover. */
export const hoverScript: string = `{${hover}}`;

/** A figure as a fragment of HTML, with a tip under the pointer. */
export function hoverable({ svg, tips }: DrawnFigure): string {
  const data = escapeMarkup(JSON.stringify(tips(), plainText));
  return `<div class="dnpc-chart" data-tips="${data}">${svg}</div>` +
    `<script>${hoverScript}</script>`;
}

// JSON escapes control characters, so that escapeMarkup() would not see them.
const plainText = (_name: string, value: unknown) =>
  typeof value === "string" ? printable(value) : value;
