import { scaledNames } from "../chart/colors.ts";
import defer * as Plot from "@observablehq/plot";
import { atLeastASecond } from "../axes/time_axis.ts";
import { cellMark } from "../chart/count_levels.ts";
import type { Domain } from "../chart/facets.ts";
import type { Markish } from "../chart/plot_types.ts";
import { compactLines } from "../drawing/compact.ts";
import { countCells, evenGrid, extentOf, type GridCell } from "../rows/grid.ts";
import { thinLine } from "../rows/thin_line.ts";
import type { MetricPoints } from "./metric_points.ts";

/** Mark for reported numbers. */
export type MetricMark = "dots" | "steps" | "line";

/** Reported numbers, ready to be drawn. */
export interface MetricLayout {
  points: MetricPoints;
  mark: MetricMark;
  /** Points that are dots. */
  dots: number[];
  /** Cells in place of dots that are too many. */
  cells: GridCell[];
  /** Points of lines, each with the number of its line. */
  corners: { point: number; line: number }[];
}

/** How and where numbers are drawn. */
export interface LayoutOptions {
  mark?: MetricMark | undefined;
  gap?: number | undefined;
  /** Part of the chart's size that the marks may have. */
  part?: number;
  /** The part of the axes that is drawn. */
  x?: Domain;
  y?: Domain;
}

const maxDots = 2000;
// Their product is the number of cells; a plot is wider than it is high.
const [maxColumns, maxLines] = [190, 63];
// About this many corners of lines are 130 kB.
const maxCorners = 14_000;
const maxPixels = 760;

/** Limits the marks, so that a chart stays under 300 kB. */
export function layOutPoints(
  points: MetricPoints,
  {
    mark = "dots",
    gap = Infinity,
    part = 1,
    x = timeDomain(points),
    y = metricDomain(points.series),
  }: LayoutOptions,
): MetricLayout {
  const { time, value } = points;
  const lines = mark === "dots" ? [] : pointsBySeries(points);
  // Folded series are not one line.
  const others = points.folded ? lines.pop() ?? [] : [];
  const dots = mark === "dots" ? [...time.keys()] : others;
  const isRaster = dots.length > maxDots * part;
  const fitting = Math.floor(maxCorners * part / 4 / (lines.length || 1));
  const columns = Math.max(20, Math.min(maxPixels, fitting));
  // A gap narrower than a column is not seen.
  const widest = Math.max(gap, (x[1] - x[0]) / columns);
  let line = 0;
  return {
    points,
    mark,
    dots: isRaster ? [] : dots,
    cells: isRaster ? cellsOf(points, dots, x, y, Math.sqrt(part)) : [],
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

/** Counts the points in the part of the axes that is drawn. */
function cellsOf(
  { time, value, of, series, folded }: MetricPoints,
  points: readonly number[],
  x: Domain,
  y: Domain,
  scale: number,
): GridCell[] {
  const isIn = (value: number, [low, high]: Domain) =>
    value >= low && value <= high;
  const drawn = points.filter((i) => isIn(time[i]!, x) && isIn(value[i]!, y));
  const names = series.map(({ name }) => name);
  return countCells(
    {
      x: Float64Array.from(drawn, (i) => time[i]!),
      y: Float64Array.from(drawn, (i) => value[i]!),
      series: names.length > 1
        ? { of: Int32Array.from(drawn, (i) => of[i]!), names, folded }
        : undefined,
    },
    evenGrid(Float64Array.from(x), Math.ceil(maxColumns * scale)),
    evenGrid(Float64Array.from(y), Math.ceil(maxLines * scale)),
  );
}

/** Ends of the axis of time. */
export const timeDomain = ({ time }: MetricPoints): Domain =>
  atLeastASecond(extentOf(time));

/** Ends of the axis of values: from 0, unless that would flatten all. */
export function metricDomain(series: MetricPoints["series"]): Domain {
  const low = Math.min(...series.map(({ minimum }) => minimum));
  const high = Math.max(...series.map(({ maximum }) => maximum));
  if (low > high || low === 0 && high === 0) return [0, 1];
  if (low === high) return [Math.min(0, low), Math.max(0, high)];
  const range = high - low;
  if (low >= 0 && range >= high * 0.2) return [0, high];
  if (low >= 0) return [Math.max(0, low - range * 0.05), high + range * 0.05];
  return high < 0 && range >= -low * 0.2 ? [low, 0] : [low, high];
}

/** Dots or a raster, and lines. */
export function layoutMarks(
  { points, mark, dots, cells, corners }: MetricLayout,
  clip: boolean,
): Markish[] {
  const { time, value, of, series } = points;
  const color = (i: number) => series[of[i]!]!.name;
  return [
    cells.length === 0 ? null : cellMark(cells, { clip }),
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
