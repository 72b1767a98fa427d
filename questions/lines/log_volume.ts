import type { Database } from "../../sql/mod.ts";
import { showReport } from "../../display/text/rows.ts";
import { type Sql, sql } from "../../sql/mod.ts";

/** How {@linkcode logVolume} counts. */
export interface LogVolumeOptions {
  /** For each "template" of lines, or for each "task". By default "template". */
  by?: "template" | "task";
}

/** What one kind of line takes: a row of {@linkcode logVolume}. */
export interface TemplateVolume {
  /** The importer of the logs: which kind of log it is. */
  log: string;
  /** The type of the span that the lines tell of; null for no event. */
  span_type: string | null;
  /** The name or template of the lines; null for lines that are no event. */
  event_type: string | null;
  /** How many lines. */
  lines: number;
  /** How many bytes, ends of lines included. */
  bytes: number;
  /** The share of the bytes of all logs, from 0 to 1. */
  share: number;
}

/** What one task takes: a row of {@linkcode logVolume}. */
export interface TaskVolume {
  /** The run, or the directory of its logs; null for what tells of no task. */
  run: string | null;
  /** The task; null for what tells of no task. */
  task: string | null;
  /** How many lines tell of it: of a line about several, a part for each. */
  lines: number;
  /** How many bytes, ends of lines included. */
  bytes: number;
  /** The share of the bytes of all logs, from 0 to 1. */
  share: number;
}

/**
 * What the logging itself costs: how many lines and bytes of the logs there are,
 * for each template, or for each task; the largest first. Together they are all
 * that was read: rows without an event are of lines that are none, such as those
 * unmatched, and of lines that name no task.
 *
 * A line reaches to where the next event's line begins. Where lines between them
 * are no events, all of these count as equally long: bytes are then near, and
 * still right in sum. Databases have no lines. Of a line that is several events,
 * the first one is its template; to tasks it counts in equal parts.
 *
 * Reads and sorts all events once: some seconds for a million.
 *
 * @throws {TypeError} where by is neither "template" nor "task"
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { logVolume } from "dnpc/questions";
 * import { importRuninfo } from "dnpc/importers";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/tz/runinfo");
 *
 * const bytes = logVolume(db).reduce((sum, row) => sum + row.bytes, 0);
 * const [read] = db.query<{ bytes: number }>(
 *   "SELECT sum(bytes) AS bytes FROM source WHERE importer <> 'monitoring.db'",
 * );
 * assert.equal(Math.round(bytes), read?.bytes);
 * const [most] = logVolume(db, { by: "task" })
 *   .filter(({ task }) => task !== null);
 * assert.ok(most!.lines > 20);
 * ```
 */
export function logVolume(
  db: Database,
  options?: { by?: "template" },
): TemplateVolume[];
/** The same for each task. */
export function logVolume(db: Database, options: { by: "task" }): TaskVolume[];
/** The same for either. */
export function logVolume(
  db: Database,
  { by = "template" }: LogVolumeOptions = {},
): TemplateVolume[] | TaskVolume[] {
  if (by === "template") return show(db.query<TemplateVolume>(byTemplate));
  if (by === "task") return show(db.query<TaskVolume>(byTask));
  throw new TypeError(`by is "template" or "task", not "${by}"`);
}

const show = <T>(rows: T[]): T[] =>
  showReport(rows, {
    kinds: { lines: "count", bytes: "bytes", share: "share" },
    secondary: [],
  });

// Each line that is an event, once, and how long it is.
const sized: Sql = sql`
  line AS MATERIALIZED (
    SELECT source_id, offset, line, min(id) AS event_id
    FROM event WHERE offset IS NOT NULL GROUP BY source_id, offset
  ),
  sized AS MATERIALIZED (
    SELECT line.*, importer,
      1.0 * (lead(offset, 1, source.bytes) OVER told - offset) /
        max(1, lead(line, 1, source.lines + 1) OVER told - line) AS bytes
    FROM line JOIN source ON source.id = source_id
    WINDOW told AS (PARTITION BY source_id ORDER BY offset)
  ),
  -- What is left of each log. A source without such a line is a database, or a
  -- log of which nothing is an event.
  rest AS (
    SELECT importer, source.lines - ifnull(told.lines, 0) AS lines,
      source.bytes - ifnull(told.bytes, 0) AS bytes
    FROM source LEFT JOIN (
      SELECT source_id, count(*) AS lines, sum(bytes) AS bytes
      FROM sized GROUP BY source_id
    ) AS told ON told.source_id = source.id
    WHERE told.source_id IS NOT NULL OR NOT EXISTS (
      SELECT 1 FROM event WHERE event.source_id = source.id)
  )`;

const byTemplate: Sql = sql`WITH ${sized},
  counted AS (
    SELECT importer AS log, span.type AS span_type, event.type AS event_type,
      count(*) AS lines, sum(bytes) AS bytes
    FROM sized JOIN event ON event.id = event_id JOIN span ON span.id = span_id
    GROUP BY log, span.type, event.type
    UNION ALL
    SELECT importer, NULL, NULL, sum(lines), sum(bytes) FROM rest
    GROUP BY importer HAVING sum(lines) > 0
  )
SELECT *, bytes / sum(bytes) OVER () AS share FROM counted
ORDER BY bytes DESC, log, span_type, event_type`;

const byTask: Sql = sql`WITH ${sized},
  about AS MATERIALIZED (
    SELECT DISTINCT named.source_id, offset,
      ifnull(attributes ->> 'run', attributes ->> 'rundir') AS run,
      attributes ->> 'task' AS task
    FROM (SELECT DISTINCT source_id, offset, span_id FROM event
      WHERE offset IS NOT NULL) AS named
      JOIN span ON span.id = span_id
    WHERE attributes ->> 'task' IS NOT NULL
  ),
  shared AS (
    SELECT *, count(*) OVER (PARTITION BY source_id, offset) AS tasks FROM about
  ),
  counted AS (
    SELECT run, task, sum(1.0 / ifnull(tasks, 1)) AS lines,
      sum(bytes / ifnull(tasks, 1)) AS bytes
    FROM sized LEFT JOIN shared USING (source_id, offset)
    GROUP BY run, task
    UNION ALL SELECT NULL, NULL, lines, bytes FROM rest
  )
SELECT run, task, sum(lines) AS lines, sum(bytes) AS bytes,
  sum(bytes) / sum(sum(bytes)) OVER () AS share
FROM counted GROUP BY run, task
ORDER BY bytes DESC, run, task`;
