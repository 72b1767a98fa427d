import type { Database } from "../../sql/mod.ts";
import {
  isAt,
  isCovered,
  newByContent,
  sameByContent,
  withLogs,
} from "./run_contents.ts";
import { type Place, placesOf, type RunDirectory } from "./run_places.ts";
import type { FoundFile } from "./find_files.ts";

/** The run directories of an import, with their new names. */
export interface Identified {
  /** By path, the directory that is there. */
  at: Map<string, RunDirectory>;
  /** By former name, that of a directory that moved or lost its place. */
  renamed: Map<string, string>;
  /**
   * Directories whose logs turn out to be a copy of another directory's. This
   * import reads all of these logs again.
   */
  absorbed: string[];
}

/**
 * Identifies the run directories of an import: by the id that a run's log shows,
 * or without one by content, because its logs continue known ones. A path does
 * not identify a run: in a new runinfo, Parsl starts at 000 again.
 *
 * A directory is named after the path where it was found last. While that path
 * has another run, the name is PATH#RUN.
 *
 * @param known the directories of earlier imports, by name; gets the new names
 * @param isTaken whether some other span has a name as `rundir`
 */
export function identifyDirectories(
  db: Database,
  known: ReadonlyMap<string, RunDirectory>,
  files: readonly FoundFile[],
  isTaken: (name: string) => boolean,
): Identified {
  const places = placesOf(files);
  const found = new Map(files.map((file) => [file.path, file]));
  const byRun = new Map(
    known.values().flatMap((directory) =>
      directory.run === undefined ? [] : [[directory.run, directory] as const]
    ),
  );
  const logged = withLogs(db, known);
  const sameAsNew = newByContent(places.values().toArray());
  const identify = (place: Place): RunDirectory => {
    const { path, run, id } = place;
    const ofRun = id === undefined ? undefined : byRun.get(id);
    if (ofRun) return ofRun;
    const own = known.get(path);
    const directory = own && isStill(db, own, place, found)
      ? own
      : sameByContent(db, logged, place) ?? sameAsNew(place) ??
        { rundir: path };
    directory.run ??= run;
    if (id !== undefined) byRun.set(id, directory);
    return directory;
  };
  const at = new Map(
    places.values().map((place) => [place.path, identify(place)]),
  );

  // Directories that are where a directory of this import is.
  const displaced = new Set<RunDirectory>();
  const absorbed = new Set<string>();
  const kept = new Set<string>();
  for (const [path, place] of places) {
    const directory = at.get(path)!;
    const own = known.get(path);
    // A directory that never had a log of a run holds other logs.
    const isThere = own && own !== directory &&
      (isAt(db, own, path, found) ?? own.run === undefined);
    const copied = isThere && own.run === undefined
      ? own
      : place.id === undefined
      ? undefined
      : sameByContent(db, logged, place);
    if (copied && copied !== directory && isCovered(db, copied, place)) {
      absorbed.add(copied.rundir);
      for (const [other, { rundir }] of at) {
        if (rundir === copied.rundir) at.set(other, directory);
      }
    }
    if (!own || own === directory || absorbed.has(path)) continue;
    if (isThere) kept.add(path);
    else displaced.add(own);
  }
  const names = new Set([...known.keys(), ...at.keys()]);
  const withoutPlace = ({ rundir, run }: RunDirectory): string => {
    for (let i = 0;; i++) {
      const name = [rundir, run, i || undefined]
        .filter((part) => part !== undefined).join("#");
      if (names.has(name) || isTaken(name)) continue;
      names.add(name);
      return name;
    }
  };
  const renamed = new Map<string, string>();
  const pathsOf = Map.groupBy(at.keys(), (path) => at.get(path)!);
  for (const [directory, paths] of pathsOf) {
    const { rundir } = directory;
    const free = paths.find((path) => !kept.has(path));
    if (known.get(rundir) !== directory) {
      directory.rundir = free ?? withoutPlace(directory);
    } else if (
      free !== undefined && !paths.includes(rundir) &&
      (displaced.has(directory) || !isAt(db, directory, rundir, found))
    ) renamed.set(rundir, free);
  }
  for (const directory of displaced) {
    const { rundir } = directory;
    if (!renamed.has(rundir)) renamed.set(rundir, withoutPlace(directory));
  }
  for (const [rundir, name] of renamed) known.get(rundir)!.rundir = name;
  return { at, renamed, absorbed: [...absorbed] };
}

/** Whether a place of this import still has the directory named after it. */
function isStill(
  db: Database,
  directory: RunDirectory,
  { path, id, clock }: Place,
  found: ReadonlyMap<string, FoundFile>,
): boolean {
  if (id !== undefined && directory.run !== undefined) return false;
  if (isAt(db, directory, path, found) !== false) return true;
  // Damage may have hidden the run id. A later run's log begins later.
  return directory.clock !== undefined && clock !== undefined &&
    clock.first <= directory.clock.last;
}
