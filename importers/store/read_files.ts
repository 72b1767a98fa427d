import type { Progress } from "../../display/notebook/progress.ts";
import { type Database, DatabaseError } from "../../sql/mod.ts";
import {
  type Content,
  contentOf,
  contentOnDisk,
} from "../container/content.ts";
import { DatabasesInside } from "../container/databases_inside.ts";
import { piecesOf } from "../container/pieces.ts";
import type { FoundLog } from "../discover/detect.ts";
import {
  type FoundFile,
  type FoundOnDisk,
  messageOf,
} from "../discover/find_files.ts";
import { clocksByRun, type KnownRuns } from "../discover/known_runs.ts";
import { shownClock, zoneClock } from "../clock/clock.ts";
import { importLog } from "./import_log.ts";
import { importBinary } from "./import_binary.ts";
import { emptySourceReport } from "../report/make_report.ts";
import { databaseFormats } from "../formats/list.ts";
import { type OpenDatabase, openSource } from "../container/open_source.ts";
import type { PlainOptions } from "./plain_options.ts";
import type { OtherwiseGiven } from "./given_attributes.ts";
import type { NotRead, SourceReport } from "../report/report.ts";

/** What reading files takes beside them. */
export interface ReadContext {
  db: Database;
  options: PlainOptions;
  runs: KnownRuns;
  progress: Progress;
  /** Takes the sources that were given other attributes before. */
  others: OtherwiseGiven;
  /** Which of them are read, if not all. */
  isWanted?: (file: FoundFile) => boolean;
}

/** Whether there is something in a file that an importer reads. */
export const isReadable = ({ log, isSqlite }: FoundFile): boolean =>
  log !== undefined || isSqlite === true;

/** What reading a file came to. */
export type Outcome = SourceReport | NotRead;

/** Reads files, or those in them, each on its own. */
export async function readOnDisk(
  files: readonly FoundOnDisk[],
  context: ReadContext,
): Promise<Outcome[]> {
  const { isWanted = () => true } = context;
  const outcomes: Outcome[] = [];
  let small: FoundOnDisk[] = [];
  const readSmall = () => {
    const now = small;
    small = [];
    outcomes.push(
      ...context.db.transaction(() =>
        now.map((file) => readNow(onDisk(file), context))
      ),
    );
  };
  for (const file of files) {
    const { path, bytes, members, reason } = file;
    if (!members && !isWanted(file)) continue;
    if (isSmallLog(file)) {
      small.push(file);
      if (small.length === mostAtOnce) readSmall();
      continue;
    }
    readSmall();
    if (members) {
      if (reason !== undefined) outcomes.push({ path, bytes, reason });
      outcomes.push(...await readPacked({ path, members }, context));
    } else if (file.isSqlite) {
      const database = () => openSource(path);
      outcomes.push(await readDatabase({ ...file, database }, context));
    } else outcomes.push(readNow(onDisk(file), context));
  }
  readSmall();
  return outcomes;
}

// To commit takes longer than to read a small log, and there may be tens of
// thousands: many share a transaction. What an import that is killed has read
// of them is read by the next.
const mostAtOnce = 256;
const mostBytesAtOnce = 1 << 22;
const small = 1 << 16;

const isSmallLog = ({ log, bytes, members }: FoundOnDisk): boolean =>
  log !== undefined && bytes <= small && !members;

const onDisk = (file: FoundFile): OpenFile => ({
  ...file,
  content: contentOnDisk(file.path),
});

async function readPacked(
  { path, members }: { path: string; members: readonly FoundFile[] },
  context: ReadContext,
): Promise<Outcome[]> {
  const { db, isWanted = () => true } = context;
  const { unpack } = await import("../container/unpack.ts");
  const databases = new DatabasesInside(members);
  const left = new Set(members.filter(isWanted));
  const outcomes: Outcome[] = [];
  const unpacked = unpack(path, piecesOf(path));
  let next = 0;
  const readSome = (): boolean => {
    const first = next;
    for (let read = 0; read < mostBytesAtOnce && next < first + mostAtOnce;) {
      const file = nextOf(unpacked);
      const member = members[next++];
      if (!file || !member) return false;
      if (!left.has(member)) continue;
      const { bytes, digest } = member;
      if (member.isSqlite || member.besideSqlite !== undefined) {
        if (member.damage === undefined) databases.add(member, file.pieces);
      } else if (bytes > 0 || member.reason !== undefined) {
        left.delete(member);
        const content = digest && contentOf(digest, file.pieces);
        outcomes.push(readNow({ ...member, content }, context));
        read += bytes;
      }
    }
    return true;
  };
  while (db.transaction(readSome));
  for (const { member, database } of databases.all()) {
    left.delete(member);
    outcomes.push(await readDatabase({ ...member, database }, context));
  }
  for (const member of left) {
    const { damage = changed } = member;
    const isLost = member.damage !== undefined || isReadable(member);
    if (isLost) outcomes.push(readNow({ ...member, damage }, context));
  }
  return outcomes;
}

const changed = "it changed while it was read: import it again";

// Where a container is damaged it ends: that was said when it was looked into.
function nextOf<T>(files: Iterator<T>): T | undefined {
  try {
    const { value, done } = files.next();
    return done ? undefined : value;
  } catch {
    return undefined;
  }
}

/** A file, and how it is read. */
interface OpenFile extends FoundFile {
  content?: Content | undefined;
}

// A broken file costs that file: the others are read, and the report says so.
function readNow(file: OpenFile, context: ReadContext): Outcome {
  const { path, bytes, log, content, reason, damage } = file;
  if (reason !== undefined) return { path, bytes, reason };
  if (!log || !content) {
    return { path, bytes, ...damage === undefined ? {} : { reason: damage } };
  }
  const progress = progressOf(file, context.progress);
  try {
    const counted = progress.counted(content);
    const report = readLog({ path, log, content: counted }, context);
    return damage === undefined ? report : { ...report, error: damage };
  } catch (thrown) {
    return failed(file, log.format.importer, thrown);
  } finally {
    progress.end();
  }
}

async function readDatabase(
  file: FoundFile & { database: OpenDatabase },
  { db, options, runs, progress, others }: ReadContext,
): Promise<Outcome> {
  const { path, bytes, database } = file;
  const clocks = clocksByRun(runs);
  let importer = "";
  try {
    for (const format of databaseFormats) {
      importer = format.importer;
      const given = { ...options, others };
      const report = await format.readDatabase(db, database, given, clocks);
      if (report) return report;
    }
    return { path, bytes, reason: "a database of another program" };
  } catch (thrown) {
    return failed(file, importer, thrown);
  } finally {
    progressOf(file, progress).end();
  }
}

function failed(
  { path, bytes }: FoundFile,
  importer: string,
  thrown: unknown,
): SourceReport {
  // It is not this file's fault where nothing can be written any more.
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

function readLog(
  { path, log, content }: { path: string; log: FoundLog; content: Content },
  { db, options, others, runs: { clocks, processes, runs, sameAs } }:
    ReadContext,
): SourceReport {
  const { format } = log;
  const rundir = sameAs.get(log.place.rundir) ?? log.place.rundir;
  const place = { ...log.place, rundir, path };
  if ("sniff" in format) {
    return importBinary(db, { format, place, content }, { ...options, others });
  }
  const shown = clocks.get(rundir);
  return importLog(db, { format, place, content }, {
    attributes: options.attributes,
    others,
    records: options.records,
    clock: shown ? shownClock(shown) : zoneClock(options.timeZone),
    shown,
    submitProcess: processes.get(rundir),
    hasOwnDirectory: (run) => runs.values().some((own) => own === run),
  });
}

interface FileProgress {
  /** The content, whose reading shows how far it is. */
  counted(content: Content): Content;
  /** What was not read, was not to be read. */
  end(): void;
}

function progressOf(file: FoundFile, progress: Progress): FileProgress {
  let left = isReadable(file) ? file.bytes : 0;
  const advance = (bytes: number) => {
    left -= bytes;
    progress.advance(bytes, file.path);
  };
  return {
    counted: (content) => ({
      ...content,
      *pieces() {
        for (const piece of content.pieces()) {
          yield piece;
          advance(piece.length);
        }
      },
    }),
    end: () => advance(left),
  };
}
