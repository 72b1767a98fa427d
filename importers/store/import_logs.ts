import { type FoundLog, logOfFormat } from "../discover/detect.ts";
import type { FileFormat } from "../formats/format.ts";
import {
  findFiles,
  type FoundOnDisk,
  onlyLogs,
  type RecognizeOptions,
} from "../discover/find_files.ts";
import { importFrom } from "./import.ts";
import type { importRuninfo } from "../discover/import_runinfo.ts";
import { isFile } from "../discover/paths.ts";

/** An importer of logs of some formats: one file, or those below a directory. */
export const logImporter =
  (formats: readonly FileFormat[]): typeof importRuninfo =>
  (db, path, options = {}) =>
    importFrom(db, path, options, async (path, recognizing) => {
      const found = await findLogs(path, formats, recognizing);
      if (found.length > 0) return found;
      const names = formats.map(({ importer }) => importer).join(", ");
      throw new TypeError(`${path} is not a log of these formats: ${names}`);
    });

// A single file may have any name, if its lines identify its format.
async function findLogs(
  path: string,
  formats: readonly FileFormat[],
  recognizing: RecognizeOptions,
): Promise<FoundOnDisk[]> {
  const isWanted = ({ format }: FoundLog) => formats.includes(format);
  const found = onlyLogs(await findFiles(path, recognizing), isWanted);
  if (found.length > 0 || !isFile(path)) return found;
  for (const format of formats.filter((one) => beginsAlone(one, formats))) {
    const asLog = (path: string) => logOfFormat(path, format);
    const found = onlyLogs(
      await findFiles(path, { ...recognizing, asLog }),
      isWanted,
    );
    if (found.length > 0) return found;
  }
  return [];
}

function beginsAlone(
  format: FileFormat,
  formats: readonly FileFormat[],
): boolean {
  const beginning = (of: FileFormat) => "sniff" in of ? of : of.beginning;
  return formats.every((other) =>
    other === format || beginning(other) !== beginning(format)
  );
}
