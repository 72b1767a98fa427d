import { type Database, type Sql, sql, withRoom } from "../sql/mod.ts";
import { Dictionary, Integers } from "./columns.ts";
import { Messages } from "./messages.ts";
import {
  differences,
  PackedColumns,
  PackedIntegers,
  sinceLast,
} from "./packed_columns.ts";
import { PackedJson } from "./packed_json.ts";
import { packMetrics, packRelations, packSpans } from "./packed_spans.ts";
import { idsQuery, type Spans } from "./spans.ts";

interface EventRow {
  span_id: number | null;
  time: number | null;
  type: string;
  named: number;
  attributes: string | null;
  origin_id: number | null;
  source_id: number | null;
  line: number | null;
  offset: number | null;
}

/**
 * Reads events in the order of a story, which is that of time, the records that
 * were kept whole, spans, their relations and metrics, and packs them column by
 * column. Objects would take a browser seconds to parse; Arrow would add 45 kB of
 * code to each page.
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
  const origins = new Map<number, number>();
  const messages = new Messages(spans.texts, texts);
  const columns = {
    // Text of attributes as JSON, without those in other columns.
    attributes: new PackedIntegers(),
    // Text of the lines that continue the event's.
    more: new PackedIntegers(),
    // Index in sourceIds, or -1.
    source: new PackedIntegers(),
    // Index in origins, from 1; 0 if unknown.
    origin: new PackedIntegers(),
    // From 1, or -1; since the previous line of the source.
    line: new PackedIntegers(),
  };
  const [ofSpans, ofTypes, ofSources] = [
    new Integers(),
    new Integers(),
    new Integers(),
  ];
  const lastLines: number[] = [];
  // By the index of a source, 1 if it has lines rather than rows.
  const withOffsets: number[] = [];
  // The further spans of rows that have some.
  const otherSpans = { rows: new Integers(), spans: new Integers() };
  const { events, leftOut } = eventsThatFit(db, spans, maxEvents);
  const isShown = new Uint8Array(spans.length).fill(leftOut > 0 ? 0 : 1);
  const isLine = new SameLines();
  let times = new Float64Array(1024);
  let timed = 0;
  let moreCharacters = 0;
  for (const row of db.iterate<EventRow>(events)) {
    const span = spans.indexOf(row.span_id);
    if (span >= 0) isShown[span] = 1;
    const { length } = ofSpans;
    const known = isLine.rowOf(row, length);
    if (known < length) {
      otherSpans.rows.push(known);
      otherSpans.spans.push(span);
      continue;
    }
    const { values, more, rest } = splitEvent(row);
    if (row.time !== null) {
      times = withRoom(times, timed + 1);
      times[timed++] = row.time;
    }
    const type = types.indexOf(`${row.named}${row.type}`);
    ofSpans.push(span);
    ofTypes.push(type);
    const source = row.source_id === null
      ? -1
      : sources.getOrInsert(row.source_id, sources.size);
    ofSources.push(source);
    columns.source.push(source);
    columns.attributes.push(texts.codeOf(rest));
    const max = moreCharacters > maxMore ? maxLateMore : Infinity;
    const kept = more && more.length > max ? `${more.slice(0, max)}…` : more;
    moreCharacters += kept?.length ?? 0;
    columns.more.push(texts.codeOf(kept));
    columns.origin.push(
      row.origin_id === null
        ? 0
        : origins.getOrInsert(row.origin_id, origins.size + 1),
    );
    const line = Number(row.line ?? -1);
    columns.line.push(line - (lastLines[source + 1] ?? 0));
    lastLines[source + 1] = line;
    if (source >= 0) withOffsets[source] = Number(row.offset !== null);
    messages.add(row, values);
  }
  messages.read(db, [...sources.keys()], ofSources.values);
  const { length } = ofSpans;
  const onPage = pageIndexes(isShown);
  const placeOf = (span: number) => span < 0 ? -1 : onPage[span]!;
  const spanOfRow = ofSpans.values;
  const page = new PackedColumns();
  for (const [name, column] of Object.entries(columns)) {
    page.integers(name, column);
  }
  times = times.subarray(0, timed);
  const ticks = ticksOf(times);
  page.integers(
    "time",
    differences(times.map((time) => Math.round(time * ticks))),
  );
  page.integers("type", ofTypes.values);
  // Most events of a type are of one span after the other.
  page.integers(
    "span",
    sinceLast(ofTypes.values, (row) => placeOf(spanOfRow[row]!)),
  );
  page.integers("otherRow", differences(otherSpans.rows.values));
  page.integers("otherSpan", otherSpans.spans.values.map(placeOf));
  messages.pack(page, ofTypes.values);
  const spanTypes = new Dictionary(spans.texts);
  packSpans(page, db, spans, isShown, { texts, spanTypes });
  packRelations(page, db, spans, onPage);
  packMetrics(page, db, spans, onPage, texts);
  const json = new PackedJson();
  const head = {
    ticks,
    withOffsets,
    ...kindsOf(db, [...spanTypes.texts()]),
    // Event types, and 1 if the type is a name.
    typeNames: types.texts().map((text) => [text.slice(1), Number(text[0])])
      .toArray(),
    origins: originsOf(db, [...origins.keys()]),
    messages: [...messages.templates()],
  };
  for (const bytes of page.pieces(head)) json.bytes(bytes);
  json.list(texts.texts().map((text) => JSON.stringify(text)));
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

/**
 * Ticks per second: microseconds, unless some times are finer, as in pickles.
 * Numbers of Unix seconds have 22 bits after the point.
 */
const ticksOf = (times: Float64Array): number =>
  times.every((time) => Math.round(time * 1e6) / 1e6 === time) ? 1e6 : 2 ** 22;

/** What formats know about types of spans, and where events move a task. */
function kindsOf(db: Database, types: readonly string[]) {
  const kinds = new Map(
    db.query<{ type: string; role: string | null; identity: string }>(
      "SELECT type, role, identity FROM span_kind",
    ).map((kind) => [kind.type, kind]),
  );
  return {
    spanTypes: types.map((type) => {
      const { role = null, identity = null } = kinds.get(type) ?? {};
      return [type, role, identity];
    }),
    places: db.query<{ span_type: string; event_type: string; place: string }>(
      `SELECT span_type, event_type, place FROM event_kind
      WHERE place IS NOT NULL`,
    ).map(({ span_type, event_type, place }) => [span_type, event_type, place]),
  };
}

/** The process, thread, logger and level of each writer. */
function originsOf(db: Database, ids: readonly number[]) {
  interface Origin {
    id: number;
    process: string | null;
    thread: string | null;
    logger: string | null;
    level: string | null;
  }
  const origins = new Map(
    db.query<Origin>("SELECT id, process, thread, logger, level FROM origin")
      .map((origin) => [origin.id, origin]),
  );
  return ids.map((id) => {
    const { process = null, thread = null, logger = null, level = null } =
      origins.get(id) ?? {};
    return [process, thread, logger, level];
  });
}

/**
 * Finds the row of an earlier event of the same line, type and time: a line may
 * be about several spans. Rows of a database have no offset, and rows of two
 * tables may have the same number.
 */
class SameLines {
  #line: Pick<EventRow, "source_id" | "offset" | "time"> | undefined;
  readonly #rows = new Map<string, number>();

  /** The row of the event: a known one, or the next. */
  rowOf(event: EventRow, next: number): number {
    if (event.offset === null) return next;
    const { source_id, offset, time } = event;
    const line = this.#line;
    if (
      line?.offset !== offset || line.source_id !== source_id ||
      line.time !== time
    ) {
      this.#rows.clear();
      this.#line = { source_id, offset, time };
    }
    return this.#rows.getOrInsert(event.type, next);
  }
}

/**
 * Splits attributes into masked values, the lines that continue the event's, and
 * the rest as JSON.
 */
function splitEvent(
  { type, named, attributes }: EventRow,
): { values: unknown[]; more: string | null; rest: string | null } {
  if (attributes === null) return { values: [], more: null, rest: null };
  if (type === recordType) return { values: [], more: attributes, rest: null };
  if (named === 1 && !attributes.includes('"more":')) {
    return { values: [], more: null, rest: attributes };
  }
  const { more, ...rest } = JSON.parse(attributes);
  let values: unknown[] = [];
  if (named === 0 && Array.isArray(rest.values)) {
    values = rest.values;
    delete rest.values;
  }
  return {
    values,
    more: more === undefined ? null : String(more),
    rest: Object.keys(rest).length > 0 ? JSON.stringify(rest) : null,
  };
}

// Characters of the lines that continue others. After so many, each event keeps
// the first ones.
const maxMore = 50_000_000;
const maxLateMore = 2000;

const recordType = "record";

function eventsThatFit(
  db: Database,
  { ids, isPart }: Spans,
  max: number,
): { events: Sql; leftOut: number } {
  const columns = sql`id, span_id, time, type, named, attributes, origin_id,
    source_id, line, offset`;
  // Records belong to no run.
  const rows = isPart
    ? sql`SELECT ${columns} FROM event WHERE span_id IN (${idsQuery(ids)})`
    : sql`SELECT ${columns} FROM event
    UNION ALL SELECT id, NULL, time, ${recordType}, 0, entry, NULL, source_id,
      line, NULL FROM log_record`;
  const [{ total, named } = { total: 0, named: 0 }] = db.query<
    { total: number; named: number }
  >(sql`SELECT count(*) AS total, ifnull(sum(named), 0) AS named
    FROM (${rows})`);
  const isWhole = total <= max;
  return {
    events: sql`SELECT * FROM (${rows}) WHERE named OR ${isWhole}
      ORDER BY time IS NULL, time, id LIMIT ${max}`,
    leftOut: isWhole ? 0 : total - Math.min(max, named),
  };
}
