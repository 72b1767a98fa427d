import { fileURLToPath } from "node:url";
import { statOrNothing } from "../../display/output.ts";
import { byNameAndAge } from "./rotation.ts";

/**
 * The absolute path of an existing file or directory, with links resolved.
 *
 * @throws {Deno.errors.NotFound} if it does not exist.
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
 * The files below a directory, or the file itself: a directory's own files
 * before those of its subdirectories, ordered by name, parts of a rotated log
 * from the oldest. Includes directories that cannot be read, and directories
 * with the name of a file.
 *
 * @throws {Deno.errors.NotFound} if there is no such file or directory.
 */
export function filesBelow(
  path: string,
  isFileName: (path: string) => boolean = () => false,
): Generator<string> {
  return below(path, Deno.statSync(path).isDirectory, isFileName);
}

// A file may disappear before it is looked at.
function* below(
  path: string,
  isFolder: boolean,
  isFileName: (path: string) => boolean,
): Generator<string> {
  const entries = isFolder ? entriesOf(path) : undefined;
  if (entries === undefined || isFileName(path)) yield path;
  for (const { name, isDirectory } of entries ?? []) {
    const next = `${path === "/" ? "" : path}/${name}`;
    yield* below(next, isDirectory, isFileName);
  }
}

function entriesOf(path: string): Deno.DirEntry[] | undefined {
  try {
    return [...Deno.readDirSync(path)]
      // ImpliedEarly completes spans of executors' logs by what parsl.log says.
      .sort((a, b) =>
        Number(a.isDirectory) - Number(b.isDirectory) ||
        byNameAndAge(a.name, b.name)
      );
  } catch {
    return undefined;
  }
}

export const isFile = (path: string): boolean =>
  statOrNothing(path)?.isFile ?? false;
