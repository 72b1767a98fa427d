import { phraseOf } from "../../display/text/plain.js";
import { attributesIn } from "../../display/text/repeated_accounts.js";
import { identityNames } from "./identity.js";
import { unpackColumns } from "./unpack.js";

/**
 * The events and lines of the page, which `packRows` has packed, as functions of
 * the index of a row, and its spans, as functions of the index of a span.
 *
 * @param buffer what `packRows` returned, uncompressed
 * @param sources the files of the rows, from the head of the page
 */
export function pageRows(buffer, sources) {
  const { head, columns, rest } = unpackColumns(buffer);
  const texts = JSON.parse(new TextDecoder().decode(rest));
  const { typeNames, spanTypes, origins, messages } = head;
  const { type, source, message, line } = columns;
  const { length } = type;
  sum(columns.otherRow);
  sum(columns.metricSpan);
  sumByGroup(columns.span, type);
  sumByGroup(columns.line, source);
  for (const name of identityNames) {
    sumByGroup(columns[`span_${name}`], columns.spanType);
  }
  for (const name of ["nestedA", "nestedB", "equalA", "equalB", "waitsA"]) {
    sum(columns[name]);
  }
  sum(columns.waitsB);
  const times = timesOf(columns.time, head.ticks, length);
  const masks = messages.map((template) => template.split("\0").length - 1);
  const typeMasks = typeNames.map(([name, named]) =>
    named === 1 ? 0 : name.split("%s").length - 1
  );
  const starts = valuesByRow(columns.values, message, type, masks, typeMasks);
  const otherSpans = new Map();
  columns.otherRow.forEach((row, i) => {
    const others = otherSpans.get(row);
    if (others) others.push(columns.otherSpan[i]);
    else otherSpans.set(row, [columns.otherSpan[i]]);
  });
  const textOf = (code) =>
    code > 0 ? String(code - 1) : code < 0 ? texts[-1 - code] : null;
  let codes;
  /** The number of a text in a column; NaN if there is none. */
  const codeOf = (text) => {
    if (/^(?:0|[1-9]\d{0,8})$/.test(text)) return Number(text) + 1;
    codes ??= new Map(texts.map((text, i) => [text, -1 - i]));
    return codes.get(text) ?? NaN;
  };
  const componentNames = spanTypes.map(([type]) => {
    const end = type.lastIndexOf(".");
    return end > 0 ? type.slice(0, end) : type;
  });
  const spanTypeOf = (span) => spanTypes[columns.spanType[span]];
  const valueAt = (row, i) => textOf(columns.values[starts[row] + i]);
  const filled = (row, template, mask, count) => {
    if (count === 0) return template;
    const parts = template.split(mask);
    let text = parts[0];
    for (let i = 0; i < count; i++) text += valueAt(row, i) + parts[i + 1];
    return text;
  };
  const rows = {
    length,
    times,
    columns,
    typeNames,
    spanTypes,
    places: new Map(
      head.places.map(([span, event, place]) => [`${span} ${event}`, place]),
    ),
    components: [...new Set(componentNames)].sort(),
    otherSpans,
    textOf,
    codeOf,
    spanCount: columns.spanType.length,
    spansOf: (row) =>
      [columns.span[row], ...otherSpans.get(row) ?? []]
        .filter((span) => span >= 0),
    /** The entities that a span belongs to, by kind. */
    identityOf: (span) =>
      Object.fromEntries(
        identityNames.map((name) => [
          name,
          textOf(columns[`span_${name}`][span]),
        ]).filter(([, text]) => text !== null),
      ),
    spanType: (span) => spanTypeOf(span)[0],
    spanRole: (span) => spanTypeOf(span)[1],
    /** JSON of the names that identify the span; null if no format knows it. */
    spanIdentity: (span) => spanTypeOf(span)[2],
    /** JSON of the attributes that name no entity. */
    spanRest: (span) => textOf(columns.spanRest[span]),
    /** Whether the span's own attributes have the identity of a kind. */
    isOwn: (span, name) =>
      (columns.spanOwn[span] >> identityNames.indexOf(name) & 1) === 1,
    attributesOf(span) {
      const attributes = {};
      for (const name of identityNames) {
        if (!rows.isOwn(span, name)) continue;
        attributes[name] = textOf(columns[`span_${name}`][span]);
      }
      return Object.assign(attributes, attributesIn(rows.spanRest(span)));
    },
    componentOf: (span) =>
      span < 0 ? "" : componentNames[columns.spanType[span]],
    event: (row) => typeNames[type[row]][0],
    named: (row) => typeNames[type[row]][1] === 1,
    /** Lines that continue the row's. */
    more: (row) => textOf(columns.more[row]) ?? "",
    /** Attributes of the event, as the database has them. */
    attributes(row) {
      const attributes = attributesIn(textOf(columns.attributes[row]));
      const more = textOf(columns.more[row]);
      if (more !== null) attributes.more = more;
      if (message[row] > 0 || rows.named(row)) return attributes;
      const count = typeMasks[type[row]];
      return Object.assign(attributes, {
        values: Array.from({ length: count }, (_, i) => valueAt(row, i)),
      });
    },
    /** What the line says, without its prefix; undefined if that is unknown. */
    message: (row) =>
      message[row] > 0
        ? filled(
          row,
          messages[message[row] - 1],
          "\0",
          masks[message[row] - 1],
        )
        : undefined,
    /** What the row says: its line, its template, or its name in words. */
    text(row) {
      const known = rows.message(row);
      if (known !== undefined) return known;
      const kind = type[row];
      if (!rows.named(row)) {
        return filled(row, typeNames[kind][0], "%s", typeMasks[kind]);
      }
      const span = columns.span[row];
      return phraseOf(
        typeNames[kind][0],
        attributesIn(textOf(columns.attributes[row])),
        span < 0 ? {} : rows.attributesOf(span),
        span < 0 ? [] : JSON.parse(rows.spanIdentity(span) ?? "[]"),
      );
    },
    /** [process, thread, logger, level], each null if unknown. */
    origin: (row) => origins[columns.origin[row] - 1] ?? unknownOrigin,
    origins,
    sources,
    source: (row) => sources[source[row]],
    path: (row) => sources[source[row]]?.path ?? "",
    line: (row) => line[row],
    /** The file and line of a row, for the state's `line`. */
    lineKey: (row) => `${rows.path(row)}:${line[row]}`,
    /** The first row with a key; -1 if there is none. */
    find(key) {
      for (let row = 0; row < length; row++) {
        if (key.endsWith(`:${line[row]}`) && rows.lineKey(row) === key) {
          return row;
        }
      }
      return -1;
    },
    /** Whether the row is a line of a log, rather than of a database. */
    hasOffset: (row) => head.withOffsets[source[row]] === 1,
    /** The first metrics of chosen spans, summarized by span and name. */
    metricsOf(chosen, max) {
      const { metricSpan } = columns;
      const found = [];
      for (let at = 0; at < metricSpan.length && found.length < max; at++) {
        if (chosen.has(metricSpan[at])) found.push(at);
      }
      return found.map((at) => ({
        span: metricSpan[at],
        name: textOf(columns.metricName[at]),
        samples: columns.metricCount[at],
        minimum: columns.metricMin[at],
        mean: columns.metricMean[at],
        maximum: columns.metricMax[at],
      }));
    },
  };
  return rows;
}

const unknownOrigin = [null, null, null, null];

/** Replaces differences to the value before by values. */
function sum(values) {
  for (let i = 1; i < values.length; i++) values[i] += values[i - 1];
}

/** Replaces differences to the last value of the same group by values. */
function sumByGroup(values, groups) {
  const last = [];
  for (let i = 0; i < values.length; i++) {
    // A row without a source has the group -1.
    const group = groups[i] + 1;
    values[i] = last[group] = (last[group] ?? 0) + values[i];
  }
}

/** Unix seconds; NaN for the last rows, which have no time. */
function timesOf(differences, ticks, length) {
  const times = new Float64Array(length).fill(NaN);
  let now = 0;
  differences.forEach((difference, row) => {
    times[row] = (now += difference) / ticks;
  });
  return times;
}

/** Where the values of each row begin; makes values of their differences. */
function valuesByRow(values, message, type, masks, typeMasks) {
  const starts = new Int32Array(message.length);
  const last = [];
  let next = 0;
  for (let row = 0; row < message.length; row++) {
    starts[row] = next;
    const template = message[row];
    const count = template > 0 ? masks[template - 1] : typeMasks[type[row]];
    if (count === 0) continue;
    const key = template > 0 ? 2 * template : 2 * type[row] + 1;
    const before = last[key] ??= new Float64Array(count);
    for (let i = 0; i < count; i++, next++) {
      values[next] = before[i] += values[next];
    }
  }
  return starts;
}
