import {
  importLines,
  type ImportOptions,
  type ImportReport,
  importRuninfo,
  type LinePatterns,
} from "dnpc/importers";
import type { Database } from "dnpc/sql";
import { messageOf } from "../display/text/format.ts";
import type { Given } from "./arguments.ts";
import { DataError } from "./errors.ts";

export const patternsOption =
  `--patterns FILE ...  Also read logs of other programs, by the patterns in FILE:
    JSON of what \`importLines\` takes, with regular expressions as text, such as
    {"time": "^(?<time>\\\\S+) ", "lines": [{"match": "task (?<task>\\\\d+) begins",
    "span": "app.task", "event": "begun"}]}`;

interface PatternsFile {
  file: string;
  patterns: LinePatterns;
}

/** @throws {DataError} if a file of patterns is no JSON */
export const readPatterns = (given: Given): PatternsFile[] =>
  given.all("patterns").map((file) => {
    const text = Deno.readTextFileSync(file);
    try {
      return { file, patterns: JSON.parse(text) };
    } catch (error) {
      throw new DataError(`${file} is not JSON: ${messageOf(error)}`);
    }
  });

/**
 * Imports what Parsl left behind in a path, and the logs that patterns are for.
 * Standard input can be read only once: patterns read it, if any are given.
 *
 * @throws {DataError} naming the file of patterns that are wrong, or fit no log
 */
export async function importPath(
  db: Database,
  path: string,
  files: readonly PatternsFile[],
  options: ImportOptions,
): Promise<ImportReport[]> {
  const reports: ImportReport[] = [];
  if (path !== "-" || files.length === 0) {
    reports.push(await importRuninfo(db, path, options));
  }
  for (const { file, patterns } of files) {
    try {
      reports.push(await importLines(db, path, patterns, options));
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      throw new DataError(`${file}: ${error.message}`);
    }
  }
  return reports;
}
