import type { FoundLog } from "../../discover/detect.ts";
import {
  type FoundFile,
  type FoundOnDisk,
  recognize,
  type RecognizeOptions,
} from "../../discover/find_files.ts";
import { filesBelow, isFile } from "../../discover/paths.ts";
import type { LogFormat } from "../format.ts";
import type { LineFormats } from "./line_format.ts";
import type { Groups, PlainPatterns } from "./plain_patterns.ts";

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
  const failure = new TimeFailure(patterns.time);
  const paths: string[] = [];
  const asLog = (path: string): FoundLog | undefined => {
    paths.push(path);
    const groups = groupsIn(path, patterns.path);
    if (!groups) return undefined;
    const format = failure.watch(path, formats(groups));
    return { format, place: { path, rundir: groups.rundir ?? "" } };
  };
  // A packed file counts by the name of its content.
  const isChosen = ({ path }: FoundFile) =>
    [path, path.replace(/\.gz$/i, "")]
      .some((name) => groupsIn(name, patterns.path) !== undefined);

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
  failure.isWatching = false;
  const all = found.flatMap((file) => file.members ?? [file]);
  if (paths.length > 0 && !all.some(isChosen)) {
    throw new TypeError(
      `path, ${patterns.path}, matches no file: ` +
        (isFile(path) && paths.length === 1
          ? `not ${path}`
          : `${path} has ${paths.length}, such as ${paths[0]}`),
    );
  }
  if (failure.reason !== undefined && !all.some(({ log }) => log)) {
    throw new TypeError(failure.reason);
  }
  return found;
}

function groupsIn(path: string, pattern?: RegExp): Groups | undefined {
  if (!pattern) return {};
  const found = pattern.exec(path);
  return found ? found.groups ?? {} : undefined;
}

/** A file as a log, or with the reason why it is not one, as for databases. */
const logAlone = (file: FoundFile): FoundFile => {
  if (file.log) return file;
  const { path, bytes, reason, damage } = file;
  return { path, bytes, reason: reason ?? damage ?? "no line with a time" };
};

/** Remembers why a line had no time, in case no line of any file has one. */
class TimeFailure {
  isWatching = true;
  reason: string | undefined;
  #time: RegExp;
  #isTimeUnknown = false;

  constructor(time: RegExp) {
    this.#time = time;
  }

  /** The same format, whose failures are noted. */
  watch(path: string, format: LogFormat): LogFormat {
    const { read, isDamaged } = format.beginning!;
    const beginning = {
      isDamaged,
      read: (text: string, line: number, offset: number) => {
        const record = read(text, line, offset);
        if (this.isWatching && !record && text !== "") this.#note(path, text);
        return record;
      },
    };
    return { ...format, beginning };
  }

  #note(path: string, text: string): void {
    const written = this.#time.exec(text)?.groups?.time;
    if (written !== undefined && !this.#isTimeUnknown) {
      this.#isTimeUnknown = true;
      this.reason = `the time ${JSON.stringify(written)} in ${path} has an ` +
        "unknown format: give seconds, a function that reads it";
    }
    this.reason ??=
      `time, ${this.#time}, matches no line of ${path}, such as ` +
      JSON.stringify(text.slice(0, 200));
  }
}
