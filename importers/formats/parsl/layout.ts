import { basename, dirname } from "node:path";
import type { LogPlace } from "../format.ts";

// The meaning of paths in Parsl's layout of a run directory. Labels of executors
// and names of runs, blocks, managers and workers may be anything.

/** The directory that many levels above a path. */
export const above = (path: string, levels: number): string =>
  levels === 0 ? path : above(dirname(path), levels - 1);

/** The name of that directory. */
export const nameAbove = (path: string, levels: number): string =>
  basename(above(path, levels));

/**
 * Reads a place from the path of a log with its usual name. A log with any other
 * name may be of any run: it has a run directory of its own, its path.
 */
export const ifNamed =
  (fileName: RegExp, place: (path: string) => LogPlace) =>
  (path: string): LogPlace =>
    fileName.test(basename(path).replace(/\.gz$/i, ""))
      ? place(path)
      : { path, rundir: path };

/** RUNDIR/parsl.log */
export const inRunDirectory = (path: string): LogPlace => ({
  path,
  rundir: dirname(path),
});

/** RUNDIR/EXECUTOR/interchange.log */
export const inExecutor = (path: string): LogPlace => ({
  path,
  rundir: above(path, 2),
  executor: nameAbove(path, 1),
});

/**
 * RUNDIR/EXECUTOR/block-BLOCK/MANAGER/manager.log; early versions of Parsl have
 * no level for the block.
 */
export function inManager(path: string): LogPlace {
  const [, block] = /^block-(.*)$/.exec(nameAbove(path, 2)) ?? [];
  const levels = block === undefined ? 2 : 3;
  return {
    path,
    manager: nameAbove(path, 1),
    ...(block === undefined ? {} : { block }),
    executor: nameAbove(path, levels),
    rundir: above(path, levels + 1),
  };
}
