import { DatabaseError, messageOf } from "./errors.ts";
import {
  checkFolder,
  filePath,
  isSameFile,
  statOrNothing,
  temporaryBeside,
} from "./paths.ts";

/**
 * Writes a database into a file that is either whole or not there: beside it
 * first, and then renamed.
 *
 * @param own the file that the database lives in, which needs no writing
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
  // SQLite would play these back into the new file, which they do not fit.
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
    // It was never made.
  }
}
