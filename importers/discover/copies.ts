import { dirname } from "node:path";
import { chosen, type FoundFile, type FoundOnDisk } from "./find_files.ts";

/**
 * Leaves out logs with unusual names that may be copies: beside a log of the same
 * format with its usual name, or about a run that another log is about.
 */
export function withoutCopies(found: readonly FoundOnDisk[]): FoundOnDisk[] {
  const logs = found.flatMap((file) => [file, ...file.members ?? []])
    .filter(({ log }) => log);
  const known = new Map<string, string>();
  const namesOf = ({ path, log, run }: FoundFile) => [
    `${dirname(path)}\0${log!.format.importer}`,
    ...run?.run === undefined ? [] : [run.run],
  ];
  const learn = (file: FoundFile, names: readonly string[]) =>
    names.forEach((name) => known.getOrInsert(name, file.path));
  for (const file of logs) {
    if (!file.log!.hasOtherName) learn(file, namesOf(file));
  }
  const originals = new Map<FoundFile, string>();
  for (const file of logs.filter(({ log }) => log!.hasOtherName)) {
    const names = namesOf(file);
    const original = names.map((name) => known.get(name))
      .find((path) => path !== undefined);
    if (original !== undefined) originals.set(file, original);
    // Two logs with unusual names in a directory are of two runs.
    else learn(file, names.slice(1));
  }
  return originals.size === 0 ? [...found] : chosen(found, (file) => {
    const original = originals.get(file);
    if (original === undefined) return file;
    const { path, bytes } = file;
    const reason = `it may be a copy of ${original}: give it alone to read it`;
    return { path, bytes, reason };
  });
}
