import { gzipSync } from "node:zlib";
import { type Database, type Sql, sql } from "../sql/mod.ts";
import { entityKinds, idsQuery, type Spans } from "./spans.ts";

/** Events and records in order of time, column by column. */
export interface PageRows {
  columns: {
    /** Unix seconds; NaN if unknown. */
    time: number[];
    /** Index of the span; -1 for a record. */
    span: number[];
    /** Index in `typeNames`. */
    type: number[];
    /** Index in `texts` of further attributes as JSON, or -1. */
    more: number[];
    /** How many of the values belong to the row. */
    count: number[];
    /** Indexes in `texts` of the values that templates mask. */
    value: number[];
    /** Index in `sourceIds`, or -1. */
    source: number[];
    /** From 1; -1 if unknown. */
    line: number[];
    /** Rows with further spans, and these spans. */
    otherRow: number[];
    otherSpan: number[];
  };
  /** Event types, and 1 if the type is a name. */
  typeNames: [string, number][];
  texts: Dictionary;
  sourceIds: number[];
  /** How many rows exceed the limit. */
  leftOut: number;
}

/** Numbers distinct texts in the order in which they come. */
class Dictionary {
  readonly texts: string[] = [];
  readonly #indexes = new Map<string, number>();

  /** The index of a text; -1 for none. */
  indexOf(text: string | null | undefined): number {
    if (text === null || text === undefined) return -1;
    let index = this.#indexes.get(text);
    if (index === undefined) {
      index = this.texts.push(text) - 1;
      this.#indexes.set(text, index);
    }
    return index;
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

/** Reads events, and the records that were kept whole. */
export function readPageRows(
  db: Database,
  spans: Spans,
  maxEvents: number,
): PageRows {
  const columns: PageRows["columns"] = {
    time: [],
    span: [],
    type: [],
    more: [],
    count: [],
    value: [],
    source: [],
    line: [],
    otherRow: [],
    otherSpan: [],
  };
  const texts = new Dictionary();
  const types = new Dictionary();
  const sources = new Map<number, number>();
  const { events, leftOut } = eventsThatFit(db, spans, maxEvents);
  let before: EventRow | undefined;
  for (const row of db.iterate<EventRow>(events)) {
    const span = spans.indexOf.get(row.span_id ?? -1) ?? -1;
    if (before && isSameLine(before, row)) {
      columns.otherRow.push(columns.time.length - 1);
      columns.otherSpan.push(span);
      continue;
    }
    before = row;
    const { values, more } = splitValues(row);
    columns.time.push(row.time ?? NaN);
    columns.span.push(span);
    columns.type.push(types.indexOf(`${row.named}${row.type}`));
    columns.more.push(texts.indexOf(more));
    columns.count.push(values.length);
    for (const value of values) {
      columns.value.push(texts.indexOf(String(value)));
    }
    columns.source.push(
      row.source_id === null
        ? -1
        : sources.getOrInsert(row.source_id, sources.size),
    );
    columns.line.push(Number(row.line ?? -1));
  }
  return {
    columns,
    typeNames: types.texts.map((text) => [text.slice(1), Number(text[0])]),
    texts,
    sourceIds: [...sources.keys()],
    leftOut,
  };
}

// A line of a log may be an event of several spans. Rows of a database have no
// offset, and rows of two tables may have the same number.
const isSameLine = (a: EventRow, b: EventRow): boolean =>
  a.offset !== null && a.offset === b.offset && a.source_id === b.source_id &&
  a.type === b.type && a.time === b.time;

/** Splits attributes into masked values and the rest, as JSON. */
function splitValues(
  { type, named, attributes }: EventRow,
): { values: unknown[]; more: string | null } {
  if (attributes === null || named === 1 || type === recordType) {
    return { values: [], more: attributes };
  }
  const { values, ...rest } = JSON.parse(attributes);
  if (!Array.isArray(values)) return { values: [], more: attributes };
  const hasMore = Object.keys(rest).length > 0;
  return { values, more: hasMore ? JSON.stringify(rest) : null };
}

const recordType = "record";

function eventsThatFit(
  db: Database,
  { all, isPart }: Spans,
  max: number,
): { events: Sql; leftOut: number } {
  const events = sql`SELECT id, span_id, time, type, named, attributes,
    source_id, line, offset FROM event ${
    isPart ? sql`WHERE span_id IN (${idsQuery(all)})` : sql``
  }`;
  // Records belong to no run.
  const rows = isPart || !hasTable(db, "log_record") ? events : sql`${events}
    UNION ALL SELECT id, NULL, time, ${recordType}, 0, entry, source_id, line,
      NULL FROM log_record`;
  const count = (rows: Sql) =>
    Number(
      db.query<{ n: number }>(sql`SELECT count(*) AS n FROM (${rows})`)[0]!.n,
    );
  const total = count(rows);
  const chosen = total > max
    ? sql`SELECT * FROM (${events}) WHERE named = 1`
    : rows;
  return {
    events: sql`SELECT * FROM (${chosen})
      ORDER BY time IS NULL, time, source_id, line, offset, type, id
      LIMIT ${max}`,
    leftOut: total > max ? total - Math.min(max, count(chosen)) : 0,
  };
}

const hasTable = (db: Database, name: string): boolean =>
  db.query(sql`SELECT 1 FROM sqlite_schema
    WHERE type = 'table' AND name = ${name}`).length > 0;

/**
 * Packs spans, rows and metrics for the page: columns as JSON, gzipped, in
 * base64. Objects instead of columns would take a browser seconds to parse;
 * Arrow would add 45 kB of code to each page.
 */
export function packRows(db: Database, spans: Spans, rows: PageRows): string {
  const { all } = spans;
  const { texts, typeNames } = rows;
  const types = new Dictionary();
  const columns = {
    ...rows.columns,
    time: timeDifferences(rows.columns.time),
    spanType: all.map(({ type }) => types.indexOf(type)),
    spanRest: all.map(({ rest }) => texts.indexOf(JSON.stringify(rest))),
    ...metricColumns(db, spans, texts),
    ...Object.fromEntries(entityKinds.map((kind) => [
      `span_${kind}`,
      all.map(({ identity }) => texts.indexOf(identity[kind])),
    ])),
  };
  const packed = gzipSync(JSON.stringify({
    texts: texts.texts,
    typeNames,
    spanTypes: types.texts,
    columns,
  }));
  return new Uint8Array(packed).toBase64();
}

/** Microseconds since the previous time: they compress better than times. */
function timeDifferences(times: readonly number[]): number[] {
  let before = 0;
  return times.map((time) => {
    const now = Math.round(time * 1e6);
    const difference = now - before;
    if (!Number.isNaN(now)) before = now;
    return difference;
  });
}

interface MetricRow {
  span_id: number;
  name: string;
  n: number;
  least: number;
  mean: number;
  most: number;
}

/** Metrics, summarized by span and name. */
function metricColumns(
  db: Database,
  { indexOf }: Spans,
  texts: Dictionary,
): Record<string, number[]> {
  const rows = !hasTable(db, "metric") ? [] : db.query<MetricRow>(
    `SELECT span_id, name, count(*) AS n, min(value) AS least,
      avg(value) AS mean, max(value) AS most
    FROM metric WHERE value IS NOT NULL
    GROUP BY span_id, name ORDER BY span_id, name`,
  ).filter(({ span_id }) => indexOf.has(span_id));
  return {
    metricSpan: rows.map(({ span_id }) => indexOf.get(span_id)!),
    metricName: rows.map(({ name }) => texts.indexOf(name)),
    metricCount: rows.map(({ n }) => n),
    metricMin: rows.map(({ least }) => least),
    metricMean: rows.map(({ mean }) => mean),
    metricMax: rows.map(({ most }) => most),
  };
}
