import { type Database, spanSql as sql, Sql } from "../../sql/mod.ts";
import { answer } from "../answer.ts";
import { attributesIn, foldedLines } from "./continued.ts";
import { type LinesOfFile, linesOfSources, type Place } from "./read_lines.ts";

/** Options of {@linkcode lines}. */
export interface LinesOptions {
  /** Number of lines before and after the event's. By default 0. */
  context?: number;
}

/** A line of a source: a row of {@linkcode lines}. */
export interface SourceLine {
  /** The event that it belongs to. */
  event_id: number;
  /** Path of the source at the time of the import. */
  path: string | null;
  /** The line there, from 1; the rowid in a database. */
  line: number | null;
  /** 1 for the line of the event, 0 for its context. */
  is_event: number;
  /** The line without its end; the beginning of a very long one. */
  text: string | null;
  /**
   * The lines that continue the event's, folded: "ValueError: disk full (4 more
   * lines)". Null in context, and if there are none.
   */
  more: string | null;
  /** The table, if the source is a database. */
  table: string | null;
  /** Reason for a missing text; null if there is one. */
  problem: string | null;
}

/**
 * Reads the lines of the logs that events come from, with context, as they are on
 * disk, in a tarball or in a file compressed with gzip. The rows of each event
 * are in the order of the lines.
 *
 * If a file is missing or has changed, the row has no text and a reason in
 * `problem`; growth since the import does not matter. An event from a database
 * has its table, and the rowid in `line`.
 *
 * Reads each file once, from its start to the imported end: half a second for
 * 100 MB.
 *
 * @param events ids of events, rows with a column event_id, such as those of
 * `eventsOf` and `story`, or a query that returns such rows
 * @param options context: number of lines before and after. By default 0
 * @throws {RangeError} if context is not a whole number from 0
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
  const given = events instanceof Sql
    ? db.query<{ event_id: number }>(events)
    : events;
  const ids = Array.from(
    given,
    (event) => typeof event === "number" ? event : event.event_id,
  );
  const wanted = placesOf(db, ids);
  const found = linesOfSources(wanted, context);
  const rows = wanted.flatMap((place) =>
    rowsOf(place, found.get(place.source_id))
  );
  return answer(rows, ["path", "event_id", "table", "more"], {
    whole: ["text"],
  });
}

interface WantedPlace
  extends Place, Pick<SourceLine, "event_id" | "line" | "table"> {
  attributes: string | null;
}

const placesOf = (db: Database, ids: readonly number[]): WantedPlace[] =>
  db.query<WantedPlace>(sql`
    SELECT event.id AS event_id, source_id, source.path, line, offset,
      event.attributes, event.attributes ->> 'table' AS "table",
      ifnull(source.bytes, 0) AS bytes, fingerprint
    FROM json_each(${JSON.stringify(ids)}) AS wanted
      JOIN event ON event.id = wanted.value
      LEFT JOIN source ON source.id = source_id
    ORDER BY wanted.key`);

function rowsOf(
  place: WantedPlace,
  found: LinesOfFile | undefined,
): SourceLine[] {
  const { event_id, path, line, offset, table } = place;
  const more = foldedLines(attributesIn(place.attributes)) ?? null;
  const row = { event_id, path, line, is_event: 1, text: null, more, table };
  if (!found || offset === null) {
    const problem = path === null
      ? "the event has no source"
      : `the event names no line of ${path}`;
    return [{ ...row, problem: table === null ? problem : null }];
  }
  if (typeof found === "string") return [{ ...row, problem: found }];
  return found.get(offset)!.map(({ text, from }) => ({
    ...row,
    line: line === null ? null : line + from,
    is_event: Number(from === 0),
    text,
    more: from === 0 ? more : null,
    problem: null,
  }));
}
