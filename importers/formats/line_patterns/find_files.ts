import type { FoundLog } from "../../discover/detect.ts";
import {
  type FoundFile,
  type FoundOnDisk,
  recognize,
  type RecognizeOptions,
} from "../../discover/find_files.ts";
import { filesBelow, isFile } from "../../discover/paths.ts";
import type { Groups } from "./groups.ts";
import type { LineFormats } from "./line_format.ts";
import type { PlainPatterns } from "./plain_patterns.ts";
import { lookingAt } from "./sightings.ts";

/**
 * The files that the patterns are for, packed ones too: those whose paths fit,
 * if there is a pattern for paths, and which have a line near their start with a
 * time. Of the chosen paths the others are there too, with the reason why they
 * are not read.
 *
 * @throws {TypeError} if no path or no time fits: then a pattern must be wrong.
 */
export async function findFiles(
  path: string,
  patterns: PlainPatterns,
  formats: LineFormats,
  recognizing: RecognizeOptions,
): Promise<FoundOnDisk[]> {
  const sightings = lookingAt(patterns.time);
  const paths: string[] = [];
  const asLog = (path: string): FoundLog | undefined => {
    paths.push(path);
    const groups = groupsIn(path, patterns.path);
    if (!groups) return undefined;
    const format = sightings.watch(path, formats(groups));
    return { format, place: { path, rundir: groups.rundir ?? "" } };
  };
  // Of a packed file it is the name behind which it is packed.
  const isChosen = ({ path }: FoundFile) =>
    [path, path.replace(/\.gz$/i, "")]
      .some((name) => groupsIn(name, patterns.path) !== undefined);

  const found: FoundOnDisk[] = [];
  for (const file of filesBelow(path)) {
    const options = { ...recognizing, asLog, asMember: asLog };
    const recognized = await recognize(file, options);
    if (recognized?.members) {
      const members = recognized.members.map((member) =>
        // The members keep their places.
        isChosen(member) ? logAlone(member) : { path: member.path, bytes: 0 }
      );
      found.push({ ...recognized, members });
    } else {
      if (!recognized) paths.push(file);
      const one = recognized ?? { path: file, bytes: 0, reason: "empty" };
      if (isChosen(one)) found.push(logAlone(one));
    }
  }
  sightings.end();
  const all = found.flatMap((file) => file.members ?? [file]);
  if (paths.length > 0 && !all.some(isChosen)) {
    throw new TypeError(
      `path, ${patterns.path}, fits no file: ` +
        (isFile(path) && paths.length === 1
          ? `not ${path}`
          : `${paths.length} are in ${path}, such as ${paths[0]}`),
    );
  }
  if (sightings.problem !== undefined && !all.some(({ log }) => log)) {
    throw new TypeError(sightings.problem);
  }
  return found;
}

function groupsIn(path: string, pattern?: RegExp): Groups | undefined {
  if (!pattern) return {};
  const found = pattern.exec(path);
  return found ? found.groups ?? {} : undefined;
}

/** A file as a log, or with the reason why it is none: databases are not. */
const logAlone = (file: FoundFile): FoundFile => {
  if (file.log) return file;
  const { path, bytes, reason, damage } = file;
  return { path, bytes, reason: reason ?? damage ?? "no line with a time" };
};
