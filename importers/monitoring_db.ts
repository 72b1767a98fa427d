import { createSchema, type Database, openDatabase, sql } from "../sql/mod.ts";
import { fingerprint } from "./fingerprint.ts";
import { inTurn } from "./in_turn.ts";
import { localTimeReader } from "./local_time.ts";
import { copyTable } from "./monitoring/copy.ts";
import { makeEvents } from "./monitoring/events.ts";
import { kindOfTable } from "./monitoring/kinds.ts";
import { makeMetrics } from "./monitoring/metrics.ts";
import { reading } from "./monitoring/read.ts";
import { removeForgotten, takeBack } from "./monitoring/replace.ts";
import { makeSpans } from "./monitoring/spans.ts";
import monitoringTables from "./monitoring/tables.sql" with { type: "text" };
import {
  areMonitoringTables,
  type Table,
  tablesOf,
} from "./monitoring/tables.ts";
import {
  type ImportOptions,
  type PlainOptions,
  plainOptions,
} from "./options.ts";
import {
  emptySourceReport,
  type ImportReport,
  importReport,
  type SourceReport,
} from "./report.ts";
import { existingPath } from "./paths.ts";
import { findSource, writeCounts, writeSource } from "./sources.ts";

const importer = "monitoring.db";

/**
 * Imports a monitoring.db, which Parsl's MonitoringHub writes: all of its
 * tables as `monitoring_*`, with the moments of their clock times in Unix
 * seconds, and spans, events and metrics made from them. The schema of every
 * version of Parsl is understood. The file is opened to be read alone.
 *
 * The same content again adds nothing; if the file has changed, what came from
 * it is replaced.
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importMonitoringDb } from "dnpc/importers";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importMonitoringDb(db, "tests/fixtures/wq/runinfo/monitoring.db");
 * const [row] = db.query("SELECT count(*) AS tasks FROM monitoring_task");
 * assert.equal(row?.tasks, 104);
 * ```
 *
 * @throws {Deno.errors.NotFound} if there is no such file.
 * @throws {DatabaseError} if the file is no SQLite database, or damaged.
 * @throws {TypeError} if it is empty or a database of another program; if an
 * attribute is no text, number or boolean.
 * @throws {RangeError} if there is no such time zone.
 */
export async function importMonitoringDb(
  db: Database,
  path: string | URL,
  options: ImportOptions = {},
): Promise<ImportReport> {
  const plain = plainOptions(options);
  return await inTurn(db, async () => {
    const start = performance.now();
    const file = existingPath(path);
    const source = await readMonitoringDb(db, file, plain);
    if (!source) {
      throw new TypeError(
        `${file} is empty or a database of another program: Parsl's ` +
          "monitoring.db has the tables workflow and task",
      );
    }
    return importReport([source], [], (performance.now() - start) / 1000);
  });
}

/**
 * Reads a file if it is a database of Parsl's monitoring; undefined if it is
 * one of another program.
 */
export async function readMonitoringDb(
  db: Database,
  path: string,
  options: PlainOptions,
): Promise<SourceReport | undefined> {
  using from = await openDatabase(path, { readOnly: true });
  const tables = reading(from, () => tablesOf(from));
  if (!areMonitoringTables(tables)) return undefined;
  const report = emptySourceReport(path, importer);
  report.bytes = Deno.statSync(path).size;
  const hash = fingerprint(filesOf(path));
  return db.transaction(() => {
    createSchema(db);
    const known = findSource(db, importer, path, hash);
    if (known?.isSame) return { ...report, outcome: "unchanged" as const };
    if (known) {
      report.outcome = "replaced";
      takeBack(db, known.id);
    }
    const sourceId = writeSource(db, report, hash, known?.id);
    copy(db, from, tables, sourceId, options, report);
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
  { attributes, timeZone }: PlainOptions,
  report: SourceReport,
): void {
  db.exec(monitoringTables);
  const readTime = localTimeReader(timeZone);
  const copied = tables.map((table) => {
    const copy = copyTable(from, db, table, { sourceId, readTime });
    const isKnown = kindOfTable.has(table.name);
    report.lines += copy.rows;
    report.malformed += copy.malformed;
    report[isKnown ? "matched" : "notUnderstood"] += copy.rows - copy.malformed;
    return copy;
  });
  const spansBefore = count(db, "span");
  const source = { sourceId, attributes, tables: copied };
  makeSpans(db, source);
  makeEvents(db, source);
  makeMetrics(db, source);
  report.ambiguousTimes = readTime.ambiguous;
  report.spans = count(db, "span") - spansBefore;
  report.events = count(db, "event", sourceId);
  report.metrics = count(db, "metric", sourceId);
}

function count(db: Database, table: string, sourceId?: number): number {
  const [row] = db.query<{ n: number }>(
    sourceId === undefined
      ? sql`SELECT count(*) AS n FROM ${sql.id(table)}`
      : sql`SELECT count(*) AS n FROM ${sql.id(table)}
            WHERE source_id = ${sourceId}`,
  );
  return row!.n;
}

// What is not yet in the main file of a database is in its write-ahead log.
function filesOf(path: string): string[] {
  try {
    return Deno.statSync(`${path}-wal`).size ? [path, `${path}-wal`] : [path];
  } catch {
    return [path];
  }
}
