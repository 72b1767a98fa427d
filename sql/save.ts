import { statOrNothing, writeWhole } from "../display/output.ts";
import { DatabaseError, messageOf } from "./errors.ts";
import { checkFolder, filePath, isSameFile } from "./files.ts";

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
  // SQLite would apply these to the new file, to which they do not belong.
  for (const suffix of ["-journal", "-wal"]) {
    if (statOrNothing(path + suffix) === undefined) continue;
    throw new DatabaseError(
      `cannot save to ${path}: ${path}${suffix} shows that another program ` +
        "has it open, or did not close it. Save to another name",
    );
  }
}
