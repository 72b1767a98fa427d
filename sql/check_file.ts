import { DatabaseError } from "./errors.ts";
import { hasHeader } from "./header.ts";
import { checkFolder, statOrNothing } from "./paths.ts";

/**
 * Checks all that can be wrong with a file before SQLite has it: SQLite looks
 * into a file only at the first query, and opening a missing one creates it.
 *
 * @throws {DatabaseError} that says what is wrong
 */
export function checkFile(
  path: string,
  { mustExist }: { mustExist: boolean },
): void {
  const found = statOrNothing(path);
  if (found === undefined) {
    checkFolder(path, "open");
    if (!mustExist) return;
    throw new DatabaseError(
      `cannot open ${path}: there is no such file. Check the path; ` +
        "without readOnly it would be created",
    );
  }
  if (!found.isFile) {
    throw new DatabaseError(
      `cannot open ${path}: it is ${
        found.isDirectory ? "a folder" : "no plain file"
      }. Give the path of a SQLite file`,
    );
  }
  if (found.size > 0 && !hasHeader(path)) {
    throw new DatabaseError(
      `cannot open ${path}: it is not a SQLite database. Check the path; ` +
        "nothing was written to it",
    );
  }
}
