// Over 300 lines: an import, from its options to its report.

import {
  checkDatabase,
  checkOptions,
  isDatabase,
  isPromise,
  quoted,
  whileImporting,
} from "../../display/text/mistakes.ts";
import {
  noProgress,
  type Progress,
  showProgress,
} from "../../display/notebook/progress.ts";
import {
  stoppable,
  unlessStopped,
} from "../../display/notebook/stop_button.ts";
import { withShortStack } from "../../display/notebook/jupyter.ts";
import { statOrNothing } from "../../display/output.ts";
import {
  bind,
  type BindReport,
  checkSchema,
  type Database,
  ImpliedEarly,
  type Rule,
  ruleText,
} from "../../sql/mod.ts";
import { fileOnDisk } from "../container/packing.ts";
import { sha256 } from "../container/sha256.ts";
import { type FoundLog, logOfFormat } from "../discover/detect.ts";
import {
  findFiles,
  type FoundOnDisk,
  type LogDetector,
  onlyLogs,
  recognize,
  type RecognizeOptions,
} from "../discover/find_files.ts";
import { placeInExecutors } from "../discover/executor_places.ts";
import { knownRuns } from "../discover/known_runs.ts";
import { existingPath, isFile } from "../discover/paths.ts";
import {
  readStandardInput,
  standardInputPath,
} from "../discover/standard_input.ts";
import { byNameAndAge } from "../discover/rotation.ts";
import { withoutCopies } from "../discover/copies.ts";
import type { FileFormat } from "../formats/format.ts";
import { formats, identifying, parslRules } from "../formats/list.ts";
import { importReport } from "../report/show_report.ts";
import { contentsOf } from "../report/contents.ts";
import type { ImportReport, SourceReport } from "../report/report.ts";
import { restoreIndexes } from "./indexes.ts";
import {
  importOptionNames,
  type ImportOptions,
  type PlainOptions,
  plainOptions,
} from "./options.ts";
import { sourcesToReadAgain } from "./read_again.ts";
import { isReadable } from "./open_files.ts";
import { type Outcome, type ReadContext, readOnDisk } from "./read_files.ts";
import { knownLengths, maxLengthsOnDisk } from "./known_lengths.ts";
import { hasSources } from "./sources.ts";
import { writeRuns } from "../formats/parsl/runs.ts";
import { writeKinds } from "./write_kinds.ts";
import { renameDirectories } from "./rename_directories.ts";
import {
  refuseNames,
  type RelabelledSources,
  relabelSources,
} from "./user_attributes.ts";

/**
 * Imports everything in a directory or a tarball: a runinfo, one run directory,
 * or anything that contains some; or a single log or database. The path "-" is
 * standard input. Links are not followed. The report names each file that was
 * read, with the numbers of its contents, and the files that were not read.
 *
 * Reads Parsl's monitoring.db, parsl.log and the logs of the high throughput
 * executor (interchange, managers, workers), as text or as JSON, of Parsl from
 * 2023 on; Work Queue's transaction_log, master_log and debug_log, and TaskVine's
 * transactions, performance and taskgraph; parsl_tracing.pickle of Parsl's DESC
 * branches and each task's log in function_data; output of Slurm's sacct; logs of
 * Globus Compute's endpoints and of Academy's agents; traces of OpenTelemetry and
 * in Chrome's format; and records of other JSON logs as they are. Runs may be
 * packed in tarballs, or file by file with gzip.
 *
 * Content decides which log a file is: logs of Parsl, of the high throughput
 * executor, Work Queue and TaskVine may have any name. If a log has an unusual
 * name, its path does not identify the run, and it gets a run directory of its
 * own. It is not read beside a log of its format with the usual name, or if
 * another log is about the same run, because it may be a copy.
 *
 * A run is identified by its run id, or without one by the content of its logs: a
 * new run in the directory of an earlier one is another run, and a directory that
 * was moved or copied is the same one.
 *
 * Rules bind together what the components logged about one entity. Numbers that
 * they report over time, such as ready workers and waiting tasks, become
 * metrics. Clock times without a zone are read in the zone that the run's own
 * parsl.log shows.
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * const report = await importRuninfo(db, "tests/fixtures/wq/runinfo");
 * assert.deepEqual(report.sources.map(({ importer }) => importer), [
 *   "monitoring.db",
 *   "parsl.log",
 *   "debug_log",
 *   "transaction_log",
 * ]);
 * ```
 *
 * @throws {Deno.errors.NotFound} if there is no such directory or file.
 * @throws {RangeError} if there is no such time zone.
 * @throws {TypeError} if an attribute is not a text, number or boolean, or has
 * the name of one that identifies spans, such as "run".
 */
export async function importRuninfo(
  db: Database,
  path: string | URL,
  options: ImportOptions = {},
): Promise<ImportReport> {
  checkOptions("importRuninfo", options, importOptionNames);
  return await importIdentified(
    db,
    path,
    options,
    async (path, recognizing) =>
      withoutCopies(await findFiles(path, recognizing)),
  );
}

/** An importer of logs of some formats: one file, or those below a directory. */
export const logImporter =
  (wanted: readonly FileFormat[]): typeof importRuninfo =>
  async (db, path, options = {}) => {
    checkOptions("an import", options, importOptionNames);
    return await importIdentified(
      db,
      path,
      options,
      (path, recognizing) => findLogs(path, wanted, recognizing),
    );
  };

// A single file may have any name, if its lines identify its format.
async function findLogs(
  path: string,
  wanted: readonly FileFormat[],
  recognizing: RecognizeOptions,
): Promise<FoundOnDisk[]> {
  const isWanted = ({ format }: FoundLog) => wanted.includes(format);
  const all = withoutCopies(await findFiles(path, recognizing));
  const found = onlyLogs(all, isWanted);
  if (found.length > 0) return found;
  const other = all.flatMap((file) => [file, ...file.members ?? []])
    .find(({ log }) => log?.format.signature);
  const isOne = recognizing.at !== undefined || isFile(path);
  for (const format of other || !isOne ? [] : wanted) {
    if (!beginsAlone(format, wanted)) continue;
    const asLog = (path: string) => logOfFormat(path, format);
    const files = await findFiles(path, { ...recognizing, asLog });
    const found = onlyLogs(files, isWanted);
    if (found.length > 0) return found;
  }
  const names = wanted.map(({ importer }) => importer).join(", ");
  throw new TypeError(
    `${path} is not a log of these formats: ${names}` +
      (other?.log
        ? `. ${other.path} is ${nameOf(other.log)}: importRuninfo() reads it`
        : ""),
  );
}

/** Finds the wanted logs by a detector, in tarballs, too. */
export const findLogsBy = async (
  asLog: LogDetector,
  path: string,
  recognizing: RecognizeOptions,
  isWanted: (log: FoundLog) => boolean,
): Promise<FoundOnDisk[]> =>
  onlyLogs(
    await findFiles(path, { ...recognizing, asLog, asMember: asLog }),
    isWanted,
  );

/** "Work Queue's transaction_log" */
function nameOf({ format }: FoundLog): string {
  const { program } = formats.find(({ files }) => files.includes(format)) ?? {};
  return `${program ?? "Parsl"}'s ${format.importer}`;
}

function beginsAlone(
  format: FileFormat,
  formats: readonly FileFormat[],
): boolean {
  const beginning = (of: FileFormat) => "sniff" in of ? of : of.beginning;
  return formats.every((other) =>
    other === format || beginning(other) !== beginning(format)
  );
}

/**
 * The path of every import: checks the options, waits for earlier imports into
 * the database, and reads the chosen files with progress.
 *
 * @param choose chooses which of the files at a path to import
 * @throws {DatabaseError} if another program has tables with the names that
 * imports write.
 * @throws {Deno.errors.NotFound} if there is no such file or directory.
 * @throws {RangeError} if there is no such time zone.
 * @throws {TypeError} if an option has a wrong type.
 */
export async function importFrom(
  db: Database,
  path: string | URL,
  options: ImportOptions,
  choose: (
    path: string,
    options: RecognizeOptions,
    plain: PlainOptions,
  ) => Promise<readonly FoundOnDisk[]>,
): Promise<ImportReport> {
  checkTarget(db, path);
  const plain = plainOptions(options);
  return await withLock(db, async () => {
    checkSchema(db, { allowNew: true });
    const progress = options.progress === false ? noProgress : showProgress();
    try {
      using input = path === standardInputPath
        ? await readStandardInput()
        : undefined;
      const recognizing = {
        lengths: knownLengths(db),
        onMember: (path: string) => progress.say(`looking into ${path}`),
        ...input && { at: input.at },
      };
      const place = input?.path ?? existingPath(path);
      const chosen = await choose(place, recognizing, plain);
      const own = db.path && statOrNothing(db.path) && existingPath(db.path);
      const found = chosen.filter(({ path }) => path !== own);
      const { rules = parslRules } = options;
      return await importFound(db, found, plain, rules, progress);
    } finally {
      progress.end();
    }
  });
}

/** @throws {TypeError} without a database to import into, or a path */
function checkTarget(db: unknown, path: unknown): void {
  const isPath = typeof path === "string" || path instanceof URL;
  if (isDatabase(db) && isPath) return;
  if (isPromise(db)) checkDatabase("importRuninfo", db);
  const given = [db, path].find((value) => typeof value === "string");
  throw withShortStack(
    new TypeError(
      "an import takes a database, and then a path: const db = await " +
        `openDatabase(); await importRuninfo(db, ${
          quoted(String(given ?? "runinfo"))
        })`,
    ),
  );
}

/** As importFrom, for formats that declare the identity of their spans. */
export async function importIdentified(
  ...[db, path, options, choose]: Parameters<typeof importFrom>
): Promise<ImportReport> {
  refuseNames(identifying, options.attributes);
  return await importFrom(db, path, options, choose);
}

const lastImports = new WeakMap<Database, Promise<unknown>>();

/** Runs work after the earlier imports into a database, even failed ones. */
function withLock<T>(db: Database, work: () => Promise<T>): Promise<T> {
  const before = lastImports.get(db) ?? Promise.resolve();
  const result = whileImporting(db, unlessStopped(before.then(work), stopped))
    .catch((error) => {
      throw withShortStack(error);
    });
  lastImports.set(db, result.catch(() => {}));
  return result;
}

const stopped =
  "The import was stopped. Files it had finished are in the database; import " +
  "again to read the others.";

/** Reads each file, then resolves what depends on all: clocks, copies, rules. */
async function importFound(
  db: Database,
  found: readonly FoundOnDisk[],
  plain: PlainOptions,
  rules: readonly Rule[],
  progress: Progress,
): Promise<ImportReport> {
  const start = performance.now();
  // As in a directory: the oldest part of a rotated log shows the run.
  const files = found.flatMap((file) => [
    file,
    ...(file.members ?? []).toSorted((a, b) => byNameAndAge(a.path, b.path)),
  ]);
  for (const file of files) {
    if (isReadable(file)) progress.expect(file.bytes);
  }
  stoppable(() => placeInExecutors(db, files));
  const runs = stoppable(() => knownRuns(db, files));
  stoppable(() => renameDirectories(db, runs));
  const outcomes = new Map<string, Outcome>();
  const relabelled: RelabelledSources = new Set();
  const implied = new ImpliedEarly(rules);
  const context = {
    db,
    options: plain,
    relabelled,
    runs,
    progress,
    implied,
    maxLengths: maxLengthsOnDisk(db),
  };
  const read = async (
    files: readonly FoundOnDisk[],
    more: Partial<ReadContext> = {},
  ) => {
    try {
      for (const outcome of await readOnDisk(files, { ...context, ...more })) {
        outcomes.set(outcome.path, outcome);
      }
    } finally {
      progress.say("indexing");
      stoppable(() => restoreIndexes(db));
    }
  };
  const sourcesNow = () =>
    outcomes.values().filter((outcome) => "importer" in outcome).toArray();
  await read(found);
  const again = sourcesToReadAgain(
    db,
    files,
    runs,
    sourcesNow().some(isChanged),
  );
  const moved = found.find(({ at }) => at !== undefined);
  const onDisk = new Set([...again.keys()].flatMap((path) => {
    const isMoved = moved && `${path}/`.startsWith(`${moved.path}/`);
    return isMoved ? moved.path : fileOnDisk(path) ?? [];
  }));
  for (const path of onDisk) {
    const file = await recognize(path, {
      lengths: knownLengths(db),
      ...path === moved?.path && { at: moved.at! },
    });
    if (!file) continue;
    for (const { path, log } of [file, ...file.members ?? []]) {
      const rundir = again.get(path);
      if (log && rundir) runs.rundirs.getOrInsert(log.place.rundir, rundir);
    }
    await read([file], {
      isWanted: ({ path }) => again.has(path),
      // Sources outside this import keep their attributes.
      options: { ...plain, attributes: "{}" },
    });
  }
  relabelSources(db, relabelled, plain.attributes);
  const sources = sourcesNow();
  if (sources.some(isChanged)) writeKinds(db);
  progress.say("binding");
  const bindings = stoppable(() =>
    bindSources(db, rules, sources.some(isChanged))
  );
  const notRead = outcomes.values()
    .filter((outcome) => !("importer" in outcome)).toArray();
  const database = stoppable(() => contentsOf(db));
  const seconds = (performance.now() - start) / 1000;
  const renamed = Array.from(runs.renamed, ([from, to]) => ({ from, to }));
  return importReport({
    sources,
    notRead,
    renamed,
    database,
    seconds,
    bindings,
  });
}

const isChanged = ({ outcome }: SourceReport) =>
  outcome !== "unchanged" && outcome !== "failed";

/** Binds if a source changed or was not bound by these rules before. */
function bindSources(
  db: Database,
  rules: readonly Rule[],
  isChanged: boolean,
): BindReport | undefined {
  const hash = sha256()
    .update(rules.map(ruleText).join("\n")).digest("hex");
  const isUnbound = isChanged || hasSources(db) &&
      db.query("SELECT 1 FROM source WHERE bound IS NOT ? LIMIT 1", [hash])
          .length > 0;
  if (!isUnbound) return undefined;
  return db.transaction(() => {
    const report = bind(db, rules);
    writeRuns(db);
    db.run("UPDATE source SET bound = ? WHERE bound IS NOT ?", [hash, hash]);
    return report;
  });
}
