import { attributesIn } from "../../display/text/repeated_accounts.js";
import { pause } from "./elements.js";
import { identityNames } from "./identity.js";

// Searching one long text is faster than many short ones. Between the texts,
// the browser can draw.
const rowsPerText = 4000;

/**
 * Searches rows, ignoring case. Their texts are made when they are needed, or
 * before that, while the page is idle.
 */
export function searcher(rows) {
  const ofSpan = new Map();
  const spanText = (span) => {
    let text = ofSpan.get(span);
    if (text === undefined) {
      const identity = rows.identityOf(span);
      const names = identityNames.filter((name) => name in identity)
        .map((name) => `${name} ${identity[name]}`);
      const { app = "" } = attributesIn(rows.spanRest(span));
      text = [...names, app, rows.spanType(span)].join(" ");
      ofSpan.set(span, text);
    }
    return text;
  };
  const rowText = (row) =>
    `${rows.text(row)} ${rows.more(row)} ${
      rows.spansOf(row).map(spanText).join(" ")
    } ${rows.path(row)}`.toLowerCase().replaceAll("\n", " ");
  const parts = [];
  const part = (from) => {
    const at = from / rowsPerText;
    if (parts[at] === undefined) {
      const texts = [];
      const end = Math.min(from + rowsPerText, rows.length);
      for (let row = from; row < end; row++) texts.push(rowText(row));
      parts[at] = texts.join("\n");
    }
    return parts[at];
  };
  return {
    /** Makes the texts, a part whenever the page has nothing else to do. */
    prepare() {
      const later = globalThis.requestIdleCallback ?? setTimeout;
      const next = (from) => {
        if (from >= rows.length) return;
        part(from);
        later(() => next(from + rowsPerText));
      };
      later(() => next(0));
    },
    /** 1 for each row with the text; undefined once nobody waits. */
    async find(wanted, isWaitedFor) {
      const found = new Uint8Array(rows.length);
      const needle = wanted.toLowerCase().replaceAll("\n", " ");
      let drawn = performance.now();
      for (let from = 0; from < rows.length; from += rowsPerText) {
        const text = part(from);
        if (text.includes(needle)) markLines(text, needle, found, from);
        if (performance.now() - drawn < 50) continue;
        await pause();
        drawn = performance.now();
        if (!isWaitedFor()) return undefined;
      }
      return found;
    },
  };
}

/** Marks the lines of a text that contain another one. */
function markLines(text, needle, found, first) {
  let [line, start] = [first, 0];
  for (let at = text.indexOf(needle); at >= 0;) {
    for (let end = text.indexOf("\n", start); end >= 0 && end < at;) {
      line++;
      start = end + 1;
      end = text.indexOf("\n", start);
    }
    found[line] = 1;
    const end = text.indexOf("\n", at);
    at = end < 0 ? -1 : text.indexOf(needle, end);
  }
}
