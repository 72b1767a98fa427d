import { identityNames } from "./identity.js";
import { pause } from "./elements.js";

// Searching one long text is faster than many short ones. Between the texts,
// the browser can draw.
const rowsPerText = 10000;

/** Searches rows, ignoring case. Their texts are built on first use. */
export function searcher(rows) {
  const parts = [];
  const ofSpan = new Map();
  const spanText = (span) => {
    let text = ofSpan.get(span);
    if (text === undefined) {
      const identity = rows.identityOf(span);
      text = identityNames.filter((name) => identity[name] !== undefined)
        .map((name) => `${name} ${identity[name]}`).join(" ");
      const { app = "" } = JSON.parse(rows.spanRest(span));
      ofSpan.set(span, text = `${text} ${app} ${rows.spanType(span)}`);
    }
    return text;
  };
  const rowText = (row) =>
    `${rows.message(row)} ${rows.more(row)} ${
      rows.spansOf(row).map(spanText).join(" ")
    } ${rows.path(row)}`.toLowerCase().replaceAll("\n", " ");
  const part = (number) => {
    if (parts[number]) return parts[number];
    const from = number * rowsPerText;
    const to = Math.min(rows.length, from + rowsPerText);
    const texts = [];
    const ends = new Int32Array(to - from);
    let length = 0;
    for (let row = from; row < to; row++) {
      const text = rowText(row);
      texts.push(text);
      ends[row - from] = length += text.length + 1;
    }
    return parts[number] = { text: texts.join("\n"), ends, from };
  };
  const count = Math.ceil(rows.length / rowsPerText);
  return {
    /** 1 for each row with the text; undefined once nobody waits. */
    async find(wanted, isWaitedFor) {
      const found = new Uint8Array(rows.length);
      const needle = wanted.toLowerCase().replaceAll("\n", " ");
      let drawn = performance.now();
      for (let number = 0; number < count; number++) {
        const { text, ends, from } = part(number);
        let row = 0;
        for (let at = text.indexOf(needle); at >= 0;) {
          while (ends[row] <= at) row++;
          found[from + row] = 1;
          at = text.indexOf(needle, ends[row]);
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
