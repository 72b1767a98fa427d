import { type Database, type Sql, sql } from "../sql/mod.ts";
import { Dictionary } from "./dictionary.ts";
import { idsOf, type Spans } from "./spans.ts";

/** All events and records in the order of time, column by column. */
export interface Gathered {
  /** Unix seconds; NaN where no time was given. */
  times: number[];
  /** The place of the span among all; -1 for a record. */
  spans: number[];
  /** The place of what happened in `types`. */
  types: number[];
  /** What else was said, as a place in `texts`, or -1. */
  said: number[];
  /** How many of the `values` belong to the row. */
  counts: number[];
  /** The place of the source in `sources`; -1 for none. */
  sources: number[];
  /** From 1; -1 for none. */
  lines: number[];
  /** What was masked in the templates, as places in `texts`. */
  values: number[];
  /** [row, span] for a line that speaks of several spans. */
  others: [number, number][];
  /** [what happened, whether that is a name]. */
  typeNames: [string, number][];
  texts: Dictionary;
  /** The sources' ids. */
  sourceIds: number[];
  /** How many are not there, as there are too many. */
  leftOut: number;
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

/** Reads all events, and all records that were kept whole. */
export function gather(
  db: Database,
  spans: Spans,
  maxEvents: number,
): Gathered {
  const gathered: Gathered = {
    ...{ times: [], spans: [], types: [], said: [], counts: [] },
    ...{ sources: [], lines: [], values: [], others: [] },
    ...{ typeNames: [], texts: new Dictionary(), sourceIds: [], leftOut: 0 },
  };
  const types = new Dictionary();
  const sources = new Map<number, number>();
  const { events, leftOut } = eventsThatFit(db, spans, maxEvents);
  gathered.leftOut = leftOut;
  let before: EventRow | undefined;
  for (const row of db.iterate<EventRow>(events)) {
    const span = spans.indexOf.get(row.span_id ?? -1) ?? -1;
    if (before && isSameLine(before, row)) {
      gathered.others.push([gathered.times.length - 1, span]);
      continue;
    }
    before = row;
    const { values, said } = partsOf(row);
    gathered.times.push(row.time ?? NaN);
    gathered.spans.push(span);
    gathered.types.push(types.of(`${row.named}${row.type}`));
    gathered.said.push(gathered.texts.of(said));
    gathered.counts.push(values.length);
    for (const value of values) {
      gathered.values.push(gathered.texts.of(String(value)));
    }
    let source = -1;
    if (row.source_id !== null) {
      source = sources.get(row.source_id) ?? sources.size;
      sources.set(row.source_id, source);
    }
    gathered.sources.push(source);
    gathered.lines.push(Number(row.line ?? -1));
  }
  gathered.typeNames = types.texts.map((text) => [
    text.slice(1),
    Number(text[0]),
  ]);
  gathered.sourceIds = [...sources.keys()];
  return gathered;
}

// A line of a log may be told of several spans. Rows of a database have no
// offset: those of two tables may have the same number.
const isSameLine = (a: EventRow, b: EventRow): boolean =>
  a.offset !== null && a.offset === b.offset && a.source_id === b.source_id &&
  a.type === b.type && a.time === b.time;

/** What was masked, and as JSON what else was said. */
function partsOf(
  { type, named, attributes }: EventRow,
): { values: unknown[]; said: string | null } {
  if (attributes === null || named === 1 || type === recordType) {
    return { values: [], said: attributes };
  }
  const { values, ...rest } = JSON.parse(attributes);
  if (!Array.isArray(values)) return { values: [], said: attributes };
  const hasMore = Object.keys(rest).length > 0;
  return { values, said: hasMore ? JSON.stringify(rest) : null };
}

const recordType = "record";

function eventsThatFit(
  db: Database,
  spans: Spans,
  most: number,
): { events: Sql; leftOut: number } {
  // A record belongs to no run.
  const hasRecords = !spans.isPart && db.query(
        "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'log_record'",
      ).length > 0;
  const all = sql`SELECT id, span_id, time, type, named, attributes, source_id,
    line, offset FROM event ${
    spans.isPart ? sql`WHERE span_id IN (${idsOf(spans)})` : sql``
  }`;
  const records = hasRecords
    ? sql`UNION ALL SELECT id, NULL, time, ${recordType}, 0, entry, source_id,
      line, NULL FROM log_record`
    : sql``;
  const count = (rows: Sql) =>
    Number(
      db.query<{ n: number }>(sql`SELECT count(*) AS n FROM (${rows})`)[0]!
        .n,
    );
  const everything = sql`${all} ${records}`;
  const total = count(everything);
  const chosen = total > most
    ? sql`SELECT * FROM (${all}) WHERE named = 1`
    : everything;
  return {
    events: sql`SELECT * FROM (${chosen})
      ORDER BY time IS NULL, time, source_id, line, offset, type, id
      LIMIT ${most}`,
    leftOut: total > most ? total - Math.min(most, count(chosen)) : 0,
  };
}
