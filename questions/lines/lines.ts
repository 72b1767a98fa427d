import { checkQuestion } from "../../display/text/mistakes.ts";
import { count } from "../../display/text/format.ts";
import { attributesIn } from "../../display/text/repeated_accounts.js";
import { visible } from "../../display/text/untrusted.ts";
import { type Database, spanSql as sql, Sql } from "../../sql/mod.ts";
import { answer } from "../answer.ts";
import { findRun } from "../runs/find_run.ts";
import { foldedLines } from "./continued.ts";
import { linesListing, type SourceLine } from "./lines_listing.ts";
import { type LinesOfFile, linesOfSources, type Place } from "./read_lines.ts";

export type { SourceLine };

/** Options of {@linkcode lines}. */
export interface LinesOptions {
  /** Number of lines before and after the one asked for. By default 0. */
  context?: number;
  /** Only lines of this run: its label ("000"), its id, its directory. */
  run?: string | undefined;
}

/**
 * The lines of {@linkcode lines}: ids of events, rows with a column event_id,
 * places such as "parsl.log:120", or a query with a column event_id.
 */
export type LinesOf =
  | string
  | Sql
  | Iterable<number | string | { event_id: number | null }>;

/**
 * Reads lines of logs, with context, as they are on disk, in a tarball or in a
 * file compressed with gzip: those that events come from, or "parsl.log:120".
 * The rows of each are in the order of the lines.
 *
 * In a notebook and in a terminal they show as text, each line whole; what was
 * asked for is marked.
 *
 * If a file is missing or has changed, the row has no text and a reason in
 * `problem`; growth since the import does not matter. An event from a database
 * has its table, and the rowid in `line`.
 *
 * Reads each file once, from its start to the imported end: half a second for
 * 100 MB.
 *
 * @param what ids of events, rows with a column event_id, such as those of
 * `eventsOf` and `story`, or a query that returns such rows; or the end of a
 * path and the number of a line, as `story` shows them
 * @param options context: number of lines before and after. By default 0. run:
 * only lines of this run
 * @throws {RangeError} if context is not a whole number from 0; if no source or
 * several have the path, or it has no such line; if none or several runs match
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
 *
 * const [line] = lines(db, "000/parsl.log:120");
 * assert.match(line!.text!, /Parsl task 0 try 0 launched on executor/);
 * ```
 */
export function lines(
  db: Database,
  what: LinesOf,
  options: LinesOptions = {},
): SourceLine[] {
  checkQuestion("lines", db, options, { context: true, run: true });
  const { context = 0, run } = options;
  if (!Number.isInteger(context) || context < 0) {
    throw new RangeError(`context is a number of lines, not ${context}`);
  }
  const given = what instanceof Sql
    ? db.query<{ event_id: number }>(what)
    : typeof what === "string"
    ? [what]
    : what;
  const rundir = run === undefined ? undefined : findRun(db, run).rundir;
  const asked = Array.from(
    given,
    (one) => typeof one === "object" ? one.event_id : one,
  );
  const places = placesOf(db, asked.filter((one) => typeof one === "number"));
  const sources = asked.some((one) => typeof one === "string")
    ? sourcesOf(db, rundir)
    : [];
  const wanted = asked.flatMap((one) =>
    typeof one === "string"
      ? [placeNamed(one, sources)]
      : one === null
      ? []
      : places.get(one) ?? []
  ).filter((place) => rundir === undefined || place.rundir === rundir);
  const found = linesOfSources(wanted, context);
  const rows = wanted.flatMap((place) =>
    rowsOf(place, found.get(place.source_id))
  );
  return answer(rows, ["path", "event_id", "table", "more"], {
    whole: ["text"],
    listing: linesListing,
  });
}

interface WantedPlace
  extends Place, Pick<SourceLine, "event_id" | "line" | "table"> {
  attributes: string | null;
  rundir: string | null;
}

const placesOf = (
  db: Database,
  ids: readonly number[],
): Map<number, WantedPlace> =>
  new Map(
    db.query<WantedPlace & { event_id: number }>(sql`
    SELECT event.id AS event_id, source_id, source.path, rundir, line,
      offset AS at, event.attributes, event.attributes ->> 'table' AS "table",
      ifnull(source.bytes, 0) AS bytes, fingerprint
    FROM json_each(${JSON.stringify(ids)}) AS wanted
      JOIN event ON event.id = wanted.value
      LEFT JOIN source ON source.id = source_id`)
      .map((place) => [place.event_id, place]),
  );

interface Source extends Omit<Place, "at"> {
  path: string;
  rundir: string | null;
  lines: number;
}

const sourcesOf = (
  db: Database,
  rundir: string | null | undefined,
): Source[] =>
  db.query<Source>(sql`
    SELECT id AS source_id, path, rundir, lines, bytes, fingerprint
    FROM source WHERE ${rundir === undefined ? sql`1` : sql`rundir = ${rundir}`}
    ORDER BY path`);

/** The place "parsl.log:120". */
function placeNamed(text: string, sources: readonly Source[]): WantedPlace {
  const [, name = "", digits = ""] = /^(.+):(\d+)$/.exec(text) ?? [];
  if (name === "") {
    throw new RangeError(
      `"${text}" names no line: write a file and a number, as parsl.log:120`,
    );
  }
  const exact = sources.filter(({ path }) => path === name);
  const found = exact.length > 0
    ? exact
    : sources.filter(({ path }) => path.endsWith(`/${name}`));
  const [source] = found;
  if (source === undefined) {
    throw new RangeError(
      `no log ends in "/${name}": there are ${listOf(sources)}`,
    );
  }
  const paths = new Set(found.map(({ path }) => path));
  if (paths.size > 1) {
    throw new RangeError(
      `${paths.size} logs end in "/${name}": ${listOf(found)}. Name more of ` +
        "the path, or a run",
    );
  }
  const line = Number(digits);
  if (line < 1 || line > source.lines) {
    throw new RangeError(
      `there is no line ${line} in ${source.path}: it has ` +
        `${count(source.lines)}`,
    );
  }
  const { source_id, path, rundir, bytes, fingerprint } = source;
  return {
    event_id: null,
    attributes: null,
    table: null,
    source_id,
    path,
    rundir,
    bytes,
    fingerprint,
    line,
    at: -line,
  };
}

const maxListed = 10;

function listOf(sources: readonly Source[]): string {
  const shown = sources.slice(0, maxListed).map(({ path }) => visible(path));
  const more = sources.length - shown.length;
  return shown.join(", ") + (more > 0 ? ` and ${count(more)} more` : "");
}

function rowsOf(
  place: WantedPlace,
  found: LinesOfFile | undefined,
): SourceLine[] {
  const { event_id, path, line, at, table } = place;
  const more = foldedLines(attributesIn(place.attributes)) ?? null;
  const row = { event_id, path, line, is_event: 1, text: null, more, table };
  if (!found || at === null) {
    const problem = path === null
      ? "the event has no source"
      : `the event names no line of ${path}`;
    return [{ ...row, problem: table === null ? problem : null }];
  }
  if (typeof found === "string") return [{ ...row, problem: found }];
  return found.get(at)!.map(({ text, from }) => ({
    ...row,
    line: line === null ? null : line + from,
    is_event: Number(from === 0),
    text,
    more: from === 0 ? more : null,
    problem: null,
  }));
}
