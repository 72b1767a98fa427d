import { type Database, type Sql, sql, withRoom } from "../sql/mod.ts";
import { Dictionary, Integers } from "./columns.ts";
import { PackedJson } from "./packed_json.ts";
import { entityKinds, idsQuery, type Spans, splitAttributes } from "./spans.ts";

/** The events and lines of the page, for `unpackRows`. */
export type PackedRows = ReturnType<typeof packRows>;

interface EventRow {
  span_id: number | null;
  time: number | null;
  type: string;
  named: number;
  attributes: string | null;
  source_id: number | null;
  line: number | null;
  offset: number | null;
}

/**
 * Reads events in order of time, the records that were kept whole, spans and
 * metrics, and packs them column by column. Objects would take a browser
 * seconds to parse; Arrow would add 45 kB of code to each page.
 *
 * If events are left out, so are the spans without any.
 */
export function packRows(
  db: Database,
  spans: Spans,
  maxEvents: number,
) {
  const texts = new Dictionary(spans.texts);
  const types = new Dictionary(spans.texts);
  const sources = new Map<number, number>();
  // Microseconds since the previous time: they compress better than times.
  let times = new Float64Array(1024);
  const columns = {
    // Index of the span; -1 for a record.
    span: new Integers(),
    // Index in typeNames.
    type: new Integers(),
    // Index in texts of further attributes as JSON, or -1.
    more: new Integers(),
    // Index in sourceIds, or -1.
    source: new Integers(),
    // From 1; -1 if unknown.
    line: new Integers(),
  };
  // Indexes in texts of the values that the templates mask, and their numbers.
  const values = new Integers();
  const valueCounts = new Integers();
  // The further spans of rows that have some.
  const otherSpans = { rows: new Integers(), spans: new Integers() };
  const { events, leftOut } = eventsThatFit(db, spans, maxEvents);
  const isShown = new Uint8Array(spans.length).fill(leftOut > 0 ? 0 : 1);
  let before: EventRow | undefined;
  let now = 0;
  for (const row of db.iterate<EventRow>(events)) {
    const span = spans.indexOf(row.span_id);
    if (span >= 0) isShown[span] = 1;
    const length = columns.span.length;
    if (before && isSameLine(before, row)) {
      otherSpans.rows.push(length - 1);
      otherSpans.spans.push(span);
      continue;
    }
    before = row;
    const { values: masked, more } = splitValues(row);
    const time = Math.round((row.time ?? NaN) * 1e6);
    times = withRoom(times, length + 1);
    times[length] = time - now;
    if (!Number.isNaN(time)) now = time;
    columns.span.push(span);
    columns.type.push(types.indexOf(`${row.named}${row.type}`));
    columns.more.push(texts.indexOf(more));
    valueCounts.push(masked.length);
    for (const value of masked) values.push(texts.indexOf(String(value)));
    columns.source.push(
      row.source_id === null
        ? -1
        : sources.getOrInsert(row.source_id, sources.size),
    );
    columns.line.push(Number(row.line ?? -1));
  }
  const length = columns.span.length;
  const json = new PackedJson();
  const onPage = pageIndexes(isShown);
  const placeOf = (span: number) => span < 0 ? -1 : onPage[span]!;
  json.write('{"columns":{"time":');
  json.numbers(times.subarray(0, length));
  json.write(',"span":');
  json.numbers(columns.span.values.map(placeOf));
  for (const name of ["type", "more", "source", "line"] as const) {
    json.write(`,"${name}":`);
    json.numbers(columns[name].values);
  }
  json.write(',"values":');
  let next = 0;
  json.list(
    Iterator.from(valueCounts.values).map((count) =>
      `[${values.values.subarray(next, next += count)}]`
    ),
  );
  const spanTypes = new Dictionary(spans.texts);
  writeSpans(json, db, spans, isShown, { texts, spanTypes });
  writeMetrics(json, db, spans, onPage, texts);
  json.write('},"otherSpans":{');
  const { rows: ofRows, spans: others } = otherSpans;
  for (let i = 0; i < ofRows.length;) {
    const row = ofRows.values[i]!;
    const from = i;
    while (ofRows.values[i] === row) i++;
    const places = others.values.slice(from, i).map(placeOf);
    json.write(`${from === 0 ? "" : ","}"${row}":[${places}]`);
  }
  json.write('},"texts":');
  json.list(texts.texts().map((text) => JSON.stringify(text)));
  // Event types, and 1 if the type is a name.
  json.write(',"typeNames":');
  json.list(
    types.texts().map((text) =>
      JSON.stringify([text.slice(1), Number(text[0])])
    ),
  );
  json.write(',"spanTypes":');
  json.list(spanTypes.texts().map((text) => JSON.stringify(text)));
  json.write("}");
  return {
    // Gzipped, in base64.
    packed: json.toBase64(),
    length,
    // How many rows exceed the limit.
    leftOut,
    sourceIds: [...sources.keys()],
  };
}

/** The index on the page of each span that is shown; -1 for the others. */
function pageIndexes(isShown: Uint8Array): Int32Array {
  let count = 0;
  return Int32Array.from(isShown, (is) => is === 1 ? count++ : -1);
}

/** Writes the columns of the spans that are shown. */
function writeSpans(
  json: PackedJson,
  db: Database,
  spans: Spans,
  isShown: Uint8Array,
  { texts, spanTypes }: Record<"texts" | "spanTypes", Dictionary>,
): void {
  const column = (numbers: Int32Array, dictionary: Dictionary) =>
    numbers.filter((_, index) => isShown[index] === 1)
      .map((number) => dictionary.indexOfNumber(number));
  json.write(',"spanType":');
  json.numbers(column(spans.types, spanTypes));
  for (const kind of entityKinds) {
    json.write(`,"span_${kind}":`);
    json.numbers(column(spans.identity[kind], texts));
  }
  const rests = new Integers();
  const rows = db.iterate<{ id: number; attributes: string }>(
    "SELECT id, attributes FROM span ORDER BY id",
  );
  for (const { id, attributes } of rows) {
    if (isShown[spans.indexOf(id)] !== 1) continue;
    const { rundir: _, ...rest } = splitAttributes(attributes).rest;
    rests.push(texts.indexOf(JSON.stringify(rest)));
  }
  json.write(',"spanRest":');
  json.numbers(rests.values);
}

// A line of a log may be an event of several spans. Rows of a database have no
// offset, and rows of two tables may have the same number.
const isSameLine = (a: EventRow, b: EventRow): boolean =>
  a.offset !== null && a.offset === b.offset && a.source_id === b.source_id &&
  a.type === b.type && a.time === b.time;

/**
 * Splits attributes into masked values and the rest: as JSON, and the lines that
 * continue the event's as they are.
 */
function splitValues(
  { type, named, attributes }: EventRow,
): { values: unknown[]; more: string | null } {
  if (attributes === null || type === recordType) {
    return { values: [], more: attributes };
  }
  if (named === 1 && !attributes.includes('"more":')) {
    return { values: [], more: attributes };
  }
  const { more, ...rest } = JSON.parse(attributes);
  let values: unknown[] = [];
  if (named === 0 && Array.isArray(rest.values)) {
    values = rest.values;
    delete rest.values;
  }
  const parts = Object.keys(rest).length > 0 ? [JSON.stringify(rest)] : [];
  if (more !== undefined) parts.push(String(more).slice(0, maxMore));
  return { values, more: parts.join("\n") || null };
}

// Characters of the lines that continue one: a page holds very many events.
const maxMore = 4096;

const recordType = "record";

function eventsThatFit(
  db: Database,
  { ids, isPart }: Spans,
  max: number,
): { events: Sql; leftOut: number } {
  const columns = sql`id, span_id, time, type, named, attributes, source_id,
    line, offset`;
  // Records belong to no run.
  const rows = isPart
    ? sql`SELECT ${columns} FROM event WHERE span_id IN (${idsQuery(ids)})`
    : sql`SELECT ${columns} FROM event
    UNION ALL SELECT id, NULL, time, ${recordType}, 0, entry, source_id, line,
      NULL FROM log_record`;
  const [{ total, named } = { total: 0, named: 0 }] = db.query<
    { total: number; named: number }
  >(sql`SELECT count(*) AS total, ifnull(sum(named), 0) AS named
    FROM (${rows})`);
  const isWhole = total <= max;
  return {
    events: sql`SELECT * FROM (${rows}) WHERE named OR ${isWhole}
      ORDER BY time IS NULL, time, source_id, line, offset, type, id
      LIMIT ${max}`,
    leftOut: isWhole ? 0 : total - Math.min(max, named),
  };
}

/** Writes metrics, summarized by span and name. */
function writeMetrics(
  json: PackedJson,
  db: Database,
  spans: Spans,
  onPage: Int32Array,
  texts: Dictionary,
): void {
  const names = ["metricMin", "metricMean", "metricMax"] as const;
  const [ofSpans, ofNames, counts] = [
    new Integers(),
    new Integers(),
    new Integers(),
  ];
  const numbers = names.map(() => new Float64Array(1024));
  const rows = db.iterate<
    Record<"span_id" | "metricCount" | typeof names[number], number> & {
      name: string;
    }
  >(
    `SELECT span_id, name, count(*) AS metricCount, min(value) AS metricMin,
      avg(value) AS metricMean, max(value) AS metricMax
    FROM metric WHERE value IS NOT NULL
    GROUP BY span_id, name ORDER BY span_id, name`,
  );
  for (const { span_id, name, metricCount, ...row } of rows) {
    const place = onPage[spans.indexOf(span_id)] ?? -1;
    if (place < 0) continue;
    for (const [i, column] of names.entries()) {
      numbers[i] = withRoom(numbers[i]!, ofSpans.length + 1);
      numbers[i]![ofSpans.length] = row[column];
    }
    ofSpans.push(place);
    ofNames.push(texts.indexOf(name));
    counts.push(metricCount);
  }
  json.write(',"metricSpan":');
  json.numbers(ofSpans.values);
  json.write(',"metricName":');
  json.numbers(ofNames.values);
  json.write(',"metricCount":');
  json.numbers(counts.values);
  for (const [i, column] of names.entries()) {
    json.write(`,"${column}":`);
    json.numbers(numbers[i]!.subarray(0, ofSpans.length));
  }
}
