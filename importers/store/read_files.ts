import type { Progress } from "../../display/notebook/progress.ts";
import { messageOf } from "../../display/text/format.ts";
import {
  type Database,
  DatabaseError,
  type ImpliedEarly,
} from "../../sql/mod.ts";
import { shownClock, zoneClock } from "../clock/clock.ts";
import type { OpenDatabase } from "../container/open_source.ts";
import type { FoundFile, FoundOnDisk } from "../discover/find_files.ts";
import { olderParts } from "../discover/rotation.ts";
import { clocksByRun, type KnownRuns } from "../discover/known_runs.ts";
import { databaseFormats, logsOfRuns } from "../formats/list.ts";
import {
  emptySourceReport,
  type NotRead,
  type SourceReport,
} from "../report/report.ts";
import { importSource } from "./import_source.ts";
import type { PlainOptions } from "./options.ts";
import { isReadable, nextOf, type OpenFile, openFiles } from "./open_files.ts";
import { hasSource } from "./sources.ts";
import type { RelabelledSources } from "./user_attributes.ts";

/** Context for reading files. */
export interface ReadContext {
  db: Database;
  options: PlainOptions;
  runs: KnownRuns;
  progress: Progress;
  /** Receives sources whose user attributes change. */
  relabelled: RelabelledSources;
  /** Completes new spans by the rules of this import. */
  implied: ImpliedEarly;
  /** At how many lengths a file is compared with other sources. */
  maxLengths: number;
  /** Selects files to read; by default all. */
  isWanted?: (file: FoundFile) => boolean;
}

/** The result for one file. */
export type Outcome = SourceReport | NotRead;

/** Reads files and the members of containers, independently of each other. */
export async function readOnDisk(
  files: readonly FoundOnDisk[],
  context: ReadContext,
): Promise<Outcome[]> {
  const { db, isWanted = () => true } = context;
  const outcomes: Outcome[] = [];
  const opened = openFiles(files, isWanted);
  let file = nextOf(opened);
  const readSome = () => {
    let bytes = 0;
    for (let count = 0; file && !file.database && count < maxAtOnce; count++) {
      bytes += file.bytes;
      if (count > 0 && bytes > maxBytesAtOnce) break;
      outcomes.push(readNow(file, context));
      file = nextOf(opened);
    }
  };
  while (file) {
    const { database } = file;
    if (!database) {
      db.transaction(readSome);
      continue;
    }
    outcomes.push(await readDatabase({ ...file, database }, context));
    file = nextOf(opened);
  }
  return outcomes;
}

// A commit takes longer than reading a small log, and a run may have tens of
// thousands of them. A killed import loses one such batch.
const maxAtOnce = 256;
const maxBytesAtOnce = 1 << 22;

// A broken file is reported and the others are read.
function readNow(
  file: OpenFile,
  { db, options, runs, progress, ...shared }: ReadContext,
): Outcome {
  const { path, bytes, log, content, reason, unreadable } = file;
  let { damage } = file;
  if (reason !== undefined) {
    return { path, bytes, reason, ...unreadable && { unreadable } };
  }
  if (!log || !content) {
    const isLost = damage !== undefined;
    return { path, bytes, ...isLost && { reason: damage, unreadable: true } };
  }
  const directory = log.place.rundir;
  const rundir = runs.rundirs.get(directory) ?? directory;
  const isOfRun = logsOfRuns.get(log.format.importer) === log.format;
  const shown = runs.clocks.get(rundir);
  const advance = progressOf(file, progress);
  const counted = function* () {
    let isBegun = false;
    try {
      for (const chunk of content.chunks()) {
        isBegun = true;
        yield chunk;
        advance(chunk.length);
      }
    } catch (thrown) {
      // A disk that fails loses the rest of a log.
      if (!isBegun) throw thrown;
      damage ??= messageOf(thrown);
    }
  };
  try {
    const place = { ...log.place, rundir, path };
    const watched = { ...content, chunks: counted };
    const report = importSource(db, log.format, place, watched, {
      ...options,
      ...shared,
      clock: shown ? shownClock(shown) : zoneClock(options.timeZone),
      shown,
      ownRun: runs.runs.get(rundir),
      isContinued: "scan" in log.format &&
        olderParts(path).some((older) => hasSource(db, older)),
      submitProcess: runs.processes.get(rundir),
      within: path.slice(directory.length),
      isOfRun,
      isLoggedElsewhere: (run) =>
        runs.runs.values().some((own) => own === run) ||
        runs.loggedIn.getOrInsert(run, rundir) !== rundir,
    });
    return damage === undefined ? report : { ...report, error: damage };
  } catch (thrown) {
    return failed(file, log.format.importer, thrown);
  } finally {
    advance();
  }
}

async function readDatabase(
  file: FoundFile & { database: OpenDatabase },
  { db, options, runs, progress, relabelled }: ReadContext,
): Promise<Outcome> {
  const { path, bytes, database } = file;
  const clocks = clocksByRun(runs);
  let importer = "";
  try {
    for (const format of databaseFormats) {
      importer = format.importer;
      const context = { ...options, relabelled, clocks };
      const report = await format.readDatabase(db, database, context);
      if (report) return report;
    }
    return { path, bytes, reason: "a database of another program" };
  } catch (thrown) {
    return failed(file, importer, thrown);
  } finally {
    progressOf(file, progress)();
  }
}

function failed(
  { path, bytes }: FoundFile,
  importer: string,
  thrown: unknown,
): SourceReport {
  // The database that is imported into cannot be written: no file's fault.
  if (thrown instanceof DatabaseError && thrown.file !== undefined) {
    throw thrown;
  }
  return {
    ...emptySourceReport(path, importer),
    outcome: "failed",
    bytes,
    error: messageOf(thrown),
  };
}

/** Returns a function that counts bytes as done, by default the unread rest. */
function progressOf(file: FoundFile, progress: Progress) {
  let left = isReadable(file) ? file.bytes : 0;
  return (bytes = left) => {
    left -= bytes;
    progress.advance(bytes, file.path);
  };
}
