import type { Panel } from "../chart/plot_types.ts";
import type { Axis } from "../axes/axis.ts";
import { linesAxis } from "../axes/lines_axis.ts";
import type { Rows } from "../rows/channels.ts";
import type { Chart } from "../chart/chart.ts";
import {
  type ChartKind,
  chartOf,
  type FacetData,
  type HelperOptions,
} from "../chart/chart_kind.ts";
import { style } from "../drawing/style.ts";
import { cutText } from "../drawing/text.ts";
import { frame } from "../chart/frame.ts";
import {
  coverageMatrixMarks,
  leastWidth,
  levels,
  percent,
  widthWithUnit,
} from "./coverage_matrix_marks.ts";
import {
  type CoverageCells,
  coverageCells,
  type CoverageChannels,
} from "./coverage_cells.ts";
import { type Matrix, matrixOf } from "./coverage_grid.ts";
import { counted, named } from "../chart/words.ts";

/** What {@linkcode coverageMatrix} takes beside its rows. */
export interface CoverageMatrixOptions
  extends CoverageChannels, HelperOptions {}

/**
 * Which share of each run has each step: steps below one another, runs side by
 * side, the share as colour and as text. What no try of a run has stands out, for
 * its log may be missing. Takes a row for each run and step, as `coverage(db)`
 * gives them, or in the first three columns; `{ share: "launched_share" }` shows
 * the share of what was launched.
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
 * @throws {TypeError} if the rows are no rows, or lack a column that is named.
 */
export function coverageMatrix(
  rows: Rows,
  options: CoverageMatrixOptions = {},
): Chart {
  return chartOf(coverageKind, rows, options);
}

interface CoverageData extends FacetData, CoverageCells {
  matrix: Matrix;
  /** Share of the chart that this facet has. */
  part: number;
}

const coverageKind: ChartKind<
  CoverageCells,
  CoverageData,
  CoverageMatrixOptions
> = {
  height: 360,
  read: (rows, options) => coverageCells(rows as Rows, options),
  derive(sets) {
    const part = 1 / sets.length;
    const steps = Math.max(1, ...sets.map(({ steps }) => steps.length));
    const height = 68 + Math.min(900, Math.max(60, steps * 20));
    return {
      title: "Which steps the runs have",
      legend: sets.some(({ cells }) => cells.length)
        ? levels.map(({ label, color }) => ({ label, color }))
        : undefined,
      facets: sets.map((data) => ({
        ...data,
        matrix: matrixOf(data, part),
        part,
        height,
      })),
    };
  },
  draw: (data, options) => ({
    panels: [[coveragePlot(data, options)]],
    caption: captionOf(data),
  }),
};

function coveragePlot(
  data: CoverageData,
  options: CoverageMatrixOptions,
): Panel {
  const { steps, runs, matrix, part } = data;
  const names = shortNames(runs);
  return frame({ ...options, y: undefined }, {
    x: (_, pixels) => runsAxis(names, pixels),
    y: (_, pixels) =>
      linesAxis(
        steps.map((name, row) => ({ name, row, lanes: 1 })),
        { rows: steps.length, pixels, label: "step" },
      ),
    grid: false,
    draw: ({ across, upright }) => ({
      marks: coverageMatrixMarks(data, {
        part,
        width: across / Math.max(1, runs.length),
        height: upright / Math.max(1, steps.length),
      }),
    }),
    tips: () =>
      matrix.cells.slice(0, 2000).map(({ x1, x2, y1, share }) => ({
        x: x1,
        x2,
        y: y1 + 0.5,
        text: [
          x2 - x1 > 1
            ? `${runs[x1]} and ${counted(x2 - x1 - 1, "more", "more")}`
            : runs[x1],
          steps[y1],
          share === null ? "not known" : percent(share),
        ].join("\n"),
      })),
    empty: runs.length ? undefined : "No rows",
  });
}

/** Each run's name below its column, cut; or of every so many runs. */
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
    label: each >= leastWidth && each < widthWithUnit
      ? "run (numbers are percent)"
      : "run",
  };
}

/** Paths without the folders that all of them share. */
function shortNames(names: readonly string[]): string[] {
  const parts = names.map((name) => name.split("/"));
  let shared = 0;
  while (
    parts.length > 1 &&
    parts.every((part) =>
      part.length > shared + 1 && part[shared] === parts[0]![shared]
    )
  ) shared++;
  return parts.map((part) => part.slice(shared).join("/"));
}

function captionOf({ cells, runs, steps, matrix }: CoverageData): string {
  if (cells.length === 0) return "No rows.";
  const missing = Map.groupBy(
    cells.filter(({ share }) => share === 0),
    ({ step }) => step,
  );
  const words = [...missing].map(([step, { length }]) =>
    length === runs.length
      ? named(step) + (runs.length === 1 ? "" : " (all runs)")
      : `${named(step)} (${length} of ${counted(runs.length, "run")})`
  );
  const left = words.length - 8;
  const { runsAColumn, without } = matrix;
  return [
    `${counted(steps.length, "step")} in ${counted(runs.length, "run")}.`,
    words.length
      ? `Missing: ${words.slice(0, 8).join(", ")}` +
        (left > 0 ? ` and ${left} more.` : ".")
      : "No step is missing.",
    ...(without
      ? [`${counted(without, "cell")} without a row left blank.`]
      : []),
    ...(runsAColumn > 1
      ? [
        `A column stands for ${runsAColumn} runs: a cell has the colour of ` +
        "the least of their shares.",
      ]
      : []),
  ].join(" ");
}
