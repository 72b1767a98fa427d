import { DatabaseError, messageOf } from "./errors.ts";
import {
  checkFolder,
  filePath,
  isSameFile,
  statOrNothing,
  temporaryBeside,
} from "./files.ts";

/**
 * Writes a database into a file, completely or not at all: into a temporary
 * file that is then renamed.
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
  const temporary = temporaryBeside(path);
  try {
    writeThrough(temporary, serialize());
    Deno.renameSync(temporary, path);
  } catch (error) {
    removeIfThere(temporary);
    throw new DatabaseError(`cannot save to ${path}: ${messageOf(error)}`);
  }
}

function checkTarget(path: string): void {
  checkFolder(path, "save to");
  if (statOrNothing(path)?.isDirectory) {
    throw new DatabaseError(
      `cannot save to ${path}: it is a folder. Give the name of a file`,
    );
  }
  // SQLite would apply these to the new file, to which they do not belong.
  for (const suffix of ["-journal", "-wal"]) {
    if (statOrNothing(path + suffix) === undefined) continue;
    throw new DatabaseError(
      `cannot save to ${path}: ${path}${suffix} shows that another program ` +
        "has it open, or did not close it. Save to another name",
    );
  }
}

function writeThrough(path: string, bytes: Uint8Array): void {
  using file = Deno.openSync(path, { write: true, createNew: true });
  for (let at = 0; at < bytes.length;) {
    at += file.writeSync(bytes.subarray(at));
  }
  file.syncSync();
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // It was never created.
  }
}
