import { phraseOf } from "../../display/text/plain.js";
import { pause } from "./elements.js";
import { identityNames } from "./identity.js";

/** Unpacked rows, as functions of the index of a row. */
export function pageRows(
  { texts, typeNames, spanTypes, otherSpans, columns },
  sources,
) {
  const { span, type, more, source, line, values } = columns;
  let now = 0;
  // NaN is null in JSON.
  const times = new Float64Array(columns.time.length);
  columns.time.forEach((difference, row) => {
    times[row] = difference === null ? NaN : (now += difference) / 1e6;
  });
  const identityOf = (span) => {
    const textOf = (name) => columns[`span_${name}`][span];
    return Object.fromEntries(
      identityNames.filter((name) => textOf(name) >= 0)
        .map((name) => [name, texts[textOf(name)]]),
    );
  };
  const componentNames = spanTypes.map((type) => {
    const end = type.lastIndexOf(".");
    return end > 0 ? type.slice(0, end) : type;
  });
  const components = [...new Set(componentNames)].sort();
  return {
    length: span.length,
    times,
    columns,
    typeNames,
    components,
    otherSpans,
    spansOf: (row) =>
      [span[row], ...otherSpans[row] ?? []].filter((span) => span >= 0),
    identityOf,
    spanCount: columns.spanType.length,
    spanType: (span) => spanTypes[columns.spanType[span]],
    spanRest: (span) => texts[columns.spanRest[span]],
    componentOf: (span) =>
      span < 0 ? "" : componentNames[columns.spanType[span]],
    event: (row) => typeNames[type[row]][0],
    named: (row) => typeNames[type[row]][1] === 1,
    more: (row) => more[row] < 0 ? "" : texts[more[row]],
    /** The message of a line: its template with the values filled in. */
    message(row) {
      let next = 0;
      return typeNames[type[row]][0].replace(
        /%s/g,
        (mask) => texts[values[row][next++]] ?? mask,
      );
    },
    /**
     * What a row says: a line its message, an event with a name a phrase, as in
     * a story; and the lines that continue it.
     */
    said(row) {
      const { attributes, lines } = splitMore(this.more(row));
      if (!this.named(row)) return { text: this.message(row), lines };
      const rest = span[row] < 0 ? "{}" : this.spanRest(span[row]);
      return {
        text: phraseOf(this.event(row), attributes, JSON.parse(rest)),
        lines,
      };
    },
    path: (row) => source[row] < 0 ? "" : sources[source[row]].path,
    line: (row) => line[row],
    /** The first metrics of chosen spans, summarized by span and name. */
    metricsOf(chosen, max) {
      const { metricSpan } = columns;
      const found = [...metricSpan.keys()].filter((at) =>
        chosen[metricSpan[at]]
      );
      return found.slice(0, max).map((at) => ({
        span: metricSpan[at],
        name: texts[columns.metricName[at]],
        samples: columns.metricCount[at],
        minimum: columns.metricMin[at],
        mean: columns.metricMean[at],
        maximum: columns.metricMax[at],
      }));
    },
    /** Index of a text, or -1. */
    indexOf: (text) => texts.indexOf(text),
  };
}

/** Further attributes, in the first line if there are any, and other lines. */
function splitMore(more) {
  const [first, ...others] = more.split("\n");
  try {
    if (!first.startsWith("{")) return { attributes: {}, lines: more };
    return { attributes: JSON.parse(first), lines: others.join("\n") };
  } catch {
    return { attributes: {}, lines: more };
  }
}

/** The indexes of the rows that pass the filters. */
export function chosenRows(rows, identity, { component, event, file }) {
  const { span } = rows.columns;
  const spans = chosenSpans(rows, identity);
  const isAll = component === undefined && Object.keys(identity).length === 0;
  const isChosen = (span) =>
    span < 0 ? isAll : spans[span] &&
      (component === undefined || rows.componentOf(span) === component);
  const also = new Set(
    Object.keys(rows.otherSpans).map(Number)
      .filter((row) => rows.otherSpans[row].some(isChosen)),
  );
  const chosen = new Int32Array(rows.length);
  let length = 0;
  for (let row = 0; row < rows.length; row++) {
    if (!isChosen(span[row]) && !also.has(row)) continue;
    if (event !== undefined && rows.event(row) !== event) continue;
    if (file !== undefined && rows.path(row) !== file) continue;
    chosen[length++] = row;
  }
  return chosen.subarray(0, length);
}

/** 1 for each span that belongs to an entity. */
export function chosenSpans(rows, identity) {
  const chosen = new Uint8Array(rows.spanCount).fill(1);
  for (const [name, value] of Object.entries(identity)) {
    const column = rows.columns[`span_${name}`];
    const text = rows.indexOf(value);
    for (let span = 0; span < chosen.length; span++) {
      // -1 is an unknown text, and a span without one.
      if (text < 0 || column[span] !== text) chosen[span] = 0;
    }
  }
  return chosen;
}

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
