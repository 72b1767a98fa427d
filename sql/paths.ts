import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { DatabaseError } from "./errors.ts";

/**
 * The path of a file, given as a path or as a `file:` URL.
 *
 * @throws {TypeError} for another URL, or no path at all
 */
export function filePath(path: string | URL): string {
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
 * Checks that the folder of a file is there.
 *
 * @throws {DatabaseError} where it is not
 */
export function checkFolder(path: string, purpose: string): void {
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

/** What is at a path, or nothing. */
export function statOrNothing(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch (error) {
    const absent = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory;
    if (absent) return undefined;
    throw error;
  }
}

/** Whether two paths lead to one file. */
export function isSameFile(one: string, other: string): boolean {
  const [a, b] = [statOrNothing(one), statOrNothing(other)];
  if (a === undefined || b === undefined) return false;
  return a.ino === null
    ? Deno.realPathSync(one) === Deno.realPathSync(other)
    : a.ino === b.ino && a.dev === b.dev;
}

/** A name for a temporary file in the same folder, to be renamed from. */
export function temporaryBeside(path: string): string {
  const name = `.${basename(path)}.${crypto.randomUUID()}.tmp`;
  return `${dirname(path)}/${name}`;
}
