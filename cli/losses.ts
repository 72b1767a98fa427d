import type { ImportReport } from "dnpc/importers";
import { DataError } from "./errors.ts";
import { say } from "./output.ts";

/** The files and lines below a path that an import could not read. */
export interface Losses {
  path: string;
  /** Files that cannot be read, or not as a whole: their number, and the first. */
  lost: { count: number; first: string[] };
  malformed: number;
  isRead: boolean;
  /** Whether there are files, of which none could be read. */
  isLost: boolean;
  reason: string | undefined;
}

const maxNamed = 20;

export function lossesOf(
  path: string,
  { sources, notRead }: ImportReport,
): Losses {
  const lost = [
    ...sources.filter(({ error }) => error !== undefined),
    ...notRead.filter(({ unreadable }) => unreadable),
  ];
  const isRead = sources.some(({ outcome }) => outcome !== "failed");
  return {
    path,
    lost: {
      count: lost.length,
      first: lost.slice(0, maxNamed).map((file) => {
        const isPart = "outcome" in file && file.outcome !== "failed";
        const reason = ("outcome" in file ? file.error : file.reason)
          ?.replace(`cannot open ${file.path}: `, "");
        return `cannot read ${isPart ? "all of " : ""}${file.path}: ${reason}`;
      }),
    },
    malformed: sources.reduce((sum, it) => sum + it.malformed, 0),
    isRead,
    isLost: !isRead &&
      (sources.length > 0 || notRead.some(({ unreadable }) => unreadable)),
    reason: [
      ...sources.map(({ error }) => error),
      ...notRead.map(({ reason }) => reason),
    ].find((reason) => reason !== undefined),
  };
}

/**
 * Names unreadable files on stderr; missing files do not count as unreadable.
 *
 * @param hasOthers whether there is data besides
 * @returns whether everything could be read
 * @throws {DataError} if nothing was read, or nothing of a path with files that
 * cannot be read
 */
export function checkRead(
  all: readonly Losses[],
  hasOthers = false,
): boolean {
  for (const { path, lost, malformed } of all) {
    for (const text of lost.first) say(text);
    if (lost.count <= maxNamed && malformed === 0) continue;
    say(
      `${path}: ${lost.count} files damaged, ${malformed} lines malformed; ` +
        "the rest was read. The report of `dnpc import` lists them",
    );
  }
  const isNothing = !hasOthers && !all.some(({ isRead }) => isRead);
  const missing = all.find(({ isRead, isLost }) =>
    !isRead && (isNothing || isLost)
  );
  if (missing) {
    throw new DataError(
      `${missing.path}: there is nothing here that an importer reads` +
        (missing.reason === undefined ? "" : ` (${missing.reason})`) +
        ". Other logs need --patterns FILE",
    );
  }
  return all.every(({ lost, malformed }) => lost.count + malformed === 0);
}
