import type { Database, Row } from "../../../sql/mod.ts";
import type { OpenDatabase, OpenSource } from "../../container/open_source.ts";
import { emptySourceReport, type SourceReport } from "../../report/report.ts";
import { deferIndexes } from "../../store/indexes.ts";
import { removeSources } from "../../store/remove.ts";
import {
  addSource,
  type KnownSource,
  unlessSame,
  writeSource,
} from "../../store/sources.ts";
import type { DatabaseContext } from "../format.ts";
import { checkCopies, copyTable, removeCopies, timesOfRuns } from "./copy.ts";
import { areMonitoringTables, reading, type Table, tablesOf } from "./read.ts";
import { rowReader } from "./spans.ts";
import { knownTables } from "./tables.ts";
import monitoringTables from "./tables.sql" with { type: "text" };

/** Name of the importer in sources and reports. */
export const importer = "monitoring.db";

const startOfIndexes = monitoringTables.indexOf("CREATE INDEX");
const tableScript = monitoringTables.slice(0, startOfIndexes);
const indexScript = monitoringTables.slice(startOfIndexes);

/**
 * Reads a database of Parsl's monitoring; undefined if it is another program's.
 * A run's times are read by its clock, if known, or else in the zone of the
 * options.
 */
export async function readMonitoringDb(
  db: Database,
  open: OpenDatabase,
  context: DatabaseContext,
): Promise<SourceReport | undefined> {
  const read = async (mayChange: boolean) => {
    using source = await open();
    return readSource(db, source, context, mayChange);
  };
  try {
    return await read(false);
  } catch (error) {
    if (!(error instanceof ChangedMeanwhile)) throw error;
    return await read(true);
  }
}

class ChangedMeanwhile extends Error {}

function readSource(
  db: Database,
  source: OpenSource,
  context: DatabaseContext,
  mayChange: boolean,
): SourceReport | undefined {
  const tables = reading(source, () => tablesOf(source.db));
  if (!areMonitoringTables(tables)) return undefined;
  const { path, size, fingerprint } = source;
  const report = emptySourceReport(path, importer);
  report.bytes = size;
  const clock = report.clock = clockOf(source, context);
  const hashOf = (bytes: number) => bytes === size ? fingerprint : undefined;
  const content = { head: fingerprint, hashOf, end: size };
  const read = (known: KnownSource | undefined, attributes: string) => {
    checkCopies(db, tables);
    const id = known?.id ?? addSource(db, report);
    const copySource = () =>
      copy(db, source, tables, id, { ...context, attributes }, report);
    if (known) {
      report.outcome = "replaced";
      removeCopies(db, id);
      removeSources(db, [id], () => {
        copySource();
        readOthers(db, id);
      });
    } else {
      deferIndexes(db, size);
      copySource();
    }
    if (reading(source, source.hasChanged)) {
      if (!mayChange) throw new ChangedMeanwhile();
      report.changed = true;
    }
    writeSource(db, id, report, { fingerprint, head: fingerprint, attributes });
    return report;
  };
  const outcome = unlessSame(
    db,
    { importer, path, clock },
    content,
    context,
    read,
  );
  return { ...outcome, clock };
}

function copy(
  db: Database,
  from: OpenSource,
  tables: readonly Table[],
  sourceId: number,
  { attributes, timeZone, clocks }: DatabaseContext,
  report: SourceReport,
): void {
  db.exec(tableScript);
  const times = timesOfRuns(clocks, timeZone);
  const reader = rowReader(db, sourceId, JSON.parse(attributes));
  const order = ({ name }: Table) => knownTables.indexOf(name);
  for (const table of tables.toSorted((a, b) => order(a) - order(b))) {
    const isKnown = order(table) >= 0;
    const { rows, malformed, offset } = copyTable(from, db, table, {
      sourceId,
      times,
      use: (row, copy) => !isKnown || reader.read(table.name, row, copy),
    });
    if (isKnown) reader.finishTable(table.name, offset);
    report.lines += rows;
    report.malformed += malformed;
    report[isKnown ? "matched" : "unmatched"] += rows - malformed;
  }
  Object.assign(report, reader.finish());
  // Indexing existing rows is faster.
  db.exec(indexScript);
  report.ambiguousTimes = times.ambiguous();
}

/** Lets other sources keep spans that the replaced one mentioned first. */
function readOthers(db: Database, replaced: number): void {
  const sources = db.query<{ id: number }>(
    `SELECT id FROM source WHERE importer = ? AND id <> ?
       AND EXISTS (SELECT 1 FROM span WHERE source_id < 0) ORDER BY id`,
    [importer, replaced],
  );
  for (const { id } of sources) {
    const reader = rowReader(db, id);
    for (const table of knownTables) {
      const rows = db.iterate<Row>(
        `SELECT * FROM monitoring_${table} WHERE source_id = ?`,
        [id],
      );
      for (const row of rows) reader.read(table, row);
    }
    reader.finish();
  }
}

/** Names of the clocks that the times of its runs are read by. */
function clockOf(
  from: OpenSource,
  { timeZone, clocks }: DatabaseContext,
): string {
  const runs = reading(
    from,
    () => from.db.query<{ run: string }>("SELECT run_id AS run FROM workflow"),
  );
  const names = runs.map(({ run }) => clocks.get(run)?.name ?? timeZone);
  return [...new Set(names)].sort().join("; ") || timeZone;
}
