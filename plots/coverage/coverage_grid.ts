import type { CoverageCells } from "./coverage_cells.ts";

/** A cell of the picture: places of runs across, of a step upright. */
export interface MatrixCell {
  x1: number;
  x2: number;
  y1: number;
  y2: number;
  share: number | null;
}

/** The cells of the picture, of which there are not too many. */
export interface Matrix {
  /** By column, and from below. */
  cells: MatrixCell[];
  /** How many runs each column stands for. */
  runsAColumn: number;
  /** How many pairs of a run and a step have no row. */
  without: number;
}

const mostCells = 6000;

/**
 * Cells by run and step. Of more runs than can be drawn, several lie in one
 * column: the least of their shares is told, for it is what is missing.
 */
export function matrixOf(
  { cells, runs, steps }: CoverageCells,
  part = 1,
): Matrix {
  const columns = Math.max(
    1,
    Math.floor(mostCells * part / Math.max(1, steps.length)),
  );
  const runsAColumn = Math.max(1, Math.ceil(runs.length / columns));
  const column = new Map(
    runs.map((run, i) => [run, Math.floor(i / runsAColumn)]),
  );
  const place = new Map(steps.map((step, i) => [step, i]));
  const found = new Map<number, MatrixCell>();
  const pairs = new Set<number>();
  const runPlace = new Map(runs.map((run, i) => [run, i]));
  for (const { run, step, share } of cells) {
    const c = column.get(run)!;
    const y1 = place.get(step)!;
    pairs.add(runPlace.get(run)! * steps.length + y1);
    const key = c * steps.length + y1;
    const cell = found.get(key);
    if (!cell) {
      const x1 = c * runsAColumn;
      const x2 = Math.min(runs.length, x1 + runsAColumn);
      found.set(key, { x1, x2, y1, y2: y1 + 1, share });
    } else if (
      share !== null && !(cell.share !== null && cell.share <= share)
    ) {
      cell.share = share;
    }
  }
  return {
    cells: found.values().toArray().sort((a, b) => a.x1 - b.x1 || b.y1 - a.y1),
    runsAColumn,
    without: runs.length * steps.length - pairs.size,
  };
}
