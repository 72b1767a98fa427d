import { createHash } from "node:crypto";
import {
  beginFolder,
  makeFolderIfMissing,
  statOrNothing,
} from "../display/output.ts";
import { checkDatabase, checkOptions } from "../display/text/mistakes.ts";
import { visible } from "../display/text/untrusted.ts";
import { type Database, spanSql as sql } from "../sql/mod.ts";
import { type CampaignExport, exportReport } from "./export_report.ts";
import { type ExportedRun, RunIds } from "./ids.ts";
import {
  type Manifest,
  manifestFile,
  readContents,
  versions,
} from "./manifest.ts";
import { RunWriter } from "./run_writer.ts";
import { Spans } from "./spans.ts";
import { ExportedDatabase } from "./exported_database.ts";

/** Options of {@linkcode exportCampaign}. */
export interface ExportCampaignOptions {
  /** Writes runs again that are there with the same content. By default false. */
  again?: boolean | undefined;
  /** Names of directories that must not be replaced, such as "run=ID". */
  keep?: ReadonlySet<string> | undefined;
}

/**
 * Writes the runs of a database into a campaign: a directory with Parquet files,
 * for more runs than one database takes. Each run has a directory `run=ID` with
 * a file per table: step, the events of each task and try with their places;
 * span, event, metric, subspan, facet, run, source; monitoring_task and so on;
 * and what explains them. {@linkcode openCampaign} reads it, and so do DuckDB,
 * Spark and pandas.
 *
 * A run that is there already is replaced if its content is another, and otherwise
 * left as it is. If a process loads Parsl several times, its first log tells of
 * later runs, too: such a run is written unless it is there, and its own directory
 * replaces it. A directory gets its name when it is whole, so several programs
 * can write to one campaign. To merge two campaigns, copy the directories of
 * runs: ids are unique among all runs.
 *
 * @param dir the directory, created if it does not exist
 * @returns what was written; it shows itself as a sentence
 * @throws {RangeError} for a campaign of another version of dnpc, for a directory
 * with other files, and for a run that must not be replaced
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { exportCampaign } from "dnpc/campaign";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/tz/runinfo");
 *
 * const dir = await Deno.makeTempDir();
 * assert.deepEqual(exportCampaign(db, dir).added, ["000"]);
 * assert.deepEqual(exportCampaign(db, dir).unchanged, ["000"]);
 * await Deno.remove(dir, { recursive: true });
 * ```
 */
export function exportCampaign(
  db: Database,
  dir: string,
  options: ExportCampaignOptions = {},
): CampaignExport {
  checkDatabase("exportCampaign", db);
  checkOptions("exportCampaign", options, { again: true, keep: true });
  const began = performance.now();
  const spans = new Spans(db);
  const runs = runsOf(db, spans);
  using _ = makeFolderIfMissing(dir);
  const { partitions } = readContents(dir);
  const known = new Map(partitions.map((one) => [one.name, one.manifest]));
  const report = exportReport(dir);
  const changed = runs.flatMap((run) => {
    const fingerprint = fingerprintOf(db, run, spans);
    const old = known.get(run.name);
    const isSame = old?.fingerprint === fingerprint && old.run === run.run;
    const isOfOther = isLoggedElsewhere(db, run);
    if (!(old && isOfOther || isSame && !options.again)) {
      return [{ run, fingerprint, isOfOther }];
    }
    report.unchanged.push(run.label);
    if (!isOfOther) report.directories.push(run.name);
    return [];
  });
  if (changed.length > 0) {
    const source = new ExportedDatabase(db, spans);
    const ids = new RunIds(db, spans, runs, known);
    for (const one of changed) {
      const { run, isOfOther } = one;
      if (options.keep?.has(run.name)) {
        throw new RangeError(
          `the run ${
            visible(run.label)
          } is in two imports, each of which has ` +
            "other files of it. Import them together: into a database, and then " +
            "that into the campaign",
        );
      }
      const tables = writeRun(source, ids, one, dir);
      if (tables === undefined) report.unchanged.push(run.label);
      else {(known.has(run.name) ? report.replaced : report.added).push(
          run.label,
        );}
      if (!isOfOther) report.directories.push(run.name);
      for (const { rows, bytes } of Object.values(tables ?? {})) {
        report.rows += rows;
        report.bytes += bytes;
      }
    }
  }
  report.seconds = (performance.now() - began) / 1000;
  return report;
}

/**
 * Writes the directory of a run.
 *
 * @returns the rows and bytes of its tables; nothing if a directory that it must
 * not replace is there
 */
function writeRun(
  source: ExportedDatabase,
  ids: RunIds,
  { run, fingerprint, isOfOther }: {
    run: ExportedRun;
    fingerprint: string;
    isOfOther: boolean;
  },
  dir: string,
): Manifest["tables"] | undefined {
  const path = `${dir}/${run.name}`;
  using folder = beginFolder(path, !isOfOther);
  const writer = new RunWriter(source, run, ids, folder.append);
  const { sources, types, tables } = writer.write();
  const { name, text } = manifestFile({
    ...versions,
    fingerprint,
    run: run.run,
    ids: ids.rangeOf(run),
    sources,
    types,
    tables,
  });
  folder.append(name, new TextEncoder().encode(text));
  // Another program has written it meanwhile.
  if (isOfOther && statOrNothing(path)) return undefined;
  folder.commit();
  return tables;
}

function runsOf(db: Database, spans: Spans): ExportedRun[] {
  const found = db.query<{ run: string; label: string | null; began: number }>(
    sql`SELECT run, max(label) AS label, min(began) AS began
    FROM (
      SELECT value AS run, NULL AS label, NULL AS began
      FROM json_each(${JSON.stringify(spans.runs)})
      UNION ALL
      SELECT coalesce(run_id, rundir), label, began
      FROM run JOIN run_label USING (id)
    )
    WHERE run IS NOT NULL
    GROUP BY run
    ORDER BY began IS NULL, began, run`,
  );
  return found.map(({ run, label, began }) => ({
    run,
    label: label ?? (run || "what belongs to no run"),
    name: `run=${nameOf(db, run, began)}`,
  }));
}

/**
 * The id of a run, if it is a plain name. A directory is another one on another
 * machine: then the time of its first line tells them apart.
 */
function nameOf(db: Database, run: string, began: number | null): string {
  const isId = db.query(
    sql`SELECT 1 FROM run WHERE run_id = ${run} UNION ALL
      SELECT 1 FROM span WHERE attributes ->> 'run' = ${run} LIMIT 1`,
  ).length > 0;
  if (isId && /^\w[\w.-]{0,99}$/.test(run)) return run;
  const [{ first }] = db.query<{ first: number | null }>(
    run === ""
      ? sql`SELECT group_concat(fingerprint) AS first FROM source`
      : sql`SELECT coalesce(${began}, min(began)) AS first FROM source
        WHERE rundir = ${run}`,
  ) as [{ first: number | null }];
  const last = run.slice(run.lastIndexOf("/") + 1).replace(/[^\w-]+/g, "_");
  return `${last.slice(0, 40) || "none"}-${hash(run, first).slice(0, 12)}`;
}

/**
 * Whether only the log of another run tells of it, because one process loaded
 * Parsl several times: its own directory, which was not imported, has more.
 */
const isLoggedElsewhere = (db: Database, { run }: ExportedRun): boolean =>
  db.query(
    sql`SELECT 1 FROM run WHERE run_id = ${run} AND rundir LIKE '%#' || run_id`,
  ).length > 0;

/** Identifies all that an export of the run depends on. */
function fingerprintOf(
  db: Database,
  { run }: ExportedRun,
  spans: Spans,
): string {
  const sources = db.query(
    sql`SELECT fingerprint, bytes, lines, bound, attributes FROM source
    WHERE rundir IS NULL OR rundir = ${run}
      OR rundir IN (SELECT rundir FROM run WHERE coalesce(run_id, rundir) = ${run})
    ORDER BY fingerprint, bytes, bound, attributes`,
  );
  const { start, end } = spans.rangeOf(run);
  return hash(versions, sources, { spans: end - start });
}

const hash = (...values: unknown[]): string =>
  createHash("sha256").update(JSON.stringify(values)).digest("hex");
