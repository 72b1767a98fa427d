import { lazyModule } from "../display/lazy_module.ts";
import { type Database, type Sql, sql } from "../sql/mod.ts";
import { entityKinds, idsQuery, type Spans } from "./spans.ts";

const zlib = lazyModule<typeof import("node:zlib")>(() => "node:zlib");

/** The events and lines of the page, for `unpackRows`. */
export type PackedRows = ReturnType<typeof packRows>;

// Most events have none; an array for each takes more than its row.
const noValues: number[] = [];

/** Numbers distinct texts in the order in which they come. */
class Dictionary {
  readonly texts: string[] = [];
  readonly #indexes = new Map<string, number>();

  /** The index of a text; -1 for none. */
  indexOf(text: string | null | undefined): number {
    if (text === null || text === undefined) return -1;
    return this.#indexes.getOrInsertComputed(
      text,
      () => this.texts.push(text) - 1,
    );
  }
}

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
 */
export function packRows(
  db: Database,
  spans: Spans,
  maxEvents: number,
) {
  const texts = new Dictionary();
  const types = new Dictionary();
  const spanTypes = new Dictionary();
  const sources = new Map<number, number>();
  const columns = {
    // Microseconds since the previous time: they compress better than times.
    time: [] as number[],
    // Index of the span; -1 for a record.
    span: [] as number[],
    // Index in typeNames.
    type: [] as number[],
    // Index in texts of further attributes as JSON, or -1.
    more: [] as number[],
    // Indexes in texts of the values that the template masks.
    values: [] as number[][],
    // Index in sourceIds, or -1.
    source: [] as number[],
    // From 1; -1 if unknown.
    line: [] as number[],
  };
  // The further spans of rows that have some.
  const otherSpans: Record<number, number[]> = {};
  const { events, leftOut } = eventsThatFit(db, spans, maxEvents);
  let before: EventRow | undefined;
  let now = 0;
  for (const row of db.iterate<EventRow>(events)) {
    const span = spans.indexOf.get(row.span_id ?? -1) ?? -1;
    if (before && isSameLine(before, row)) {
      (otherSpans[columns.time.length - 1] ??= []).push(span);
      continue;
    }
    before = row;
    const { values, more } = splitValues(row);
    const time = Math.round((row.time ?? NaN) * 1e6);
    columns.time.push(time - now);
    if (!Number.isNaN(time)) now = time;
    columns.span.push(span);
    columns.type.push(types.indexOf(`${row.named}${row.type}`));
    columns.more.push(texts.indexOf(more));
    columns.values.push(
      values.length === 0
        ? noValues
        : values.map((value) => texts.indexOf(String(value))),
    );
    columns.source.push(
      row.source_id === null
        ? -1
        : sources.getOrInsert(row.source_id, sources.size),
    );
    columns.line.push(Number(row.line ?? -1));
  }
  const { all } = spans;
  const ofSpans = {
    spanType: all.map(({ type }) => spanTypes.indexOf(type)),
    spanRest: all.map(({ rest }) => texts.indexOf(rest)),
    ...Object.fromEntries(entityKinds.map((kind) => [
      `span_${kind}`,
      all.map(({ identity }) => texts.indexOf(identity[kind])),
    ])),
  };
  const ofMetrics = metricColumns(db, spans, texts);
  const json = JSON.stringify({
    texts: texts.texts,
    // Event types, and 1 if the type is a name.
    typeNames: types.texts.map((text) => [text.slice(1), Number(text[0])]),
    spanTypes: spanTypes.texts,
    otherSpans,
    columns: { ...columns, ...ofSpans, ...ofMetrics },
  });
  return {
    // Gzipped, in base64.
    packed: new Uint8Array(zlib.gzipSync(json)).toBase64(),
    length: columns.time.length,
    // How many rows exceed the limit.
    leftOut,
    sourceIds: [...sources.keys()],
  };
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
  { all, isPart }: Spans,
  max: number,
): { events: Sql; leftOut: number } {
  const columns = sql`id, span_id, time, type, named, attributes, source_id,
    line, offset`;
  // Records belong to no run.
  const rows = isPart
    ? sql`SELECT ${columns} FROM event WHERE span_id IN (${idsQuery(all)})`
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

/** Metrics, summarized by span and name. */
function metricColumns(
  db: Database,
  { indexOf }: Spans,
  texts: Dictionary,
): Record<string, number[]> {
  const rows = db.query<Record<string, number> & { name: string }>(
    `SELECT span_id, name, count(*) AS metricCount, min(value) AS metricMin,
      avg(value) AS metricMean, max(value) AS metricMax
    FROM metric WHERE value IS NOT NULL
    GROUP BY span_id, name ORDER BY span_id, name`,
  ).filter(({ span_id }) => indexOf.has(span_id!));
  const numbers = ["metricCount", "metricMin", "metricMean", "metricMax"];
  return {
    metricSpan: rows.map(({ span_id }) => indexOf.get(span_id!)!),
    metricName: rows.map(({ name }) => texts.indexOf(name)),
    ...Object.fromEntries(
      numbers.map((column) => [column, rows.map((row) => row[column]!)]),
    ),
  };
}
