import type { Progress } from "../display/progress.ts";
import type { Database } from "../sql/mod.ts";
import { type Content, contentOf, contentOnDisk } from "./files/content.ts";
import {
  DatabasesInside,
  type OpenDatabase,
} from "./files/databases_inside.ts";
import { piecesOf } from "./files/pieces.ts";
import { type FoundFile, type FoundOnDisk, messageOf } from "./found_files.ts";
import { clocksByRun, type KnownRuns } from "./known_runs.ts";
import { shownClock, zoneClock } from "./logs/clock.ts";
import { importLog } from "./logs/import_log.ts";
import { importWhole } from "./logs/import_whole.ts";
import { emptySourceReport } from "./make_report.ts";
import { readMonitoringDb } from "./monitoring/import.ts";
import { openSource } from "./monitoring/open_source.ts";
import type { PlainOptions } from "./plain_options.ts";
import type { NotRead, SourceReport } from "./report.ts";

/** What reading files takes beside them. */
export interface ReadContext {
  db: Database;
  options: PlainOptions;
  runs: KnownRuns;
  progress: Progress;
  /** Which of them are read, if not all. */
  isWanted?: (file: FoundFile) => boolean;
}

/** Whether there is something in a file that an importer reads. */
export const isReadable = ({ log, isSqlite }: FoundFile): boolean =>
  log !== undefined || isSqlite === true;

/** Reads a file, or those in it, each on its own. */
export async function* readOnDisk(
  file: FoundOnDisk,
  context: ReadContext,
): AsyncGenerator<SourceReport | NotRead> {
  const { path, bytes, members, reason } = file;
  if (members) {
    if (reason !== undefined) yield { path, bytes, reason };
    yield* readPacked({ path, members }, context);
  } else if (context.isWanted?.(file) ?? true) {
    const content = contentOnDisk(path);
    const database = () => openSource(path);
    yield await readFile({ ...file, content, database }, context);
  }
}

async function* readPacked(
  { path, members }: { path: string; members: readonly FoundFile[] },
  context: ReadContext,
): AsyncGenerator<SourceReport | NotRead> {
  const { isWanted = () => true } = context;
  const { unpack } = await import("./files/unpack.ts");
  const databases = new DatabasesInside(members);
  const left = new Set(members.filter(isWanted));
  let next = 0;
  try {
    for (const { pieces } of unpack(path, piecesOf(path))) {
      const member = members[next++];
      if (!member) break;
      if (!left.has(member)) continue;
      const { bytes, digest } = member;
      if (member.isSqlite || member.besideSqlite !== undefined) {
        if (member.damage === undefined) databases.add(member, pieces);
      } else if (bytes > 0 || member.reason !== undefined) {
        left.delete(member);
        const content = digest && contentOf(digest, pieces);
        yield await readFile({ ...member, content }, context);
      }
    }
  } catch {
    // It was damaged when it was looked into, and that was said.
  }
  for (const { member, database } of databases.all()) {
    left.delete(member);
    yield await readFile({ ...member, database }, context);
  }
  for (const member of left) {
    if (member.damage !== undefined) yield await readFile(member, context);
  }
}

/** A file, and how it is read. */
interface OpenFile extends FoundFile {
  content?: Content | undefined;
  database?: OpenDatabase;
}

// A broken file costs that file: the others are read, and the report says so.
async function readFile(
  file: OpenFile,
  context: ReadContext,
): Promise<SourceReport | NotRead> {
  const { path, bytes, log, reason, damage } = file;
  if (reason !== undefined) return { path, bytes, reason };
  const progress = progressOf(file, context.progress);
  try {
    const report = await readContent(file, progress, context);
    if (damage === undefined) return report;
    return "importer" in report
      ? { ...report, error: damage }
      : { ...report, reason: damage };
  } catch (thrown) {
    const importer = log?.format.importer ?? "monitoring.db";
    return {
      ...emptySourceReport(path, importer),
      outcome: "failed",
      bytes,
      error: messageOf(thrown),
    };
  } finally {
    progress.end();
  }
}

async function readContent(
  { path, bytes, log, content, database, isSqlite }: OpenFile,
  { counted }: FileProgress,
  { db, options, runs: { clocks, processes, runs, sameAs } }: ReadContext,
): Promise<SourceReport | NotRead> {
  if (log && content) {
    const { format } = log;
    const rundir = sameAs.get(log.place.rundir) ?? log.place.rundir;
    const place = { ...log.place, rundir, path };
    const toRead = { place, content: counted(content) };
    if ("isOne" in format) {
      return importWhole(db, { ...toRead, format }, options);
    }
    const shown = clocks.get(rundir);
    return importLog(db, { ...toRead, format }, {
      attributes: options.attributes,
      records: options.records,
      clock: shown ? shownClock(shown) : zoneClock(options.timeZone),
      shown,
      submitProcess: processes.get(rundir),
      hasOwnDirectory: (run) => runs.values().some((own) => own === run),
    });
  }
  if (!isSqlite || !database) return { path, bytes };
  const byRun = clocksByRun({ clocks, runs });
  return await readMonitoringDb(db, database, options, byRun) ??
    { path, bytes, reason: "a database of another program" };
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
