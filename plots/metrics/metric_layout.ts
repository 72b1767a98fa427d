import defer * as Plot from "@observablehq/plot";
import type { Domain } from "../chart/facets.ts";
import type { Markish } from "../chart/plot_types.ts";
import { scaledNames } from "../drawing/color_channel.ts";
import { compactLines } from "../drawing/compact.ts";
import { compactRects } from "../drawing/compact_areas.ts";
import { densityLevels, levelColor } from "../chart/count_levels.ts";
import { thinLine } from "../rows/thin_line.ts";
import type { MetricPoints } from "./metric_points.ts";

/** How a reported number is drawn. */
export type MetricMark = "dots" | "steps" | "line";

/** What is drawn of reported numbers. */
export interface MetricLayout {
  points: MetricPoints;
  mark: MetricMark;
  /** Points that are dots. */
  dots: ArrayLike<number>;
  /** Cells in place of dots that are too many. */
  cells: MetricCell[];
  /** Points of lines, each with the number of its line. */
  corners: { point: number; line: number }[];
}

/** A cell of a grid over time and value that has points in it. */
interface MetricCell {
  x1: number;
  x2: number;
  y1: number;
  y2: number;
  /** Series with the most points in the cell. */
  series: string;
  count: number;
}

/** How and where numbers are drawn. */
export interface LayoutOptions {
  mark?: MetricMark | undefined;
  gap?: number | undefined;
  /** Part of the chart's size that the marks may have. */
  part?: number;
  /** The part of the axes that is drawn. */
  x: Domain;
  y: Domain;
}

const maxDots = 2000;
const maxCells = 12_000;
// About so many corners of lines are 130 kB.
const maxCorners = 14_000;
const maxColumns = 760;

/** Chooses what is drawn, so that a chart stays under 300 kB. */
export function layOutPoints(
  points: MetricPoints,
  { mark = "dots", gap = Infinity, part = 1, x, y }: LayoutOptions,
): MetricLayout {
  const lines = mark === "dots" ? [] : pointsBySeries(points);
  // Folded series are not one line.
  const others = points.folded ? lines.pop() ?? [] : [];
  const dots = mark === "dots" ? [...Array(points.length).keys()] : others;
  const isRaster = dots.length > maxDots * part;
  const columns = Math.max(
    20,
    Math.min(
      maxColumns,
      Math.floor(maxCorners * part / 4 / (lines.length || 1)),
    ),
  );
  // A gap narrower than a column is not seen.
  const widest = Math.max(gap, (x[1] - x[0]) / columns);
  const { time, value } = points;
  let line = 0;
  return {
    points,
    mark,
    dots: isRaster ? [] : dots,
    cells: isRaster ? cellsOf(points, dots, x, y, maxCells * part) : [],
    corners: lines.flatMap((places) =>
      thinLine(time, value, { columns, places, domain: x })
        .map((point, i, thin) => {
          const last = thin[i - 1];
          if (last === undefined || time[point]! - time[last]! > widest) line++;
          return { point, line };
        })
    ),
  };
}

/** The points of each series. */
export function pointsBySeries({ of, series }: MetricPoints): number[][] {
  const points = series.map((): number[] => []);
  of.forEach((s, i) => points[s]!.push(i));
  return points;
}

/** Counts points in a grid of about so many cells. */
function cellsOf(
  { time, value, of, series }: MetricPoints,
  points: readonly number[],
  [left, right]: Domain,
  [low, high]: Domain,
  size: number,
): MetricCell[] {
  // A plot is about three times as wide as it is high.
  const columns = Math.ceil(Math.sqrt(size * 3));
  const lines = Math.ceil(Math.sqrt(size / 3));
  const width = (right - left) / columns || 1;
  const height = (high - low) / lines || 1;
  const counts = new Uint32Array(columns * lines * series.length);
  for (const i of points) {
    const [x, y] = [time[i]!, value[i]!];
    if (x < left || x > right || y < low || y > high) continue;
    const column = Math.min(columns - 1, Math.floor((x - left) / width));
    const line = Math.min(lines - 1, Math.floor((y - low) / height));
    counts[(column * lines + line) * series.length + of[i]!]!++;
  }
  const cells: MetricCell[] = [];
  for (let cell = 0; cell < columns * lines; cell++) {
    const own = counts.subarray(
      cell * series.length,
      (cell + 1) * series.length,
    );
    const count = own.reduce((a, b) => a + b, 0);
    if (count === 0) continue;
    const [column, line] = [Math.floor(cell / lines), cell % lines];
    cells.push({
      x1: left + column * width,
      x2: left + (column + 1) * width,
      y1: low + line * height,
      y2: low + (line + 1) * height,
      series: series[own.indexOf(Math.max(...own))]!.name,
      count,
    });
  }
  return cells;
}

/** Dots or a raster, and lines. */
export function layoutMarks(
  { points, mark, dots, cells, corners }: MetricLayout,
  clip: boolean,
): Markish[] {
  const { time, value, of, series } = points;
  const color = (i: number) => series[of[i]!]!.name;
  return [
    cells.length === 0 ? null : Plot.rect(cells, {
      x1: "x1",
      x2: "x2",
      y1: "y1",
      y2: "y2",
      clip,
      fill: series.length > 1 ? scaledNames("series") : {
        value: cells.map(({ count }) => levelColor(count, densityLevels)),
        scale: null,
      },
      render: compactRects,
    }),
    dots.length === 0 ? null : Plot.dot(dots, {
      x: (i: number) => time[i],
      y: (i: number) => value[i],
      fill: scaledNames(color),
      fillOpacity: 0.65,
      r: 2,
      clip,
    }),
    mark === "dots" ? null : Plot.line(corners, {
      x: ({ point }) => time[point],
      y: ({ point }) => value[point],
      stroke: scaledNames(({ point }: { point: number }) => color(point)),
      z: "line",
      clip,
      render: compactLines({ joining: mark }),
    }),
  ];
}
