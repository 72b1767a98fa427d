import { messageOf } from "../../display/text/format.ts";
import { chunksOf } from "../container/chunks.ts";
import {
  type Content,
  contentOf,
  contentOnDisk,
} from "../container/content.ts";
import { type OpenDatabase, openWanted } from "../container/open_source.ts";
import type { PackedFile } from "../container/unpack.ts";
import { PackedDatabase } from "../container/packed_database.ts";
// Loaded for packed files only.
import defer * as packing from "../container/unpack.ts";
import type { FoundFile, FoundOnDisk } from "../discover/find_files.ts";
import { olderParts } from "../discover/rotation.ts";

/** A file with its content, or a database; without either it is not read. */
export interface OpenFile extends FoundFile {
  content?: Content | undefined;
  database?: OpenDatabase;
}

/** Whether some importer reads the file. */
export const isReadable = ({ log, isSqlite }: FoundFile): boolean =>
  log !== undefined || isSqlite === true;

/** Opens files and members of containers, one after the other. */
export function* openFiles(
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
        ? {
          ...file,
          database: async (isWanted) => {
            const source = await openWanted(at, isWanted);
            return source && { ...source, path };
          },
        }
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
  const left = new Set(members.filter(isWanted));
  const databases = new Map<string, GatheredDatabase>();
  const partsOf = Map.groupBy(
    members.filter(({ path, isSqlite, besideSqlite, damage }) =>
      damage === undefined &&
      (isSqlite || besideSqlite !== undefined && !path.endsWith("-shm"))
    ),
    mainOf,
  );
  for (const member of left) {
    const parts = partsOf.get(member.path);
    if (!member.isSqlite || !parts?.includes(member)) continue;
    databases.set(member.path, { member, parts, missing: new Set(parts) });
  }
  try {
    const needed = databases.values().flatMap(({ parts }) => parts);
    for (let wanted = left.union(new Set(needed)); wanted.size > 0;) {
      const unread = new Set(wanted.values().map(({ path }) => path));
      const waiting = new Set<FoundFile>();
      const unpacked = unpack();
      for (const member of members) {
        const file = wanted.size > 0 && nextOf(unpacked);
        if (!file) break;
        if (!wanted.delete(member)) continue;
        const { path, bytes, digest, reason, besideSqlite, isSqlite } = member;
        if (isSqlite || besideSqlite !== undefined) {
          const database = databases.get(mainOf(member));
          if (database) yield* gather(database, member, file.chunks, left);
        } else if (olderParts(path).some((older) => unread.has(older))) {
          waiting.add(member);
          continue;
        } else if (bytes > 0 || reason !== undefined) {
          left.delete(member);
          const content = digest && contentOf(digest, file.chunks);
          yield { ...member, content };
        }
        unread.delete(path);
      }
      wanted = waiting;
    }
  } finally {
    for (const { packed } of databases.values()) packed?.[Symbol.dispose]();
  }
  for (const member of left) {
    const { damage = "it changed while it was read: import it again" } = member;
    const isLost = member.damage !== undefined || isReadable(member);
    if (isLost) yield { ...member, damage };
  }
}

/** A database in a container, which is read when all of its files are there. */
interface GatheredDatabase {
  member: FoundFile;
  /** Itself, and the write-ahead log or journal beside it. */
  parts: readonly FoundFile[];
  missing: Set<FoundFile>;
  packed?: PackedDatabase | undefined;
}

const mainOf = ({ path, besideSqlite }: FoundFile) => besideSqlite ?? path;

function* gather(
  database: GatheredDatabase,
  part: FoundFile,
  chunks: Iterable<Uint8Array>,
  left: Set<FoundFile>,
): Generator<OpenFile> {
  const { member, parts, missing } = database;
  if (!missing.delete(part) || !left.has(member)) return;
  try {
    const bytes = parts.reduce((sum, { bytes }) => sum + bytes, 0);
    const packed = database.packed ??= new PackedDatabase(member.path, bytes);
    packed.add(part.path.slice(member.path.length), chunks);
    if (missing.size > 0) return;
    left.delete(member);
    yield { ...member, database: () => packed.open() };
  } catch (error) {
    left.delete(member);
    yield { ...member, reason: messageOf(error), unreadable: true };
  }
  // Only one database at a time has to fit in memory or on the disk.
  database.packed?.[Symbol.dispose]();
}

/** The next one; undefined also if a container is damaged from there on. */
export function nextOf<T>(files: Iterator<T>): T | undefined {
  try {
    const { value, done } = files.next();
    return done ? undefined : value;
  } catch {
    // Recognizing it has reported the damage.
    return undefined;
  }
}
