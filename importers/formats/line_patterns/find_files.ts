import type { FoundLog } from "../../discover/detect.ts";
import {
  type FoundFile,
  type FoundOnDisk,
  recognize,
  type RecognizeOptions,
} from "../../discover/find_files.ts";
import { filesBelow, isFile } from "../../discover/paths.ts";
import type { LineFormats } from "./line_format.ts";
import type { PlainPatterns } from "./plain_patterns.ts";

/**
 * The files that the patterns are for, packed ones too: their paths match, if
 * there is a pattern for paths, and a line near their start has a time. Matching
 * files without a time have a reason.
 *
 * @throws {TypeError} if no path or no time matches: a pattern must be wrong
 */
export async function findLineLogs(
  path: string,
  patterns: PlainPatterns,
  formats: LineFormats,
  recognizing: RecognizeOptions,
): Promise<FoundOnDisk[]> {
  const failure = timeFailure(patterns.time);
  const paths: string[] = [];
  const matched = (path: string) => (patterns.path ?? /^/).exec(path);
  const asLog = (path: string): FoundLog | undefined => {
    paths.push(path);
    const found = matched(path);
    if (!found) return undefined;
    const { groups = {} } = found;
    const format = formats(groups);
    const { read, isDamaged } = format.beginning!;
    const watched = (text: string) => {
      const start = read(text);
      if (!start && text !== "") failure.note(path, text);
      return start;
    };
    return {
      format: { ...format, beginning: { read: watched, isDamaged } },
      place: { path, rundir: groups.rundir ?? "" },
    };
  };
  // A packed file counts by the name of its content.
  const isChosen = ({ path }: FoundFile) =>
    [path, path.replace(/\.gz$/i, "")].some(matched);

  const found: FoundOnDisk[] = [];
  for (const file of filesBelow(path)) {
    const options = { ...recognizing, asLog, asMember: asLog };
    const recognized = await recognize(file, options);
    if (recognized?.members) {
      const members = recognized.members.map((member) =>
        // Members keep their places.
        isChosen(member) ? logAlone(member) : { path: member.path, bytes: 0 }
      );
      found.push({ ...recognized, members });
    } else {
      if (!recognized) paths.push(file);
      const one = recognized ?? { path: file, bytes: 0, reason: "empty" };
      if (isChosen(one)) found.push(logAlone(one));
    }
  }
  const reason = failure.end();
  const all = found.flatMap((file) => file.members ?? [file]);
  if (paths.length > 0 && !all.some(isChosen)) {
    throw new TypeError(
      `path, ${patterns.path}, matches no file: ` +
        (isFile(path) && paths.length === 1
          ? `not ${path}`
          : `${path} has ${paths.length}, such as ${paths[0]}`),
    );
  }
  if (reason !== undefined && !all.some(({ log }) => log)) {
    throw new TypeError(reason);
  }
  return found;
}

/** A file as a log, or with the reason why it is not one, as for databases. */
const logAlone = (file: FoundFile): FoundFile => {
  if (file.log) return file;
  const { path, bytes, reason, damage } = file;
  return { path, bytes, reason: reason ?? damage ?? "no line with a time" };
};

/** Remembers why a line had no time, in case no line of any file has one. */
function timeFailure(time: RegExp) {
  let isOver = false;
  let unmatched: string | undefined;
  let unknown: string | undefined;
  return {
    note(path: string, text: string) {
      if (isOver || unknown) return;
      const written = time.exec(text)?.groups?.time;
      if (written !== undefined) {
        unknown = `the time ${JSON.stringify(written)} in ${path} has an ` +
          "unknown format: give seconds, a function that reads it";
      }
      unmatched ??= `time, ${time}, matches no line of ${path}, such as ` +
        JSON.stringify(text.slice(0, 200));
    },
    /** The reason; later lines are not noted. */
    end() {
      isOver = true;
      return unknown ?? unmatched;
    },
  };
}
