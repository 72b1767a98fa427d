import { stoppable } from "../../display/notebook/stop_button.ts";
import { type Digest, Digester } from "../container/content.ts";
import { packingLength, packingOf } from "../container/packing.ts";
import { bytesAt, chunksOf, peek } from "../container/chunks.ts";
import type { PackedFile } from "../container/unpack.ts";
import { type FoundLog, logAt, sniffer, startText } from "./detect.ts";
import type { RunOfLog } from "../formats/format.ts";
import { filesBelow, isFile } from "./paths.ts";

/** A file, and which importer reads it, if any. */
export interface FoundFile {
  /** Where it lies; of one in a container, behind the container's path. */
  path: string;
  bytes: number;
  log?: FoundLog;
  isSqlite?: boolean;
  /** What a log of a submitting process shows of its run. */
  run?: RunOfLog;
  /** The database that SQLite reads it with. */
  besideSqlite?: string;
  /** Why it cannot be read. */
  reason?: string;
  /** Of a file in a container: what reading it once has told. */
  digest?: Digest;
  /** What is wrong with it; what comes before is read. */
  damage?: string;
}

/** A file on disk: one that is read as it is, or a container of others. */
export interface FoundOnDisk extends FoundFile {
  /** What is in it. */
  members?: FoundFile[];
}

/**
 * Finds out by its name and its content what a file on disk is, and what is in
 * it, if it is a container. An empty file is nothing.
 */
export async function recognize(
  path: string,
  {
    lengths = () => [],
    onMember = () => {},
    asLog = logAt,
    asMember = logAt,
  }: RecognizeOptions = {},
): Promise<FoundOnDisk | undefined> {
  let bytes = 0;
  try {
    const { size, isSymlink, isFile, isDirectory } = Deno.lstatSync(path);
    if (isSymlink) return { path, bytes, reason: "a link, not followed" };
    // To open a pipe would wait for somebody who writes into it.
    if (!isFile && !isDirectory) {
      return { path, bytes, reason: "no plain file, but a pipe or the like" };
    }
    bytes = size;
    if (bytes === 0 || isBesideSqlite(path)) return undefined;
    const start = startOf(path);
    if (isSqlite(start)) return { path, bytes, isSqlite: true };
    if (packingOf(start)) {
      const options = { lengths, onMember, asLog, asMember };
      return await recognizePacked(path, bytes, options);
    }
    const log = asLog(path, startText(start));
    if (log && isUtf16(start)) return { path, bytes, reason: inUtf16 };
    return { path, bytes, ...log && lookInto(log, chunksOf(path)) };
  } catch (thrown) {
    const isNameless = thrown instanceof Deno.errors.NotFound &&
      path.includes("\ufffd");
    const reason = isNameless ? notUtf8 : messageOf(thrown);
    return { path, bytes, reason };
  }
}

const notUtf8 = "its name, or that of a directory, is not UTF-8: rename it";

/** Finds out what the files below a directory are, or what a file is. */
export async function findFiles(
  path: string,
  options: RecognizeOptions = {},
): Promise<FoundOnDisk[]> {
  const found: FoundOnDisk[] = [];
  for (const file of filesBelow(path)) {
    const recognized = await recognize(file, options);
    if (recognized) found.push(recognized);
  }
  return found;
}

/** Of what was found, the logs that are wanted. */
export function onlyLogs(
  found: readonly FoundOnDisk[],
  isWanted: (log: FoundLog) => boolean,
): FoundOnDisk[] {
  const isLog = ({ log }: FoundFile) => log !== undefined && isWanted(log);
  return found.flatMap((file) => {
    if (isLog(file)) return [file];
    if (!file.members?.some(isLog)) return [];
    // Members keep their places in the container.
    const members = file.members.map((member) =>
      isLog(member) ? member : { path: member.path, bytes: 0 }
    );
    return [{ ...file, members }];
  });
}

/** What finding out what a file is may take. */
export interface RecognizeOptions {
  /**
   * By importer and head, how far earlier imports have read: what is in a
   * container is compared with them while it is read for the first time.
   */
  lengths?: (importer: string, head: string) => readonly number[];
  /** Told of each file in a container, before it is looked into. */
  onMember?: (path: string) => void;
  /** Which log a file is by its path, if not by the names that Parsl gives. */
  asLog?: DetectLog;
  /** The same of what is in a tarball. */
  asMember?: DetectLog;
}

/** Which log a file seems to be, by its path and its first bytes. */
type DetectLog = (path: string, start: string) => FoundLog | undefined;

/** What went wrong, in words. */
export const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown);

async function recognizePacked(
  path: string,
  bytes: number,
  { lengths, onMember, asLog, asMember }: Required<RecognizeOptions>,
): Promise<FoundOnDisk> {
  // What unpacks is loaded when there is something packed.
  const { unpack } = await import("../container/unpack.ts");
  const members: FoundFile[] = [];
  const found: FoundOnDisk = { path, bytes, members };
  try {
    stoppable(() => {
      for (const file of unpack(path, chunksOf(path))) {
        onMember(file.path);
        // A log that is packed alone may have been given by any name.
        const detect = file.path === path ? asLog : asMember;
        members.push(recognizeMember(file, detect, lengths));
      }
    });
  } catch (thrown) {
    // Where the last member is cut short, that says it.
    if (!members.at(-1)?.damage) found.reason = messageOf(thrown);
  }
  return { ...found, members: withJournals(withoutReplaced(members)) };
}

function recognizeMember(
  { path, name, chunks, reason }: PackedFile,
  detect: DetectLog,
  lengths: Required<RecognizeOptions>["lengths"],
): FoundFile {
  if (reason !== undefined) return { path, bytes: 0, reason };
  const { start, all } = peek(chunks, packingLength);
  const log = detect(name, startText(start));
  const digester = new Digester((head) =>
    log ? lengths(log.format.importer, head) : []
  );
  const found: FoundFile = { path, bytes: 0 };
  const digested = function* () {
    try {
      for (const chunk of all) {
        digester.push(chunk);
        yield chunk;
      }
    } catch (thrown) {
      found.damage = messageOf(thrown);
    }
  };
  if (isSqlite(start)) found.isSqlite = true;
  else if (log) Object.assign(found, lookInto(log, digested(), true));
  for (const _ of digested());
  const digest = digester.digest();
  const { bytes } = digest;
  if (found.isSqlite && bytes > largestInMemory) {
    return { path, bytes, reason: tooLarge };
  }
  return { ...found, bytes, digest };
}

// A few kilobytes may be packed that unpack to anything.
const largestInMemory = 2 ** 30;
const tooLarge =
  "a database of more than 1 GiB, which is not read from inside of a packed " +
  "file: unpack it first";

/** The log, if its lines are of that kind, and the run that it shows. */
function lookInto(
  log: FoundLog,
  chunks: Iterable<Uint8Array>,
  isReadOnce = false,
): Pick<FoundFile, "log" | "run"> {
  const sniff = sniffer(log.format);
  const looker = "look" in log.format ? log.format.look?.() : undefined;
  let isLog: boolean | undefined;
  for (const chunk of chunks) {
    isLog ??= sniff(chunk);
    looker?.look(chunk);
    if (!isReadOnce && (isLog === false || isLog && !looker)) break;
  }
  if (!isLog) return {};
  return looker ? { log, run: looker.seen() } : { log };
}

// A member that was added once more replaces the one before.
function withoutReplaced(members: readonly FoundFile[]): FoundFile[] {
  const last = new Map(members.map((member) => [member.path, member]));
  return members.map((member) =>
    last.get(member.path) === member ? member : {
      path: member.path,
      bytes: member.bytes,
      reason: "a later one of this name is in the tarball",
    }
  );
}

function withJournals(members: readonly FoundFile[]): FoundFile[] {
  const databases = new Set(
    members.filter(({ isSqlite }) => isSqlite).map(({ path }) => path),
  );
  return members.map((member) => {
    const [, main] = journal.exec(member.path) ?? [];
    return main !== undefined && databases.has(main)
      ? { ...member, besideSqlite: main }
      : member;
  });
}

const journal = /^(.*)-(?:wal|shm|journal)$/s;

// SQLite reads these with the database.
function isBesideSqlite(path: string): boolean {
  const [, main] = journal.exec(path) ?? [];
  return main !== undefined && isFile(main) && isSqlite(startOf(main));
}

// As some consoles of Windows write what they show.
const isUtf16 = ([first, second]: Uint8Array): boolean =>
  first === 0xff && second === 0xfe || first === 0xfe && second === 0xff;

const inUtf16 = "written in UTF-16: convert it to UTF-8 first " +
  "(iconv -f UTF-16 -t UTF-8)";

const magic = new TextEncoder().encode("SQLite format 3\0");

const isSqlite = (start: Uint8Array): boolean =>
  magic.every((byte, i) => start[i] === byte);

function startOf(path: string): Uint8Array {
  using file = Deno.openSync(path);
  return bytesAt(file, 0, packingLength);
}
