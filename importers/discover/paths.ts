import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * The whole path of a file or directory that is there, links followed, so that
 * it is found again from another directory.
 *
 * @throws {Deno.errors.NotFound} if it is not there.
 */
export function existingPath(path: string | URL): string {
  const name = path instanceof URL ? fileURLToPath(path) : path;
  try {
    return Deno.realPathSync(name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Deno.errors.NotFound(
      `there is no ${name} (looked from ${Deno.cwd()})`,
    );
  }
}

/**
 * What lies below a directory, or the file itself, in the order of names. A
 * directory that cannot be read is one of them.
 *
 * @throws {Deno.errors.NotFound} if there is no such file or directory.
 */
export function filesBelow(path: string): Generator<string> {
  return below(path, Deno.statSync(path).isDirectory);
}

// What lies below may be gone by the time that it is looked at.
function* below(path: string, isFolder: boolean): Generator<string> {
  const entries = isFolder ? entriesOf(path) : undefined;
  if (entries === undefined) yield path;
  for (const { name, isDirectory } of entries ?? []) {
    yield* below(`${path === "/" ? "" : path}/${name}`, isDirectory);
  }
}

function entriesOf(path: string): Deno.DirEntry[] | undefined {
  try {
    return [...Deno.readDirSync(path)]
      .sort((a, b) => a.name < b.name ? -1 : 1);
  } catch {
    return undefined;
  }
}

/** The file on disk that a path leads to, or the container that it is in. */
export function fileOnDisk(path: string): string | undefined {
  if (isFile(path)) return path;
  const folder = dirname(path);
  return folder === path || isFolder(folder) ? undefined : fileOnDisk(folder);
}

const isFolder = (path: string): boolean => {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
};

/** Whether a file is there. */
export function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    // A file that is taken for a directory is none.
    if (
      error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory
    ) return false;
    throw error;
  }
}
