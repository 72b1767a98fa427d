import { createSchema, type Database } from "../../sql/mod.ts";
import type { Clock } from "../logs/clock.ts";
import { emptySourceReport } from "../make_report.ts";
import type { PlainOptions } from "../plain_options.ts";
import type { SourceReport } from "../report.ts";
import { findSource, writeCounts, writeSource } from "../sources.ts";
import { copyTable } from "./copy.ts";
import type { DatabaseFile } from "./database_file.ts";
import { makeEvents } from "./events.ts";
import { kindOfTable } from "./kinds.ts";
import { makeMetrics } from "./metrics.ts";
import { reading } from "./read.ts";
import { removeForgotten, takeBack } from "./replace.ts";
import { makeSpans } from "./spans.ts";
import monitoringTables from "./tables.sql" with { type: "text" };
import { timesOfRuns } from "./times.ts";
import { areMonitoringTables, type Table, tablesOf } from "./tables.ts";

const importer = "monitoring.db";

/**
 * Reads a file if it is a database of Parsl's monitoring; undefined if it is
 * one of another program. The times of a run that a clock is given for are read
 * by that clock, all others in the zone of the options.
 */
export async function readMonitoringDb(
  db: Database,
  file: DatabaseFile,
  options: PlainOptions,
  clocks: ReadonlyMap<string, Clock> = new Map(),
): Promise<SourceReport | undefined> {
  using from = await file.open();
  const tables = reading(from, () => tablesOf(from));
  if (!areMonitoringTables(tables)) return undefined;
  const report = emptySourceReport(file.path, importer);
  report.bytes = file.bytes;
  const hash = file.fingerprint();
  return db.transaction(() => {
    createSchema(db);
    report.clock = clockOf(from, options, clocks);
    const known = findSource(db, report, hash);
    if (known?.isSame) return { ...report, outcome: "unchanged" as const };
    if (known) {
      report.outcome = "replaced";
      takeBack(db, known.id);
    }
    const sourceId = writeSource(db, report, hash, known?.id);
    copy(db, from, tables, sourceId, { ...options, clocks }, report);
    if (known) removeForgotten(db, importer);
    writeCounts(db, sourceId, report);
    return report;
  });
}

function copy(
  db: Database,
  from: Database,
  tables: readonly Table[],
  sourceId: number,
  { attributes, timeZone, clocks }: PlainOptions & {
    clocks: ReadonlyMap<string, Clock>;
  },
  report: SourceReport,
): void {
  db.exec(monitoringTables);
  const readTime = timesOfRuns(clocks, timeZone);
  const copied = tables.map((table) => {
    const copy = copyTable(from, db, table, { sourceId, readTime });
    const isKnown = kindOfTable.has(table.name);
    report.lines += copy.rows;
    report.malformed += copy.malformed;
    report[isKnown ? "matched" : "notUnderstood"] += copy.rows - copy.malformed;
    return copy;
  });
  const source = { sourceId, attributes, tables: copied };
  const spansBefore = countSpans(db);
  makeSpans(db, source);
  report.spans = countSpans(db) - spansBefore;
  report.events = makeEvents(db, source);
  report.metrics = makeMetrics(db, source);
  report.ambiguousTimes = readTime.ambiguous;
}

/** The clocks that the times of its runs are read by. */
function clockOf(
  from: Database,
  { timeZone }: PlainOptions,
  clocks: ReadonlyMap<string, Clock>,
): string {
  const runs = reading(
    from,
    () => from.query<{ run: string }>("SELECT run_id AS run FROM workflow"),
  );
  const names = runs.map(({ run }) => clocks.get(run)?.name ?? timeZone);
  return [...new Set(names)].sort().join("; ") || timeZone;
}

const countSpans = (db: Database) =>
  db.query<{ n: number }>("SELECT count(*) AS n FROM span")[0]!.n;
