import {
  fileOnDisk,
  packingLength,
  packingOf,
} from "../../importers/container/packing.ts";
import { chunksOf, joined, peek } from "../../importers/container/chunks.ts";
// Loaded for compressed files only, because it asks for permissions.
import defer * as packing from "../../importers/container/unpack.ts";
import { sha256 } from "../../importers/container/sha256.ts";
import { messageOf } from "../../display/text/format.ts";
import { type Database, spanSql as sql, Sql } from "../../sql/mod.ts";
import { answer } from "../answer.ts";
import { attributesIn, foldedLines } from "./continued.ts";

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
  const bySource = Map.groupBy(
    wanted.filter(({ offset }) => offset !== null),
    ({ source_id }) => source_id,
  );
  const found = new Map(
    Array.from(bySource, ([id, places]) => {
      const offsets = new Set(places.map(({ offset }) => offset!));
      return [id, linesAround(places[0]!, offsets, context)];
    }),
  );
  const rows = wanted.flatMap((place) =>
    rowsOf(place, found.get(place.source_id))
  );
  return answer(rows, ["path", "event_id", "table", "more"], {
    whole: ["text"],
  });
}

interface Place
  extends Pick<SourceLine, "event_id" | "path" | "line" | "table"> {
  attributes: string | null;
  source_id: number | null;
  offset: number | null;
  bytes: number;
  fingerprint: string | null;
}

const placesOf = (db: Database, ids: readonly number[]): Place[] =>
  db.query<Place>(sql`
    SELECT event.id AS event_id, source_id, source.path, line, offset,
      event.attributes, event.attributes ->> 'table' AS "table",
      ifnull(source.bytes, 0) AS bytes, fingerprint
    FROM json_each(${JSON.stringify(ids)}) AS wanted
      JOIN event ON event.id = wanted.value
      LEFT JOIN source ON source.id = source_id
    ORDER BY wanted.key`);

function rowsOf(place: Place, found: LinesOfFile | undefined): SourceLine[] {
  const { event_id, path, line, offset, table } = place;
  const more = foldedLines(attributesIn(place.attributes)) ?? null;
  const row = { event_id, path, line, is_event: 1, text: null, more, table };
  if (!found) {
    const problem = path === null
      ? "the event has no source"
      : `${path} has no lines of text`;
    return [{ ...row, problem: table === null ? problem : null }];
  }
  if (typeof found === "string") return [{ ...row, problem: found }];
  return found.get(offset!)!.map(({ text, from }) => ({
    ...row,
    line: line === null ? null : line + from,
    is_event: Number(from === 0),
    text,
    more: from === 0 ? more : null,
    problem: null,
  }));
}

/** A line near a wanted one. */
interface NearLine {
  text: string;
  /** Distance to the wanted line: -1 is the line before it. */
  from: number;
}

/** The lines for each wanted offset, or the reason for their absence. */
type LinesOfFile = ReadonlyMap<number, NearLine[]> | string;

/**
 * Reads the lines that begin at some offsets of a source, with context. Reads
 * everything that was imported, to compare its fingerprint.
 */
function linesAround(
  source: Place,
  offsets: ReadonlySet<number>,
  context: number,
): LinesOfFile {
  const { bytes, fingerprint } = source;
  const path = source.path!;
  const hash = sha256();
  let left = bytes;
  function* imported(chunks: Iterable<Uint8Array>): Generator<Uint8Array> {
    for (const chunk of chunks) {
      const part = chunk.subarray(0, left);
      left -= part.length;
      hash.update(part);
      yield part;
      if (left === 0) return;
    }
  }
  let held: Generator<Uint8Array> | undefined;
  try {
    const container = fileOnDisk(path);
    if (container === undefined) return `${path} is gone`;
    held = chunksOf(container);
    const { start, all } = peek(held, packingLength);
    const files = packingOf(start)
      ? packing.unpack(container, all)
      : [{ path: container, chunks: all }];
    for (const file of files) {
      if (file.path !== path) continue;
      const lines = near(imported(file.chunks), offsets, context);
      const isSame = left === 0 && fingerprint?.endsWith(hash.digest("hex")) &&
        lines.size === offsets.size;
      return isSame ? lines : `${path} has changed since it was imported`;
    }
    return `${path} is no longer in ${container}`;
  } catch (error) {
    return `${path} cannot be read: ${messageOf(error)}`;
  } finally {
    held?.return(undefined);
  }
}

// A log without any end of line is not text.
const maxLineBytes = 1 << 16;

function near(
  chunks: Iterable<Uint8Array>,
  offsets: ReadonlySet<number>,
  context: number,
): Map<number, NearLine[]> {
  const found = new Map<number, NearLine[]>();
  const before: Uint8Array[] = [];
  let open: { lines: NearLine[]; from: number }[] = [];
  for (const { offset, line } of linesOf(chunks)) {
    for (const one of open) one.lines.push(nearLine(line, ++one.from));
    open = open.filter(({ from }) => from < context);
    if (offsets.has(offset)) {
      const lines = before.map((line, i) => nearLine(line, i - before.length));
      lines.push(nearLine(line, 0));
      found.set(offset, lines);
      if (context > 0) open.push({ lines, from: 0 });
    }
    before.push(line);
    if (before.length > context) before.shift();
  }
  return found;
}

const decoder = new TextDecoder();

const nearLine = (line: Uint8Array, from: number): NearLine => ({
  text: decoder.decode(line).replace(/\r$/, ""),
  from,
});

/** Yields lines without their ends, and the offset of each. */
function* linesOf(
  chunks: Iterable<Uint8Array>,
): Generator<{ offset: number; line: Uint8Array }> {
  let rest: Uint8Array = new Uint8Array(0);
  // Bytes of the rest that were too many to keep.
  let lost = 0;
  let offset = 0;
  for (const chunk of chunks) {
    const bytes = joined([rest, chunk]);
    let at = 0;
    for (let end; (end = bytes.indexOf(10, at)) >= 0; at = end + 1) {
      yield {
        offset,
        line: bytes.subarray(at, Math.min(end, at + maxLineBytes)),
      };
      offset += end + 1 - at + lost;
      lost = 0;
    }
    rest = bytes.subarray(at, at + maxLineBytes);
    lost += bytes.length - at - rest.length;
  }
  if (rest.length) yield { offset, line: rest };
}
