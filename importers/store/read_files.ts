import type { Progress } from "../../display/notebook/progress.ts";
import { messageOf } from "../../display/text/format.ts";
import { committedBytes, type Database, DatabaseError } from "../../sql/mod.ts";
import { shownClock, zoneClock } from "../clock/clock.ts";
import {
  type Content,
  contentOf,
  contentOnDisk,
} from "../container/content.ts";
import {
  type OpenDatabase,
  openSource,
  sourceOf,
} from "../container/open_source.ts";
import { chunksOf, joined } from "../container/chunks.ts";
import type { PackedFile } from "../container/unpack.ts";
// Loaded for packed files only.
import defer * as packing from "../container/unpack.ts";
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
  /** Selects files to read; by default all. */
  isWanted?: (file: FoundFile) => boolean;
}

/** Whether some importer reads the file. */
export const isReadable = ({ log, isSqlite }: FoundFile): boolean =>
  log !== undefined || isSqlite === true;

/** The result for one file. */
export type Outcome = SourceReport | NotRead;

/** A file with its content, or a database; without either it is not read. */
interface OpenFile extends FoundFile {
  content?: Content | undefined;
  database?: OpenDatabase;
}

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

function* openFiles(
  files: readonly FoundOnDisk[],
  isWanted: (file: FoundFile) => boolean,
): Generator<OpenFile> {
  for (const file of files) {
    const { path, at = path, members, reason, isSqlite } = file;
    if (members) {
      if (reason !== undefined) yield file;
      const unpack = () => packing.unpack(path, chunksOf(at));
      yield* openMembers(unpack, members, isWanted);
    } else if (isWanted(file)) {
      yield isSqlite
        ? { ...file, database: async () => ({ ...await openSource(at), path }) }
        : { ...file, content: contentOnDisk(at) };
    }
  }
}

/**
 * Opens the members of a container in its order, except that a part of a rotated
 * log waits for older parts, and is opened when the container is unpacked again.
 */
function* openMembers(
  unpack: () => Iterator<PackedFile>,
  members: readonly FoundFile[],
  isWanted: (file: FoundFile) => boolean,
): Generator<OpenFile> {
  // The databases and their journals.
  const databases = new Map<string, Uint8Array>();
  const left = new Set(members.filter(isWanted));
  for (let wanted = new Set(left); wanted.size > 0;) {
    const unread = new Set(wanted.values().map(({ path }) => path));
    const waiting = new Set<FoundFile>();
    const unpacked = unpack();
    for (const member of members) {
      const file = wanted.size > 0 && nextOf(unpacked);
      if (!file) break;
      if (!wanted.delete(member)) continue;
      const { path, bytes, digest, damage, reason } = member;
      if (member.isSqlite || member.besideSqlite !== undefined) {
        const content = damage === undefined && wholeOf(file.chunks);
        if (content) databases.set(path, content);
      } else if (olderParts(path).some((older) => unread.has(older))) {
        waiting.add(member);
        continue;
      } else if (bytes > 0 || reason !== undefined) {
        left.delete(member);
        yield { ...member, content: digest && contentOf(digest, file.chunks) };
      }
      unread.delete(path);
    }
    wanted = waiting;
  }
  for (const member of members) {
    const { path, isSqlite, digest } = member;
    const main = databases.get(path);
    if (!isSqlite || !main || !digest) continue;
    left.delete(member);
    const beside = {
      log: databases.get(`${path}-wal`),
      journal: databases.get(`${path}-journal`),
    };
    const database = () => sourceOf(path, committedBytes(main, beside));
    yield { ...member, database };
  }
  for (const member of left) {
    const { damage = "it changed while it was read: import it again" } = member;
    const isLost = member.damage !== undefined || isReadable(member);
    if (isLost) yield { ...member, damage };
  }
}

function wholeOf(chunks: Iterable<Uint8Array>): Uint8Array | undefined {
  try {
    return joined([...chunks]);
  } catch {
    // The container changed after it was recognized; the next import reads it.
    return undefined;
  }
}

// A damaged container ends here; recognizing it has reported the damage.
function nextOf<T>(files: Iterator<T>): T | undefined {
  try {
    const { value, done } = files.next();
    return done ? undefined : value;
  } catch {
    return undefined;
  }
}

// A broken file is reported and the others are read.
function readNow(
  file: OpenFile,
  { db, options, runs, progress, relabelled }: ReadContext,
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
      relabelled,
      clock: shown ? shownClock(shown) : zoneClock(options.timeZone),
      shown,
      ownRun: runs.runs.get(rundir),
      isContinued: "scan" in log.format &&
        olderParts(path).some((older) => hasSource(db, older)),
      submitProcess: runs.processes.get(rundir),
      within: isOfRun ? path.slice(directory.length) : undefined,
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
