import { messageOf } from "../../display/text/format.ts";
import { stoppable } from "../../display/notebook/stop_button.ts";
import { type Digest, digester } from "../container/content.ts";
import { packingOf } from "../container/packing.ts";
import {
  bytesAt,
  chunksOf,
  peek,
  startLength,
  startText,
} from "../container/chunks.ts";
import type { PackedFile } from "../container/unpack.ts";
import {
  type FoundLog,
  isFileName,
  isWholeOf,
  logAt,
  sniffer,
} from "./detect.ts";
import type { RunOfLog } from "../formats/format.ts";
import { filesBelow, isFile } from "./paths.ts";

/** A file, and which importer reads it, if any. */
export interface FoundFile {
  /** Its path; in a container, appended to the container's path. */
  path: string;
  bytes: number;
  log?: FoundLog;
  isSqlite?: boolean;
  /** Facts about a run that its submitting process's log shows. */
  run?: RunOfLog;
  /** The database whose journal it is. */
  besideSqlite?: string;
  /** Why it is not read. */
  reason?: string;
  /** Present if it may hold data that cannot be read. */
  unreadable?: true;
  /** Hashes and sizes gathered in one pass over a file in a container. */
  digest?: Digest;
  /** Where it is damaged; the part before that is read. */
  damage?: string;
  /** Where its content is, if not at its path. */
  at?: string;
}

/** A file on disk, which may be a container of others. */
export interface FoundOnDisk extends FoundFile {
  members?: FoundFile[];
}

/**
 * Determines the kind of a file on disk by name and content, and the members of
 * a container. Undefined for an empty file.
 */
export async function recognize(
  path: string,
  options: RecognizeOptions = {},
): Promise<FoundOnDisk | undefined> {
  const { asLog = logAt, at = path } = options;
  const moved = at === path ? {} : { at };
  let bytes = 0;
  try {
    const { size, isSymlink, isFile, isDirectory } = Deno.lstatSync(at);
    // Opening a pipe blocks until something writes to it.
    if (!isFile && !isDirectory) {
      const reason = isSymlink
        ? "a link, not followed"
        : "a pipe or another special file";
      return { path, bytes, reason, ...isFileName(path) && { unreadable } };
    }
    bytes = size;
    if (isFile && bytes === 0 || isBesideSqlite(at)) return undefined;
    const start = startOf(at);
    if (isSqlite(start)) return { path, bytes, isSqlite: true, ...moved };
    if (packingOf(start)) {
      return { ...await recognizePacked(path, bytes, options), ...moved };
    }
    const log = asLog(path, startText(start));
    if (log && isUtf16(start)) {
      return { path, bytes, reason: inUtf16, unreadable };
    }
    const seen = log && stoppable(() => examine(log, chunksOf(at)));
    return { path, bytes, ...seen, ...moved };
  } catch (thrown) {
    const isAbsent = thrown instanceof Deno.errors.NotFound;
    const isNameless = isAbsent && path.includes("\ufffd");
    const reason = isNameless ? notUtf8 : messageOf(thrown);
    const isLost = isNameless || !isAbsent;
    return { path, bytes, reason, ...isLost && { unreadable } };
  }
}

const unreadable = true;
const notUtf8 = "its name, or that of a directory, is not UTF-8: rename it";

/** Recognizes a file, or all files below a directory. */
export async function findFiles(
  path: string,
  options: RecognizeOptions = {},
): Promise<FoundOnDisk[]> {
  const found: FoundOnDisk[] = [];
  const { at } = options;
  for (const file of at ? [path] : filesBelow(path, isFileName)) {
    const recognized = await recognize(file, options) ??
      options.asEmpty?.(file);
    if (recognized) found.push(recognized);
  }
  return found;
}

/** Replaces or drops files and members of containers, but no container. */
export const chosen = (
  found: readonly FoundOnDisk[],
  choose: (file: FoundFile) => FoundFile | undefined,
): FoundOnDisk[] =>
  found.flatMap((file) =>
    file.members
      ? {
        ...file,
        // Members keep their positions in the container.
        members: file.members.map((member) =>
          choose(member) ?? { path: member.path, bytes: 0 }
        ),
      }
      : choose(file) ?? []
  );

/** Keeps the wanted logs. */
export const onlyLogs = (
  found: readonly FoundOnDisk[],
  isWanted: (log: FoundLog) => boolean,
): FoundOnDisk[] =>
  chosen(found, (file) => file.log && isWanted(file.log) ? file : undefined)
    .filter(({ members }) => !members || members.some(({ log }) => log));

/** Options for recognizing files. */
export interface RecognizeOptions {
  /** Where the content of the path is, if it is no file of that path. */
  at?: string;
  /**
   * Lengths that earlier imports have read, by importer and head: members of a
   * container are compared at these lengths while they are read once.
   */
  lengths?: (head: string) => readonly number[];
  /** Called for each file in a container before it is read. */
  onMember?: (path: string) => void;
  /** Called for each file that is empty or the journal of a database. */
  asEmpty?: (path: string) => FoundFile;
  /** Detects the log that a file is, by default by the formats' names. */
  asLog?: LogDetector;
  /** The same for files in a tarball. */
  asMember?: LogDetector;
}

/** Detects the log that a file seems to be, by its path and first bytes. */
export type LogDetector = (path: string, start: string) => FoundLog | undefined;

async function recognizePacked(
  path: string,
  bytes: number,
  { lengths, onMember, asLog = logAt, asMember = logAt, at = path }:
    RecognizeOptions,
): Promise<FoundOnDisk> {
  // Loaded only if something is packed.
  const { unpack } = await import("../container/unpack.ts");
  const members: FoundFile[] = [];
  const found: FoundOnDisk = { path, bytes, members };
  try {
    stoppable(() => {
      for (const file of unpack(path, chunksOf(at))) {
        onMember?.(file.path);
        // A log compressed on its own may have any name.
        const detect = file.path === path ? asLog : asMember;
        members.push(recognizeMember(file, detect, lengths));
      }
    });
  } catch (thrown) {
    // A truncated last member reports this itself.
    if (!members.at(-1)?.damage) {
      found.reason = messageOf(thrown);
      found.unreadable = unreadable;
    }
  }
  return { ...found, members: withRelations(members) };
}

function recognizeMember(
  { path, name, chunks, reason }: PackedFile,
  detect: LogDetector,
  lengths: RecognizeOptions["lengths"] = () => [],
): FoundFile {
  if (reason !== undefined) return { path, bytes: 0, reason };
  const { start, all } = peek(chunks, startLength);
  const log = detect(name, startText(start));
  const { push, digest } = digester(
    start,
    (head) => log ? lengths(head) : [],
    log && isWholeOf(log.format),
  );
  const found: FoundFile = { path, bytes: 0 };
  const digested = function* () {
    try {
      for (const chunk of all) {
        push(chunk);
        yield chunk;
      }
    } catch (thrown) {
      found.damage = messageOf(thrown);
    }
  };
  if (isSqlite(start)) found.isSqlite = true;
  else if (log) Object.assign(found, examine(log, digested(), true));
  for (const _ of digested());
  const whole = digest();
  return { ...found, bytes: whole.bytes, digest: whole };
}

/** The log, if its content has the format, and the run that it shows. */
function examine(
  log: FoundLog,
  chunks: Iterable<Uint8Array>,
  isReadOnce = false,
): Pick<FoundFile, "log" | "run" | "damage"> {
  const sniff = sniffer(log.format);
  const scanner = "scan" in log.format ? log.format.scan?.() : undefined;
  let isLog: boolean | undefined;
  let damage: string | undefined;
  try {
    for (const chunk of chunks) {
      isLog ??= sniff(chunk);
      scanner?.scan(chunk);
      if (!isReadOnce && (isLog === false || isLog && !scanner)) break;
    }
  } catch (thrown) {
    if (!isLog) throw thrown;
    damage = messageOf(thrown);
  }
  if (!isLog) return {};
  const run = scanner?.result();
  return { log, ...run && { run }, ...damage && { damage } };
}

/** Marks members that a later one replaces, and journals of databases. */
function withRelations(members: readonly FoundFile[]): FoundFile[] {
  const last = new Map(members.map((member) => [member.path, member]));
  return members.map((member): FoundFile => {
    const { path, bytes } = member;
    if (last.get(path) !== member) {
      return {
        path,
        bytes,
        reason: "a later one of this name is in the tarball",
      };
    }
    const main = journal.exec(path)?.[1] ?? "";
    return last.get(main)?.isSqlite
      ? { ...member, besideSqlite: main }
      : member;
  });
}

const journal = /^(.*)-(?:wal|shm|journal)$/s;

// SQLite reads these files together with the database.
function isBesideSqlite(path: string): boolean {
  const main = journal.exec(path)?.[1];
  return main !== undefined && isFile(main) && isSqlite(startOf(main));
}

// Some Windows consoles redirect output as UTF-16.
const isUtf16 = ([first, second]: Uint8Array): boolean =>
  first === 0xff && second === 0xfe || first === 0xfe && second === 0xff;

const inUtf16 = "written in UTF-16: convert it to UTF-8 first " +
  "(iconv -f UTF-16 -t UTF-8)";

const magic = new TextEncoder().encode("SQLite format 3\0");

const isSqlite = (start: Uint8Array): boolean =>
  magic.every((byte, i) => start[i] === byte);

function startOf(path: string): Uint8Array {
  using file = Deno.openSync(path);
  return bytesAt(file, 0, startLength);
}
