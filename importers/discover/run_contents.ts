import type { Database } from "../../sql/mod.ts";
import {
  type Content,
  contentOf,
  contentOnDisk,
} from "../container/content.ts";
import {
  type EarlierContent,
  isContinuedBy,
  isStillThere,
} from "../container/earlier_content.ts";
import { logsOfRuns } from "../formats/list.ts";
import type { FoundFile } from "./find_files.ts";
import type { Place, RunDirectory } from "./run_places.ts";

/**
 * Whether any log of a directory is still below a path, grown or not. A
 * different parsl.log is another run's, whatever is left beside it. Undefined if
 * no log was there.
 */
export function isAt(
  db: Database,
  { rundir }: RunDirectory,
  path: string,
  found: ReadonlyMap<string, FoundFile>,
): boolean | undefined {
  const sources = db.query<Source>(
    `SELECT path, importer, bytes, head, fingerprint FROM source
     WHERE rundir = :rundir
       AND (path = :path OR path >= :path || '/' AND path < :path || '0')
       AND importer IN (SELECT value FROM json_each(:importers))
     ORDER BY bytes`,
    { rundir, path, importers: JSON.stringify([...logsOfRuns.keys()]) },
  );
  if (sources.length === 0) return undefined;
  const [submitters, others] = [true, false].map((wanted) =>
    sources.filter(({ importer }) =>
      (logsOfRuns.get(importer)!.scan !== undefined) === wanted
    )
  );
  const isThere = (source: Source) =>
    isStillThere(source, { ...comparison(source), found });
  return submitters!.map(isThere).find((known) => known !== undefined) ??
    others!.some(isThere);
}

/** Whether a place has all logs that were read from a directory. */
export const isCovered = (
  db: Database,
  { rundir }: RunDirectory,
  { files }: Place,
): boolean =>
  db.query<Source>(
    `SELECT path, importer, bytes, head, fingerprint FROM source
     WHERE rundir = ?`,
    [rundir],
  ).every((source) =>
    files.some(({ path }) => path === source.path) ||
    logsIn(files).some(({ importer, head, content }) =>
      importer === source.importer && head === source.head &&
      isContinuedBy(source, content, comparison(source))
    )
  );

/** Directories with logs of a run: others cannot be found by content. */
export function withLogs(
  db: Database,
  known: ReadonlyMap<string, RunDirectory>,
): ReadonlyMap<string, RunDirectory> {
  if (known.size === 0) return known;
  const rows = db.query<{ rundir: string }>(
    `SELECT DISTINCT rundir FROM source
     WHERE importer IN (SELECT value FROM json_each(?)) AND rundir IS NOT NULL`,
    [JSON.stringify([...logsOfRuns.keys()])],
  );
  return new Map(rows.map(({ rundir }) => [rundir, known.get(rundir)!]));
}

/**
 * A directory with a log that one of these continues.
 *
 * @param known the directories with logs of a run
 */
export function sameByContent(
  db: Database,
  known: ReadonlyMap<string, RunDirectory>,
  { id, files }: Place,
): RunDirectory | undefined {
  // Two run ids differ here, and so do the runs.
  const isPossible = (directory: RunDirectory | undefined) =>
    directory !== undefined &&
    (id === undefined || directory.run === undefined);
  if (!known.values().some(isPossible)) return undefined;
  for (const { importer, head, content } of logsIn(files)) {
    const bytes = content.endOfLines();
    const alike = sourcesWhere(
      db,
      `head = :head AND importer = :importer
         AND (bytes = :bytes OR NOT :isHeadShared)
       ORDER BY bytes DESC LIMIT ${maxAlike}`,
      {
        head,
        importer,
        bytes,
        // All logs with a header begin alike: compare those of equal length.
        isHeadShared: Number(logsOfRuns.get(importer)!.hasHeader ?? false),
      },
    );
    // These may be only some of very many sources that begin alike. A source
    // with the same content is always found.
    const same = alike.length < maxAlike ? [] : sourcesWhere(
      db,
      "fingerprint = :hash AND importer = :importer LIMIT 1",
      { hash: content.hashOf(bytes) ?? null, importer },
    );
    for (const source of [...same, ...alike]) {
      const directory = known.get(source.rundir);
      if (
        isPossible(directory) &&
        isContinuedBy(source, content, comparison(source))
      ) {
        return directory;
      }
    }
  }
  return undefined;
}

const maxAlike = 8;

const sourcesWhere = (
  db: Database,
  where: string,
  parameters: Record<string, string | number | null>,
): (Source & { rundir: string })[] =>
  db.query(
    `SELECT rundir, path, importer, bytes, head, fingerprint FROM source
     WHERE rundir IS NOT NULL AND ${where}`,
    parameters,
  );

/**
 * Finds copies among new directories without run ids: returns a function that
 * gets one place after another.
 */
export function newByContent(
  places: readonly Place[],
): (place: Place) => RunDirectory | undefined {
  const logs = new Map<string, { content: Content; directory: RunDirectory }>();
  const isAlone = places.filter(({ id }) => id === undefined).length < 2;
  return ({ path, id, files }) => {
    if (id !== undefined || isAlone) return undefined;
    let directory: RunDirectory | undefined;
    const found = [...logsIn(files)].map(({ importer, head, content }) => {
      const key = `${importer} ${head}`;
      const known = logs.get(key);
      if (known && isSameLog(importer, known.content, content)) {
        directory ??= known.directory;
      }
      return [key, content] as const;
    });
    directory ??= { rundir: path };
    for (const [key, content] of found) logs.set(key, { content, directory });
    return directory;
  };
}

/** Whether the longer of two logs that begin alike continues the other. */
function isSameLog(importer: string, one: Content, other: Content): boolean {
  const [a, b] = one.endOfLines() < other.endOfLines()
    ? [one, other]
    : [other, one];
  const bytes = a.endOfLines();
  const earlier = { bytes, head: a.head(), fingerprint: a.hashOf(bytes) ?? "" };
  return isContinuedBy(earlier, b, comparison({ importer }));
}

/** A row of `source`. */
interface Source extends EarlierContent {
  path: string;
  importer: string;
}

const comparison = ({ importer }: Pick<Source, "importer">) => ({
  mayBeOlder: !logsOfRuns.get(importer)?.hasHeader,
});

/** Selects the logs of a run among files. */
function* logsIn(
  files: readonly FoundFile[],
): Generator<{ importer: string; head: string; content: Content }> {
  for (const { path, at = path, log, digest } of files) {
    const { importer } = log!.format;
    if (logsOfRuns.get(importer) !== log!.format) continue;
    const content = digest ? contentOf(digest, []) : contentOnDisk(at);
    try {
      yield { importer, head: content.head(), content };
    } catch {
      // A disk that fails, or a file that is gone: reading it reports that.
    }
  }
}
