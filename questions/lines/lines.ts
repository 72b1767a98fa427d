import { type Database, Sql, sql } from "../../sql/mod.ts";
import { showReport } from "../../display/text/rows.ts";
import { linesAround, type LinesOfFile } from "./lines_around.ts";

/** How much {@linkcode lines} gives. */
export interface LinesOptions {
  /** How many lines before and behind that of the event. By default 0. */
  context?: number;
}

/** A line of a source: a row of {@linkcode lines}. */
export interface SourceLine {
  /** The event around which it is. */
  event_id: number;
  /** Where the source lay when it was imported. */
  path: string | null;
  /** The line there, from 1; of a database the rowid. */
  line: number | null;
  /** 1 for the line of the event, 0 for those around it. */
  is_event: number;
  /** What it says, without its end; of a very long line the beginning. */
  text: string | null;
  /** The table, where the source is a database. */
  table: string | null;
  /** Why there is no text; null where there is. */
  problem: string | null;
}

/**
 * The lines of the logs in which events were found, and those around them, as
 * they are on disk: also in a tarball or a file packed with gzip. For each event
 * its rows, in the order of the lines.
 *
 * Where a file is gone, or is not what it was, the row says so in `problem`, and
 * has no text; what was written behind what was imported does not matter. For an
 * event out of a database there is its table, and in `line` the rowid.
 *
 * Each file is read once, from its start as far as it was imported: half a second
 * for 100 MB.
 *
 * @param events ids of events, rows that have them as event_id, such as those of
 * `eventsOf` and `story`, or a query that gives such rows
 * @param options context: how many lines before and behind. By default 0
 * @throws {RangeError} where context is no whole number from 0
 *
 * @example
 * ```ts
 * import { openDatabase, sql } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { lines } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/tz/runinfo");
 *
 * const events = sql`SELECT min(id) AS event_id FROM event
 *   WHERE type = 'worker_received_task'`;
 * const [before, it, after] = lines(db, events, { context: 1 });
 * assert.match(it!.text!, /received executor task/i);
 * assert.deepEqual([before!.line, after!.line], [it!.line! - 1, it!.line! + 1]);
 * ```
 */
export function lines(
  db: Database,
  events: Sql | Iterable<number | { event_id: number }>,
  { context = 0 }: LinesOptions = {},
): SourceLine[] {
  if (!Number.isInteger(context) || context < 0) {
    throw new RangeError(`context is a number of lines, not ${context}`);
  }
  const wanted = placesOf(db, idsOf(db, events));
  const bySource = Map.groupBy(
    wanted.filter(({ offset }) => offset !== null),
    ({ source_id }) => source_id,
  );
  const found = new Map([...bySource].map(([id, places]) => {
    const { path, bytes, fingerprint } = places[0]!;
    const offsets = new Set(places.map(({ offset }) => offset!));
    const source = { path: path!, bytes, fingerprint };
    return [id, linesAround(source, offsets, context)] as const;
  }));
  const rows = wanted.flatMap((place) =>
    rowsOf(place, found.get(place.source_id))
  );
  return showReport(rows, {
    kinds: { is_event: "mark" },
    secondary: ["path", "event_id", "table"],
    whole: ["text"],
  });
}

interface Place {
  event_id: number;
  source_id: number | null;
  path: string | null;
  line: number | null;
  offset: number | null;
  table: string | null;
  bytes: number;
  fingerprint: string | null;
}

function idsOf(
  db: Database,
  events: Sql | Iterable<number | { event_id: number }>,
): number[] {
  const rows = events instanceof Sql
    ? db.query<{ event_id: number }>(events)
    : events;
  return Array.from(
    rows,
    (event) => typeof event === "number" ? event : event.event_id,
  );
}

const placesOf = (db: Database, ids: readonly number[]): Place[] =>
  db.query<Place>(sql`
    SELECT event.id AS event_id, source_id, source.path, line, offset,
      event.attributes ->> 'table' AS "table", ifnull(source.bytes, 0) AS bytes,
      fingerprint
    FROM json_each(${JSON.stringify(ids)}) AS wanted
      JOIN event ON event.id = wanted.value
      LEFT JOIN source ON source.id = source_id
    ORDER BY wanted.key`);

function rowsOf(place: Place, found: LinesOfFile | undefined): SourceLine[] {
  const { event_id, path, line, offset, table } = place;
  const row = { event_id, path, line, is_event: 1, text: null, table };
  if (!found) {
    const problem = path === null
      ? "no source says where this was said"
      : `${path} has no lines of text`;
    return [{ ...row, problem: table === null ? problem : null }];
  }
  if (found.problem !== undefined) return [{ ...row, problem: found.problem }];
  return found.lines.get(offset!)!.map(({ text, from }) => ({
    ...row,
    line: line === null ? null : line + from,
    is_event: Number(from === 0),
    text,
    problem: null,
  }));
}
