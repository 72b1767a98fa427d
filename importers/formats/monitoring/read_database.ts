import { counted } from "../../../display/text/format.ts";
import { type Database, sql } from "../../../sql/mod.ts";
import type { OpenDatabase, OpenSource } from "../../container/open_source.ts";
import { emptySourceReport, type SourceReport } from "../../report/report.ts";
import { deferIndexes } from "../../store/indexes.ts";
import { removeSources } from "../../store/remove.ts";
import {
  addSource,
  isGone,
  type KnownSource,
  unlessSame,
  writeSource,
} from "../../store/sources.ts";
import type { DatabaseContext } from "../format.ts";
import {
  attachedAs,
  checkCopies,
  copyTable,
  removeCopies,
  timesOfRuns,
} from "./copy.ts";
import {
  areMonitoringTables,
  columnsOfTable,
  reading,
  type Table,
  tablesOf,
} from "./read.ts";
import { makeSpans } from "./spans.ts";
import { knownTables } from "./tables.ts";
import monitoringTables from "./tables.sql" with { type: "text" };

/** Name of the importer in sources and reports. */
const importer = "monitoring.db";

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
    using source = await open((db) => areMonitoringTables(tablesOf(db)));
    if (!source) return undefined;
    const { content } = source;
    // Copying rows inside SQLite saves a quarter of an import, but is wrong if
    // the file changes meanwhile.
    using attached = mayChange && typeof content === "string"
      ? undefined
      : db.attach(attachedAs, content);
    const isAttached = attached !== undefined;
    return readSource(db, source, { ...context, isAttached, mayChange });
  };
  try {
    return await read(false);
  } catch (error) {
    if (!(error instanceof ChangedMeanwhile)) throw error;
    return await read(true);
  }
}

class ChangedMeanwhile extends Error {}

/** Context for reading a source. */
interface SourceContext extends DatabaseContext {
  isAttached: boolean;
  /** Whether it is kept although it changes meanwhile. */
  mayChange: boolean;
}

function readSource(
  db: Database,
  source: OpenSource,
  context: SourceContext,
): SourceReport | undefined {
  const tables = reading(source, () => tablesOf(source.db));
  if (!areMonitoringTables(tables)) return undefined;
  const { path, size, fingerprint } = source;
  const report = emptySourceReport(path, importer);
  report.bytes = size;
  const clock = report.clock = clockOf(source, context);
  const hashOf = (bytes: number) => bytes === size ? fingerprint : undefined;
  const hashesOf = (lengths: readonly number[]) =>
    lengths.flatMap((bytes) => hashOf(bytes) ?? []);
  const content = { head: fingerprint, hashOf, hashesOf, end: size };
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
      if (!context.mayChange) throw new ChangedMeanwhile();
      report.changed = true;
    }
    writeSource(db, id, report, { fingerprint, head: fingerprint, attributes });
    return report;
  };
  const outcome = db.transaction(() => {
    settlePath(db, path, runsOf(source));
    return unlessSame(db, { importer, path, clock }, content, context, read);
  });
  return { ...outcome, clock };
}

/**
 * Makes way for a database whose path had one of other runs, and finds one that
 * was moved: run ids decide. The earlier database gets the path PATH#RUN.
 */
function settlePath(
  db: Database,
  path: string,
  runs: readonly string[],
): void {
  if (columnsOfTable(db, "monitoring_workflow").length === 0) return;
  const sources = db.query<{ id: number; path: string; runs: string }>(
    `SELECT id, path, (
       SELECT json_group_array(run_id) FROM monitoring_workflow
       WHERE source_id = source.id AND run_id IS NOT NULL) AS runs
     FROM source WHERE importer = ? ORDER BY id`,
    [importer],
  ).map(({ runs: json, ...source }) => {
    const known: string[] = JSON.parse(json).map(String);
    const isSame = known.some((run) => runs.includes(run));
    return { ...source, known, isSame, isHere: source.path === path };
  });
  const move = (id: number, to: string) =>
    db.run("UPDATE source SET path = ? WHERE id = ?", [to, id]);
  for (const { id, known, isSame, isHere } of sources) {
    if (isHere && known.length > 0 && !isSame) move(id, `${path}#${known[0]}`);
  }
  if (sources.some(({ isHere, isSame }) => isHere && isSame)) return;
  const moved = sources.find(({ path, isSame }) => isSame && isGone(path));
  if (moved) move(moved.id, path);
}

function copy(
  db: Database,
  from: OpenSource,
  tables: readonly Table[],
  sourceId: number,
  { attributes, timeZone, clocks, isAttached }: SourceContext,
  report: SourceReport,
): void {
  db.exec(tableScript);
  const times = timesOfRuns(clocks, timeZone);
  const copies = tables.map((table) => {
    const copy = copyTable(from, db, table, { sourceId, times, isAttached });
    const isKnown = knownTables.includes(table.name);
    report.lines += copy.rows;
    report.malformed += copy.malformed;
    report[isKnown ? "matched" : "unmatched"] += copy.rows - copy.malformed;
    return copy;
  });
  const [tooLong, ...more] = copies.flatMap(({ name, tooLong }) =>
    tooLong.map((rowid) => `row ${rowid} of ${name}`)
  );
  if (tooLong) {
    report.error = `${tooLong}${
      more.length > 0 ? ` and ${counted(more.length, "other row")}` : ""
    }, of more than 512 MiB, could not be read`;
  }
  // Indexing existing rows is faster.
  db.exec(indexScript);
  const after = new Map(copies.map(({ name, after }) => [name, after]));
  const rows = {
    sourceId,
    common: attributes,
    isOwn: (table: string) => sql`t.rowid > ${after.get(table) ?? Infinity}`,
  };
  const known = copies.filter(({ name }) => knownTables.includes(name));
  Object.assign(report, makeSpans(db, rows, known));
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
    const isOwn = () => sql`t.source_id = ${id}`;
    makeSpans(db, { sourceId: id, common: "{}", isOwn });
  }
}

/** Names of the clocks that the times of its runs are read by. */
function clockOf(
  from: OpenSource,
  { timeZone, clocks }: DatabaseContext,
): string {
  const names = runsOf(from).map((run) => clocks.get(run)?.name ?? timeZone);
  return [...new Set(names)].sort().join("; ") || timeZone;
}

const runsOf = (from: OpenSource): string[] =>
  reading(
    from,
    () => from.db.query<{ run: string }>("SELECT run_id AS run FROM workflow"),
  ).map(({ run }) => run);
