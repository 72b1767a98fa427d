import type { Database } from "../sql/mod.ts";
import { type FileFormat, type FoundLog, logOfKind } from "./find_sources.ts";
import { findFiles, type FoundOnDisk, onlyLogs } from "./found_files.ts";
import { importFound } from "./import_found.ts";
import { inTurn } from "./in_turn.ts";
import { knownLengths } from "./logs/known_log.ts";
import type { ImportOptions } from "./options.ts";
import { existingPath, isFile } from "./paths.ts";
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
  return await inTurn(db, async () => {
    const existing = existingPath(path);
    const found = await findLogs(db, existing, formats);
    if (found.length === 0) {
      const names = formats.map(({ importer }) => importer).join(", ");
      throw new TypeError(`${existing} is no log of this kind: ${names}`);
    }
    return await importFound(db, found, plain, options);
  });
}

// A file may be called anything, where its lines tell its kind from the others.
async function findLogs(
  db: Database,
  path: string,
  formats: readonly FileFormat[],
): Promise<FoundOnDisk[]> {
  const lengths = knownLengths(db);
  const isWanted = ({ format }: FoundLog) => formats.includes(format);
  const found = onlyLogs(await findFiles(path, { lengths }), isWanted);
  if (found.length > 0 || !isFile(path)) return found;
  for (const format of formats.filter((one) => beginsAlone(one, formats))) {
    const asLog = (path: string) => logOfKind(path, format);
    const found = onlyLogs(await findFiles(path, { lengths, asLog }), isWanted);
    if (found.length > 0) return found;
  }
  return [];
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
