import { checkOptions } from "../display/text/mistakes.ts";
import { escapeMarkup } from "../display/text/untrusted.ts";
import { type Chart, stepComparison } from "../plots/mod.ts";
import { compare, type Summary, summary } from "../questions/mod.ts";
import { checkSchema, type Database } from "../sql/mod.ts";
import { chartsOf, mainType } from "./charts.ts";
import { explorerPage } from "./page.ts";
import { packRows } from "./rows.ts";
import { onlyRun, readSpans, type Spans } from "./spans.ts";
import { pageContent, sourcesOf, titleOf, typicalTask } from "./content.ts";
import { packStream } from "./stream.ts";

/** Options of {@linkcode report}. */
export interface ReportOptions {
  /** Title of the page. By default the name of the workflow and its run. */
  title?: string;
  /**
   * Only this run: its label ("000"), its id, its directory, or a unique part of
   * these. By default all runs.
   */
  run?: string;
  /**
   * Maximum number of events, by default 2,000,000. If there are more, events
   * without a name are left out first, then the latest, and spans that have
   * none of the others; the page says how many events.
   */
  maxEvents?: number;
}

/**
 * Creates an HTML page to look around in everything that a database has: the
 * explorer. It begins with the summary, of all runs or of each. Below are the
 * tasks of each worker over time, how long they took, how many were in each state
 * and in each queue, and all events and lines of the logs; a selection in one of
 * these, or a search, filters the others. A click on a task, worker, block,
 * manager or executor shows everything about it, from all components. The typical
 * task, the share of tries with each step, and the files are folded at the end.
 *
 * The page is self-contained: it opens from disk and requests nothing. Text
 * from logs appears as text, never as markup. Events are compressed: 26,000
 * tasks take about 10 MB. The address holds what the page shows. The scripts d3
 * and Plot, which are in it, are read from the installed packages: this needs
 * the permission to read.
 *
 * @returns the HTML
 * @throws {TypeError} for an unknown option
 * @throws {RangeError} if there is no such run, or if `maxEvents` is negative
 * @throws {DatabaseError} if nothing was imported into the database, or by
 * another version of dnpc
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
  checkOptions("report", options, {
    run: true,
    title: true,
    maxEvents: true,
  });
  const { run, maxEvents = 2_000_000 } = options;
  if (!(maxEvents >= 0)) {
    throw new RangeError(`maxEvents must be 0 or more, not ${maxEvents}`);
  }
  checkSchema(db);
  // First, because it takes as much memory as the spans, but not for long.
  const answers = summary(db, { run });
  const everything = readSpans(db);
  const spans = run === undefined ? everything : onlyRun(db, everything, run);
  const type = mainType(db, spans);
  const content = pageContent(db, spans);
  const { runs } = content;
  const title = options.title ?? titleOf(runs);
  const charts = type === undefined ? [] : chartsOf(db, spans, runs, type);
  const typical = typicalTask(db, spans, type);
  const stream = packStream(db, spans, runs, run);
  // Last, because the texts of events stay in memory.
  const { packed, sourceIds, length, leftOut } = packRows(db, spans, maxEvents);
  return explorerPage({
    title,
    summary: withLabels(
      summaries(answers, runs.map(({ run }) => run)),
      everything.labels,
    ),
    charts: spans.isPart ? charts : [...comparisonOf(db), ...charts],
    head: {
      title,
      ...content,
      sources: sourcesOf(db, spans, sourceIds),
      rows: length,
      leftOut,
      typical,
    },
    packed: { stream, rows: packed },
  });
}

/** The summary of all runs, and that of each. */
function summaries(all: Summary, runs: readonly string[]): string {
  // The page's policy allows no styles but its own.
  const partOf = (summary: Summary, run = "") =>
    `<div data-run="${escapeMarkup(run)}" hidden>${
      summary.toHtml().replace(/ style="[^"]*"/g, "")
    }</div>`;
  return [
    partOf(all),
    ...runs.length > 1 ? runs.map((run) => partOf(all.ofRun(run), run)) : [],
  ].join("\n");
}

/** Names directories that are no rows of the table run as the page does. */
function withLabels(html: string, labels: Spans["labels"]): string {
  const paths = [...labels].filter(([name]) => name.includes("/"));
  return html.replace(/(?<=<b>|data-run=")[^<"]+/g, (names) =>
    paths.reduce(
      (text, [path, label]) =>
        text.replaceAll(escapeMarkup(path), () => escapeMarkup(label)),
      names,
    ));
}

// A chart of more runs would be longer than the page.
const maxCompared = 20;

/** How much longer tasks of each run took than those of the first. */
function comparisonOf(db: Database): Chart[] {
  const [{ runs } = { runs: 0 }] = db.query<{ runs: number }>(
    "SELECT count(*) AS runs FROM run",
  );
  if (runs < 2 || runs > maxCompared) return [];
  const rows = compare(db);
  return rows.length > 0 ? [stepComparison(rows)] : [];
}
