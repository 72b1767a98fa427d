import { pause } from "./elements.js";
import { identityNames } from "./identity.js";

// Searching one long text is faster than many short ones. Between the texts,
// the browser can draw.
const rowsPerText = 10000;

/** Searches rows, ignoring case. Their texts are built on first use. */
export function searcher(rows) {
  const ofSpan = new Map();
  const spanText = (span) => {
    if (!ofSpan.has(span)) {
      const identity = rows.identityOf(span);
      const names = identityNames.filter((name) => name in identity)
        .map((name) => `${name} ${identity[name]}`);
      const { app = "" } = JSON.parse(rows.spanRest(span));
      ofSpan.set(span, [...names, app, rows.spanType(span)].join(" "));
    }
    return ofSpan.get(span);
  };
  const rowText = (row) =>
    `${rows.message(row)} ${rows.more(row)} ${
      rows.spansOf(row).map(spanText).join(" ")
    } ${rows.path(row)}`.toLowerCase().replaceAll("\n", " ");
  const parts = [];
  const part = (from) =>
    parts[from / rowsPerText] ??= Array.from(
      { length: Math.min(rowsPerText, rows.length - from) },
      (_, i) => rowText(from + i),
    ).join("\n");
  return {
    /** 1 for each row with the text; undefined once nobody waits. */
    async find(wanted, isWaitedFor) {
      const found = new Uint8Array(rows.length);
      const needle = wanted.toLowerCase().replaceAll("\n", " ");
      let drawn = performance.now();
      for (let from = 0; from < rows.length; from += rowsPerText) {
        const text = part(from);
        if (text.includes(needle)) {
          text.split("\n").forEach((row, i) => {
            found[from + i] = +row.includes(needle);
          });
        }
        if (performance.now() - drawn < 50) continue;
        await pause();
        drawn = performance.now();
        if (!isWaitedFor()) return undefined;
      }
      return found;
    },
  };
}
