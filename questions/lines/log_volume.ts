import { checkQuestion } from "../../display/text/mistakes.ts";
import { type Database, spanSql as sql } from "../../sql/mod.ts";
import { answer } from "../answer.ts";
import { findRun, runLabels } from "../runs/find_run.ts";
import byTaskText from "./volume_by_task.sql" with { type: "text" };
import byTemplateText from "./volume_by_template.sql" with { type: "text" };
import volumeRestText from "./volume_rest.sql" with { type: "text" };
import { bytes } from "../../display/text/format.ts";
import lineSizesText from "./line_sizes.sql" with { type: "text" };

/** The volume of one kind of line: a row of {@linkcode logVolume}. */
export interface TemplateVolume {
  /** The importer of the logs: the kind of log. */
  log: string;
  /**
   * The type of the span that the lines are about; null for lines that are no
   * event.
   */
  span_type: string | null;
  /** The name or template of the lines; null for lines that are no event. */
  event_type: string | null;
  /** Number of lines. */
  lines: number;
  /** Number of bytes, including ends of lines. */
  bytes: number;
  /** The share of the bytes of all logs, from 0 to 1. */
  share: number;
}

/** The volume of one task: a row of {@linkcode logVolume}. */
export interface TaskVolume extends Pick<TemplateVolume, "bytes" | "share"> {
  /**
   * The label of the run; if it has none, its id or directory; null for lines
   * about no task.
   */
  run: string | null;
  /** The task; null for lines about no task. */
  task: string | null;
  /** Lines about it; a line about several tasks counts in equal parts. */
  lines: number;
}

/**
 * Measures the cost of logging: the lines and bytes of the logs for each
 * template, or for each task; the largest first. Together the rows cover
 * everything that was read: rows without an event count lines that are no
 * event, such as unmatched ones, and lines about no task.
 *
 * A line extends to the next event's line. If the lines between them are no
 * events, all of these count as equally long: bytes are then approximate, but
 * their sum is right. Databases have no lines. A line with several events counts
 * under the first one's template, and in equal parts for its tasks.
 *
 * Reads and sorts all events once: some seconds for a million.
 *
 * @param options by: "template" or "task"; by default "template". run: only the
 * logs of this run, by its label ("000"), its id or its directory
 * @throws {TypeError} if by is neither "template" nor "task"
 * @throws {RangeError} if none or several runs match
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
  options?: { by?: "template"; run?: string | undefined },
): TemplateVolume[];
/** Measures the cost of logging for each task. */
export function logVolume(
  db: Database,
  options: { by: "task"; run?: string | undefined },
): TaskVolume[];
/** Measures the cost of logging for each template or task. */
export function logVolume(
  db: Database,
  options: { by?: "template" | "task"; run?: string | undefined } = {},
): TemplateVolume[] | TaskVolume[] {
  checkQuestion("logVolume", db, options, { by: true, run: true });
  const { by = "template", run } = options;
  if (by !== "template" && by !== "task") {
    throw new TypeError(`by is "template" or "task", not "${by}"`);
  }
  const text = by === "template" ? byTemplateText : byTaskText;
  const isOfRun = run === undefined
    ? sql`1`
    : sql`source.rundir = ${findRun(db, run).rundir}`;
  const rows = db.query<TemplateVolume & TaskVolume>(
    sql.module(text, {
      line_sizes: sql.module(lineSizesText, { is_of_run: isOfRun }),
      rest: sql.module(volumeRestText, { is_of_run: isOfRun }),
    }),
  );
  if (by === "template") {
    const heading = headingOf(
      rows,
      ({ event_type }) => event_type === null,
      "that are no event, with null for a name",
    );
    return answer(rows, [], { heading });
  }
  const labels = runLabels(db);
  return answer(
    rows.map((row) => ({ ...row, run: labels.get(row.run) ?? row.run })),
    [],
    {
      heading: headingOf(
        rows,
        ({ task }) => task === null,
        "about no task, with null for a task",
      ),
    },
  );
}

/** How much was written, and how much of it in lines of no name. */
function headingOf<Row extends { bytes: number }>(
  rows: readonly Row[],
  isOther: (row: Row) => boolean,
  others: string,
): string {
  const sizeOf = (rows: readonly Row[]) =>
    rows.reduce((sum, row) => sum + row.bytes, 0);
  const all = sizeOf(rows);
  if (all === 0) return "No log was read.";
  const share = Math.round(100 * sizeOf(rows.filter(isOther)) / all);
  return `${bytes(all)} of logs, ${share}% of it in lines ${others}.`;
}
