import type { Database } from "../sql/mod.ts";
import { type FileFormat, logOfKind } from "./find_sources.ts";
import { type FoundFile, recognize } from "./found_files.ts";
import { importFound } from "./import_found.ts";
import { inTurn } from "./in_turn.ts";
import type { ImportOptions } from "./options.ts";
import { existingPath, filesBelow, isFile } from "./paths.ts";
import { plainOptions } from "./plain_options.ts";
import type { ImportReport } from "./report.ts";

/**
 * Imports logs of some kinds: one file, or those below a directory.
 *
 * @throws {Deno.errors.NotFound} if there is no such file or directory.
 * @throws {TypeError} if there is no such log.
 */
export async function importLogs(
  db: Database,
  path: string | URL,
  options: ImportOptions,
  formats: readonly FileFormat[],
): Promise<ImportReport> {
  const plain = plainOptions(options);
  return await inTurn(db, () => {
    const existing = existingPath(path);
    const found = findLogs(existing, formats);
    if (found.length === 0) {
      const names = formats.map(({ importer }) => importer).join(", ");
      throw new TypeError(`${existing} is no log of this kind: ${names}`);
    }
    return importFound(db, found, plain, options);
  });
}

// A file may be called anything, where its lines tell its kind from the others.
function findLogs(
  path: string,
  formats: readonly FileFormat[],
): readonly FoundFile[] {
  const files = isFile(path) ? [path] : filesBelow(path);
  const found = [...files].map(recognize)
    .filter((file) => file !== undefined)
    .filter(({ log }) => log !== undefined && formats.includes(log.format));
  if (found.length > 0 || !isFile(path)) return found;
  const log = formats.filter((format) => beginsAlone(format, formats))
    .map((format) => logOfKind(path, format))
    .find((log) => log !== undefined);
  return log ? [{ path, bytes: Deno.statSync(path).size, log }] : [];
}

function beginsAlone(
  format: FileFormat,
  formats: readonly FileFormat[],
): boolean {
  const beginning = (of: FileFormat) => "isOne" in of ? of : of.beginning;
  return formats.every((other) =>
    other === format || beginning(other) !== beginning(format)
  );
}
