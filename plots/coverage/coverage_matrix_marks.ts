import defer * as Plot from "@observablehq/plot";
import type { Markish } from "../chart/plot_types.ts";
import type { Rows } from "../rows/channels.ts";
import { compactRects } from "../drawing/compact_areas.ts";
import { style } from "../drawing/style.ts";
import {
  type CoverageCells,
  coverageCells,
  type CoverageChannels,
} from "./coverage_cells.ts";
import { type MatrixCell, matrixOf } from "./coverage_grid.ts";

/**
 * The cells of a matrix of runs and steps as marks for `Plot.plot`: the first
 * run from 0 to 1 across, the first step from 0 to 1 upright (`y: { reverse:
 * true }`). Takes rows as {@linkcode coverageMatrix} does. Shares are written
 * where a cell, whose `width` and `height` are in pixels, has room for them.
 *
 * @example
 * ```ts
 * import { coverageMatrixMarks, plot } from "dnpc/plots";
 * import * as Plot from "@observablehq/plot";
 * import assert from "node:assert/strict";
 *
 * const rows = [["000", "launched", 1], ["001", "launched", 0.5]];
 * const chart = plot({
 *   y: { label: "step", reverse: true },
 *   marks: [...coverageMatrixMarks(rows), Plot.ruleX([3])],
 * });
 * assert.ok(chart.svg.includes("step"));
 * ```
 */
export function coverageMatrixMarks(
  rows: Rows | CoverageCells,
  { width = 60, height = 20, part = 1, ...channels }: CoverageChannels & {
    width?: number;
    height?: number;
    part?: number | undefined;
  } = {},
): Markish[] {
  const data = isCells(rows) ? rows : coverageCells(rows, channels);
  const { cells, runsAColumn } = matrixOf(data, part);
  const isRoomy = cells.length <= 1000 * part && runsAColumn === 1 &&
    width >= leastWidth && height >= 13;
  const unit = width >= widthWithUnit ? "\u00a0%" : "";
  const place = { x1: "x1", x2: "x2", y1: "y1", y2: "y2" };
  const fill = {
    value: cells.map(({ share }) => levelOf(share).color),
    scale: null,
  };
  return isRoomy
    ? [
      Plot.rect(cells, { ...place, fill, inset: 0.75, rx: 2 }),
      Plot.text(cells, {
        x: ({ x1, x2 }: MatrixCell) => (x1 + x2) / 2,
        y: ({ y1, y2 }: MatrixCell) => (y1 + y2) / 2,
        text: ({ share }: MatrixCell) =>
          share === null ? "?" : percent(share, unit),
        fill: ({ share }: MatrixCell) => levelOf(share).text,
      }),
    ]
    : [Plot.rect(cells, { ...place, fill, render: compactRects })];
}

// In pixels, for "100" and for "100 %".
export const leastWidth = 24;
export const widthWithUnit = 42;

const isCells = (rows: Rows | CoverageCells): rows is CoverageCells =>
  Array.isArray((rows as CoverageCells | undefined)?.cells);

// The ink has a contrast of at least 4.5 to 1 on each.
export const levels = [
  { upTo: 0, label: "none has it", color: "#f9c9bb", text: "#7a1500" },
  { upTo: 0.25, label: "up to 25 %", color: "#eef5fa", text: style.ink },
  { upTo: 0.5, label: "to 50 %", color: "#cfe2f1", text: style.ink },
  { upTo: 0.75, label: "to 75 %", color: "#a9cce6", text: style.ink },
  { upTo: 0.9999, label: "below 100 %", color: "#82b5da", text: style.ink },
  { upTo: Infinity, label: "all have it", color: "#5a9bcd", text: style.ink },
] as const;

const unknown = { color: "#eef0f2", text: style.mutedInk };

const levelOf = (share: number | null) =>
  share === null ? unknown : levels.find(({ upTo }) => share <= upTo)!;

/** A share for reading: 0.2 % is not none, and 99.8 % not all. */
export function percent(share: number, unit = "\u00a0%"): string {
  const value = share * 100;
  const rounded = Math.round(value);
  const isRight = (rounded > 0 || value <= 0) &&
    (rounded !== 100 || share >= 1);
  return `${isRight ? rounded : value < 1 ? "<1" : ">99"}${unit}`;
}
