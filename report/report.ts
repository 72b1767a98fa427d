import type { Database } from "../sql/mod.ts";
import { chartsOf } from "./charts.ts";
import { gather } from "./gather.ts";
import { metricsOf } from "./metrics.ts";
import { onlyRun } from "./one_run.ts";
import { page } from "./page.ts";
import { pack } from "./pack.ts";
import { readSpans } from "./spans.ts";
import { summaryOf } from "./summary.ts";
import { lastStates, mainType, statesOf } from "./states.ts";
import { typicalSequence } from "./typical.ts";

/** What {@linkcode report} takes beside the database. */
export interface ReportOptions {
  /** What stands above the page. By default the runs' names. */
  title?: string;
  /**
   * Only this run: its id, its directory, or a part of these that no other run
   * has. By default all runs.
   */
  run?: string;
  /**
   * How many events at most, by default 2,000,000. If there are more, lines
   * that are no named event are left out first, then what came last; the page
   * says how many.
   */
  maxEvents?: number;
}

/**
 * One HTML page of all that is in a database: what ran, how many tries were in
 * each state over time, where every task was, how long the tries took, the
 * typical task, which share of the tries has each step, and all events and
 * lines, to scroll, filter and search. A click on a run, task, try, executor,
 * block, manager or worker shows all that is told of the same one.
 *
 * The page is self-contained: it opens from disk and asks for nothing. What the
 * logs say is shown as text, never as markup. Events are packed: 26,000 tasks
 * make some 15 MB.
 *
 * @returns the text of the page
 * @throws {RangeError} if nothing was imported into the database, if there is no
 * such run, and where maxEvents is less than 0
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { report } from "dnpc/report";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/tz/runinfo");
 *
 * const html = report(db, { title: "The run in New York" });
 * assert.match(html, /<title>The run in New York<\/title>/);
 * // Deno.writeTextFileSync("report.html", html);
 * ```
 */
export function report(db: Database, options: ReportOptions = {}): string {
  const { maxEvents = 2_000_000 } = options;
  if (!(maxEvents >= 0)) {
    throw new RangeError(`maxEvents is 0 or more, not ${maxEvents}`);
  }
  checkImported(db);
  const everything = readSpans(db);
  const spans = options.run === undefined
    ? everything
    : onlyRun(everything, options.run);
  const gathered = gather(db, spans, maxEvents);
  const type = mainType(db, spans);
  const states = type === undefined ? [] : statesOf(db, spans, type);
  const summary = summaryOf(db, spans, gathered, lastStates(spans, states));
  const title = options.title ??
    (summary.runs.map(({ name }) => name).slice(0, 3).join(", ") || "No runs");
  return page({
    title,
    charts: chartsOf({ db, spans, type, states, runs: summary.runs }),
    head: { title, ...summary, typical: typicalSequence(db, spans) },
    rows: pack(spans, gathered, metricsOf(db, spans)),
  });
}

function checkImported(db: Database): void {
  const tables = db.query(`SELECT name FROM sqlite_schema
    WHERE type = 'table' AND name IN ('span', 'event', 'source')`);
  if (tables.length === 3) return;
  throw new RangeError(
    "the database has no spans to report: import something into it first",
  );
}
