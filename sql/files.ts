import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { statOrNothing, writeWhole } from "../display/output.ts";
import { messageOf } from "../display/text/format.ts";
import { cannotOpen, DatabaseError } from "./errors.ts";

/**
 * The path of a file, given as a path or a `file:` URL.
 *
 * @throws {TypeError} for another URL, or an empty path
 */
export function filePath(path: string | URL): string {
  if (typeof path !== "string" && !(path instanceof URL)) {
    throw new TypeError(`a path is text or a URL, not ${typeof path}`);
  }
  const text = String(path);
  if (path instanceof URL || /^file:/i.test(text)) {
    const url = new URL(text);
    if (url.protocol === "file:") return fileURLToPath(url);
    throw new TypeError(`a database is a file on disk, not at ${text}`);
  }
  if (text === "") throw new TypeError("the path of the database is empty");
  return text;
}

/**
 * Checks that the folder of a file exists.
 *
 * @throws {DatabaseError} if it does not
 */
function checkFolder(path: string, purpose: string): void {
  const folder = dirname(path);
  try {
    if (statOrNothing(folder)?.isDirectory) return;
  } catch (error) {
    // Permission for the file alone is enough.
    if (error instanceof Deno.errors.NotCapable) return;
    throw error;
  }
  throw new DatabaseError(
    `cannot ${purpose} ${path}: there is no folder ${folder}. ` +
      `Make it first, or check the path`,
  );
}

/**
 * Checks a file before SQLite gets it: SQLite looks into a file only at the
 * first query, and opening a missing one creates it.
 *
 * @throws {DatabaseError} if it cannot be opened as a database
 */
export function checkFile(
  path: string,
  { mustExist }: { mustExist: boolean },
): void {
  const found = statOrNothing(path);
  if (found === undefined) {
    checkFolder(path, "open");
    if (!mustExist) return;
    throw cannotOpen(
      path,
      "there is no such file. Check the path; without readOnly it would be " +
        "created",
    );
  }
  if (!found.isFile) {
    const kind = found.isDirectory
      ? "a folder"
      : "a pipe or another special file";
    throw cannotOpen(path, `it is ${kind}. Give the path of a SQLite file`);
  }
  if (found.size > 0 && !isHeader(readStart(path))) {
    throw cannotOpen(
      path,
      "it is not a SQLite database. Check the path; nothing was written to it",
    );
  }
}

/** Whether two paths lead to the same file. */
function isSameFile(one: string, other: string): boolean {
  const [a, b] = [statOrNothing(one), statOrNothing(other)];
  if (a === undefined || b === undefined) return false;
  return a.ino === null
    ? Deno.realPathSync(one) === Deno.realPathSync(other)
    : a.ino === b.ino && a.dev === b.dev;
}

/** Whether bytes start as every SQLite file does that is not empty. */
export const isHeader = (bytes: Uint8Array): boolean =>
  new TextDecoder("latin1").decode(bytes.subarray(0, fileMagic.length)) ===
    fileMagic;

const fileMagic = "SQLite format 3\0";

/** Whether the header of a file declares a write-ahead log. */
export function usesWriteAheadLog(path: string): boolean {
  const header = readStart(path);
  return isHeader(header) && hasLog(header);
}

/**
 * The bytes of a file without the declaration of a write-ahead log, because
 * SQLite opens no file in memory that has one.
 */
export function withoutWriteAheadLog(bytes: Uint8Array): Uint8Array {
  if (!hasLog(bytes)) return bytes;
  const copy = bytes.slice();
  copy.fill(1, 18, 20);
  return copy;
}

// The format versions for writing and for reading: 2 with a log, 1 without.
const hasLog = (bytes: Uint8Array) => bytes[18] === 2 || bytes[19] === 2;

function readStart(path: string): Uint8Array {
  using file = Deno.openSync(path);
  const bytes = new Uint8Array(20);
  return bytes.subarray(0, file.readSync(bytes) ?? 0);
}

/**
 * Writes a database into a file, completely or not at all.
 *
 * @param own the file of the database itself, which needs no writing
 */
export function saveFile(
  target: string | URL,
  own: string | undefined,
  serialize: () => Uint8Array,
): void {
  const path = filePath(target);
  if (own !== undefined && isSameFile(path, own)) return;
  checkTarget(path);
  try {
    writeWhole(path, serialize());
  } catch (error) {
    const reason = messageOf(error).replace(`cannot write ${path}: `, "");
    throw new DatabaseError(`cannot save to ${path}: ${reason}`);
  }
}

function checkTarget(path: string): void {
  checkFolder(path, "save to");
  if (statOrNothing(path)?.isDirectory) {
    throw new DatabaseError(
      `cannot save to ${path}: it is a folder. Give the name of a file`,
    );
  }
  // SQLite would apply these to the new file, although they belong to another.
  for (const suffix of ["-journal", "-wal"]) {
    if (statOrNothing(path + suffix) === undefined) continue;
    throw new DatabaseError(
      `cannot save to ${path}: ${path}${suffix} shows that another program ` +
        "has it open, or did not close it. Save to another name",
    );
  }
}
