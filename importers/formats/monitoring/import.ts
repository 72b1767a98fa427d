import type { Database } from "../../../sql/mod.ts";
import { deferIndexes, prepareTables } from "../../store/indexes.ts";
import type { Clock } from "../../clock/clock.ts";
import {
  attributesOf,
  type OtherwiseGiven,
} from "../../store/given_attributes.ts";
import { emptySourceReport } from "../../report/make_report.ts";
import type { PlainOptions } from "../../store/plain_options.ts";
import type { SourceReport } from "../../report/report.ts";
import { findSource, writeCounts, writeSource } from "../../store/sources.ts";
import { copyTable } from "./copy.ts";
import { makeEvents } from "./events.ts";
import { kindOfTable } from "./kinds.ts";
import { makeMetrics } from "./metrics.ts";
import { collectNames, forgetNames } from "./names.ts";
import type { OpenSource } from "../../container/open_source.ts";
import { reading } from "./read.ts";
import { removeForgotten, takeBack } from "./replace.ts";
import { makeSpans } from "./spans.ts";
import monitoringTables from "./tables.sql" with { type: "text" };
import { timesOfRuns } from "./times.ts";
import { areMonitoringTables, type Table, tablesOf } from "./tables.ts";

const importer = "monitoring.db";

const startOfIndexes = monitoringTables.indexOf("CREATE INDEX");
const tableScript = monitoringTables.slice(0, startOfIndexes);
const indexScript = monitoringTables.slice(startOfIndexes);

/**
 * Reads a file if it is a database of Parsl's monitoring; undefined if it is
 * one of another program. The times of a run that a clock is given for are read
 * by that clock, all others in the zone of the options.
 */
export async function readMonitoringDb(
  db: Database,
  open: () => Promise<OpenSource>,
  options: PlainOptions & { others?: OtherwiseGiven },
  clocks: ReadonlyMap<string, Clock> = new Map(),
): Promise<SourceReport | undefined> {
  const read = async (mayChange: boolean) => {
    using source = await open();
    const others = options.others ?? new Set();
    return readSource(db, source, { ...options, clocks, others, mayChange });
  };
  try {
    return await read(false);
  } catch (error) {
    if (!(error instanceof ChangedMeanwhile)) throw error;
    return await read(true);
  }
}

/** How a source is read. */
type ReadOptions = PlainOptions & {
  /** Takes the sources that were given other attributes before. */
  others: OtherwiseGiven;
  clocks: ReadonlyMap<string, Clock>;
  /** Whether it is kept even if it changes while it is read. */
  mayChange: boolean;
};

class ChangedMeanwhile extends Error {}

/** Reads a database that is open, and closes nothing. */
function readSource(
  db: Database,
  source: OpenSource,
  options: ReadOptions,
): SourceReport | undefined {
  const tables = reading(source, () => tablesOf(source.db));
  if (!areMonitoringTables(tables)) return undefined;
  const report = emptySourceReport(source.path, importer);
  report.bytes = source.size;
  return db.transaction(() => {
    prepareTables(db);
    report.clock = clockOf(source, options);
    const known = findSource(db, report, source.fingerprint);
    const attributes = attributesOf(known, options.attributes, options.others);
    if (known?.isSame) {
      const isRelabelled = options.others.has(known.id);
      report.outcome = isRelabelled ? "relabelled" : "unchanged";
      return report;
    }
    if (known) {
      report.outcome = "replaced";
      takeBack(db, known.id);
    }
    deferIndexes(db, source.size);
    const sourceId = writeSource(db, report, source.fingerprint, known?.id);
    copy(db, source, tables, sourceId, { ...options, attributes }, report);
    if (known) removeForgotten(db, importer);
    if (reading(source, source.hasChanged)) {
      if (!options.mayChange) throw new ChangedMeanwhile();
      report.changed = true;
    }
    writeCounts(db, sourceId, report, attributes);
    return report;
  });
}

function copy(
  db: Database,
  from: OpenSource,
  tables: readonly Table[],
  sourceId: number,
  { attributes, timeZone, clocks }: ReadOptions,
  report: SourceReport,
): void {
  db.exec(tableScript);
  const readTime = timesOfRuns(clocks, timeZone);
  const copied = tables.map((table) => {
    const copy = copyTable(from, db, table, { sourceId, readTime });
    const isKnown = kindOfTable.has(table.name);
    report.lines += copy.rows;
    report.malformed += copy.malformed;
    report[isKnown ? "matched" : "unmatched"] += copy.rows - copy.malformed;
    return copy;
  });
  // For rows that are there already, which is faster.
  db.exec(indexScript);
  const source = { sourceId, attributes, tables: copied };
  const spansBefore = countSpans(db);
  collectNames(db, source);
  makeSpans(db, source);
  report.spans = countSpans(db) - spansBefore;
  report.events = makeEvents(db, source);
  report.metrics = makeMetrics(db, source);
  forgetNames(db);
  report.ambiguousTimes = readTime.ambiguous;
}

/** The clocks that the times of its runs are read by. */
function clockOf(from: OpenSource, { timeZone, clocks }: ReadOptions): string {
  const runs = reading(
    from,
    () => from.db.query<{ run: string }>("SELECT run_id AS run FROM workflow"),
  );
  const names = runs.map(({ run }) => clocks.get(run)?.name ?? timeZone);
  return [...new Set(names)].sort().join("; ") || timeZone;
}

const countSpans = (db: Database) =>
  db.query<{ n: number }>("SELECT count(*) AS n FROM span")[0]!.n;
