// Over 300 lines: one chart, with the transform behind it.

// @ts-types="npm:@types/d3-array@3.2.2"
import { max } from "d3-array";
import { checkOptions } from "../../display/text/mistakes.ts";
import type { Axis } from "../axes/axis.ts";
import { linesAxis } from "../axes/name_axes.ts";
import { formatShare } from "../axes/units.ts";
import type { Chart } from "../chart/chart.ts";
import {
  chartOf,
  helperOptionNames,
  type HelperOptions,
} from "../chart/chart_kind.ts";
import { frame } from "../chart/frame.ts";
import type { Markish, Tip } from "../chart/plot_types.ts";
import { counted, named, notes, sentences } from "../chart/captions.ts";
import { compactRects } from "../drawing/compact.ts";
import { Plot } from "../drawing/plot.ts";
import { cutText, style } from "../drawing/style.ts";
import { textColorOn } from "../drawing/theme.ts";
import {
  type Channel,
  numbersIn,
  readChannels,
  type Rows,
} from "../rows/channels.ts";
import type { GridCell } from "../rows/grid.ts";
import { shortNames } from "../rows/series.ts";
import { stepNames } from "../rows/step_rows.ts";

/** Options of {@linkcode coverageMatrix}. */
export interface CoverageMatrixOptions
  extends CoverageChannels, HelperOptions {}

/**
 * Draws the share of each run that has each step, as colour and text, with one
 * row per step and one column per run. A step that no try of a run has stands
 * out: its log may be missing. Takes one row per run and step, as from
 * `coverage(db)` or in the first three columns; `{ share: "launched_share" }`
 * shows the share of launched tries.
 *
 * @example
 * ```ts
 * import { coverageMatrix } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const chart = coverageMatrix([
 *   { run: "a", step: "pending", share: 1 },
 *   { run: "a", step: "running", share: 0 },
 * ]);
 * assert.match(chart.caption, /^2 steps in 1 run\. Missing: running\./);
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 */
export function coverageMatrix(
  rows: Rows,
  options: CoverageMatrixOptions = {},
): Chart {
  checkOptions("coverageMatrix", options, {
    run: true,
    step: true,
    share: true,
    ...helperOptionNames,
  });
  const { run, step, share } = options;
  return chartOf(rows, options, {
    height: 360,
    ownsRuns: () => true,
    read: (rows) => coverageCells(rows, { run, step, share }),
    derive(all) {
      const lines = max(all, ({ steps }) => steps.length)!;
      return {
        title: "Which steps do the logs of each run have?",
        legend: all.some(({ cells }) => cells.length) ? shareLevels : undefined,
        facets: all.map((cells) => {
          const { steps, runs } = cells;
          const matrix = matrixOf(cells, all.length);
          const names = shortNames(runs);
          return {
            caption: captionOf(cells, matrix),
            height: 68 + Math.min(900, Math.max(60, lines * 20)),
            draw: (sized) =>
              frame({ ...sized, y: undefined }, {
                x: (_, pixels) => runsAxis(names, pixels),
                y: (_, pixels) =>
                  linesAxis(
                    steps.map((name, row) => ({ name, row, lanes: 1 })),
                    { rows: steps.length, pixels, label: "step" },
                  ),
                grid: false,
                draw: ({ width, height }) => ({
                  marks: cellMarks(
                    matrix,
                    width / Math.max(1, runs.length),
                    height / Math.max(1, steps.length),
                  ),
                }),
                tips: () => tipsOf(cells, matrix.matrix),
                empty: runs.length ? undefined : "No rows",
              }),
          };
        }),
      };
    },
  });
}

const maxCells = 6000;

/** A cell of the picture: the places of runs along x, of a step along y. */
interface MatrixCell extends Omit<GridCell, "count" | "series"> {
  share: number | null;
}

/**
 * The cells of the picture. If there are too many runs, several share a column,
 * which shows the minimum of their shares, so that missing steps stay visible.
 */
export function matrixOf({ cells, runs, steps }: CoverageCells, facets = 1) {
  const columns = Math.floor(maxCells / facets / Math.max(1, steps.length));
  const runsPerColumn = Math.ceil(runs.length / Math.max(1, columns)) || 1;
  const run = new Map(runs.map((name, i) => [name, i]));
  const step = new Map(steps.map((name, i) => [name, i]));
  const found = new Map<number, MatrixCell>();
  const pairs = new Set<number>();
  for (const cell of cells) {
    const { share } = cell;
    const [x, y1] = [run.get(cell.run)!, step.get(cell.step)!];
    pairs.add(x * steps.length + y1);
    const x1 = x - x % runsPerColumn;
    const x2 = Math.min(runs.length, x1 + runsPerColumn);
    const known = found.getOrInsert(
      x1 * steps.length + y1,
      { x1, x2, y1, y2: y1 + 1, share },
    );
    if (share !== null) known.share = Math.min(share, known.share ?? Infinity);
  }
  return {
    /** By column, and from below. */
    matrix: found.values().toArray().sort((a, b) => a.x1 - b.x1 || b.y1 - a.y1),
    runsPerColumn,
    /** Number of pairs of a run and a step that have no row. */
    missing: runs.length * steps.length - pairs.size,
    /** How many cells may have a text. */
    maxTexts: runsPerColumn > 1 ? 0 : 1000 / facets,
  };
}

type Matrix = ReturnType<typeof matrixOf>;

// In pixels, for "100" and for "100%".
const minTextWidth = 24;
const minUnitWidth = 42;
const minTextHeight = 13;

/** The cells, with their shares as text if they have the room. */
function cellMarks(
  { matrix, maxTexts }: Matrix,
  width: number,
  height: number,
): Markish[] {
  const place = { x1: "x1", x2: "x2", y1: "y1", y2: "y2" };
  const fill = {
    value: matrix.map(({ share }) => shareLevelOf(share).color),
    scale: null,
  };
  if (
    matrix.length > maxTexts || width < minTextWidth || height < minTextHeight
  ) return [Plot.rect(matrix, { ...place, fill, render: compactRects })];
  const unit = width < minUnitWidth ? "" : undefined;
  return [
    Plot.rect(matrix, { ...place, fill, inset: 0.75, rx: 2 }),
    Plot.text(matrix, {
      x: ({ x1, x2 }: MatrixCell) => (x1 + x2) / 2,
      y: ({ y1, y2 }: MatrixCell) => (y1 + y2) / 2,
      text: ({ share }: MatrixCell) =>
        share === null ? "?" : formatShare(share, unit),
      fill: ({ share }: MatrixCell) => textColorOn(shareLevelOf(share).color),
    }),
  ];
}

const shareLevels = [
  { max: 0, label: "0%", color: "#f9c9bb" },
  { max: 0.25, label: "up to 25%", color: "#eef5fa" },
  { max: 0.5, label: "up to 50%", color: "#cfe2f1" },
  { max: 0.75, label: "up to 75%", color: "#a9cce6" },
  { max: 0.9999, label: "below 100%", color: "#82b5da" },
  { max: Infinity, label: "100%", color: "#5a9bcd" },
];

const unknown = { color: "#eef0f2" };

const shareLevelOf = (share: number | null) =>
  share === null ? unknown : shareLevels.find(({ max }) => share <= max)!;

/** The name of each run below its column, cut; or of every nth run. */
function runsAxis(names: readonly string[], pixels: number): Axis {
  const each = pixels / Math.max(1, names.length);
  const every = Math.ceil(48 / each);
  const middles = names.map((_, i) => i + 0.5).filter((_, i) =>
    i % every === 0
  );
  return {
    domain: [0, Math.max(1, names.length)],
    ticks: middles,
    tickFormat: (place) =>
      cutText(names[Math.floor(place)] ?? "", style.textSize, each * every - 8),
    label: each >= minTextWidth && each < minUnitWidth
      ? "run (numbers are percent)"
      : "run",
  };
}

function tipsOf(
  { runs, steps }: CoverageCells,
  matrix: readonly MatrixCell[],
): Tip[] {
  return matrix.slice(0, 2000).map(({ x1, x2, y1, share }) => ({
    x: x1,
    x2,
    y: y1 + 0.5,
    text: [
      x2 - x1 > 1
        ? `${runs[x1]} and ${counted(x2 - x1 - 1, "more", "more")}`
        : runs[x1],
      steps[y1],
      share === null ? "not known" : formatShare(share),
    ].join("\n"),
  }));
}

function captionOf(
  { cells, runs, steps }: CoverageCells,
  { runsPerColumn, missing }: Matrix,
): string {
  if (cells.length === 0) return "No rows.";
  const empty = Map.groupBy(
    cells.filter(({ share }) => share === 0),
    ({ step }) => step,
  );
  const names = [...empty].map(([step, { length }]) =>
    named(step) +
    (length < runs.length
      ? ` in ${length} of ${counted(runs.length, "run")}`
      : runs.length > 1
      ? " in all runs"
      : "")
  );
  const left = names.length - 8;
  return sentences(
    `${counted(steps.length, "step")} in ${counted(runs.length, "run")}.`,
    names.length
      ? `Missing: ${names.slice(0, 8).join(", ")}` +
        (left > 0 ? ` and ${left} more.` : ".")
      : "No step is missing.",
    notes([missing, "cell", "without a row left blank"]),
    runsPerColumn > 1 &&
      `A column stands for ${runsPerColumn} runs: a cell has the colour of ` +
        "the least of their shares.",
  );
}

/** Columns with the share of a run that has a step. */
export interface CoverageChannels {
  /**
   * The run. The columns "run" and "rundir", the first of them that
   * is not null; or the first column.
   */
  run?: Channel | undefined;
  /** The step. The column "event_type", or the second. */
  step?: Channel | undefined;
  /** The share, from 0 to 1. The column "share", or the third. */
  share?: Channel | undefined;
}

/** The share of a run that has a step. */
export interface CoverageCell {
  /** Name of the run. */
  run: string;
  /** Name of the step. */
  step: string;
  /** From 0 to 1; null if unknown. */
  share: number | null;
}

/** The cells of a matrix of runs and steps. */
export interface CoverageCells {
  /** One per row. */
  cells: CoverageCell[];
  /** In order of appearance. */
  runs: string[];
  /** In order of appearance. */
  steps: string[];
}

/**
 * Reads shares by run and step, such as the rows of `coverage(db)`: the
 * transform behind {@linkcode coverageMatrix}. The type of span is added to the
 * name of a step that several types have.
 *
 * @example
 * ```ts
 * import { coverageCells } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const { cells, steps } = coverageCells([
 *   { run: "a", step: "pending", share: 1 },
 *   { run: "a", step: "running", share: 0.5 },
 * ]);
 * assert.deepEqual(steps, ["pending", "running"]);
 * assert.equal(cells[1]!.share, 0.5);
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 */
export function coverageCells(
  rows: Rows,
  options: CoverageChannels = {},
): CoverageCells {
  checkOptions("coverageCells", options, {
    run: true,
    step: true,
    share: true,
  });
  const { run, step, share } = options;
  const read = readChannels(rows, {
    run: run ?? ["run", 0],
    step: step ?? ["event_type", "step", 1],
    share: share ?? ["share", 2],
    type: step === undefined ? ["span_type", null] : null,
    rundir: run === undefined ? ["rundir", null] : null,
  });
  const isOfEvents = step === undefined && read.step.name === "event_type";
  const shares = numbersIn("share", read.share);
  const names = stepNames(
    Array.from({ length: read.length }, (_, i) => ({
      name: String(read.step.values[i] ?? "(none)"),
      type: isOfEvents ? read.type.values[i] : undefined,
    })),
  );
  const cells = names.map((step, i): CoverageCell => {
    const share = shares[i]!;
    return {
      run: String(
        [read.run, read.rundir].map(({ values }) => values[i])
          .find((name) => name != null) ?? "(none)",
      ),
      step,
      share: Number.isFinite(share) ? share : null,
    };
  });
  return {
    cells,
    runs: [...new Set(cells.map(({ run }) => run))],
    steps: [...new Set(cells.map(({ step }) => step))],
  };
}
