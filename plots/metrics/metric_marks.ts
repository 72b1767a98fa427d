import defer * as Plot from "@observablehq/plot";
import { formatMetric } from "../axes/metric_axis.ts";
import { densityColor } from "../durations/density_levels.ts";
import type { Markish, Tip } from "../chart/plot_types.ts";
import { metricCells } from "./metric_cells.ts";
import { type MetricPoints, thinPoints } from "./metric_points.ts";
import { compactLines } from "../drawing/compact.ts";
import { compactRects } from "../drawing/compact_areas.ts";
import { scaledNames } from "../drawing/color_channel.ts";

/** How a reported number is drawn. */
export type MetricMark = "dots" | "steps" | "line";

const mostDots = 2000;
// About so many corners of lines are 130 kB.
const mostCorners = 14_000;
const mostCells = 12_000;

/** Where the numbers go. */
export interface MetricPlace {
  mark?: MetricMark | undefined;
  gap?: number | undefined;
  clip?: boolean | undefined;
  /** The part of the chart's size that the marks may have. */
  part: number;
  /** How wide and how high the plot is. */
  pixels: [number, number];
  x: [number, number];
  y: [number, number];
}

/** Whether dots are too many to be drawn one by one. */
export const isRaster = (
  points: MetricPoints,
  mark: MetricMark | undefined,
  part: number,
): boolean => dotsOf(points, mark).length > mostDots * part;

/** Reported numbers: dots or a raster, and lines. */
export function metricMarks(
  points: MetricPoints,
  place: MetricPlace,
): Markish[] {
  const { time, value, of, series } = points;
  const { mark, clip = false, part } = place;
  const dots = dotsOf(points, mark);
  const marks: Markish[] = [];
  if (dots.length > mostDots * part) {
    const cells = Math.sqrt(mostCells * part);
    const ratio = Math.sqrt(place.pixels[0] / place.pixels[1]);
    const raster = metricCells(points, dots, place.x, place.y, {
      columns: Math.ceil(cells * ratio),
      lines: Math.ceil(cells / ratio),
    });
    marks.push(
      Plot.rect(raster, {
        ...{ x1: "x1", x2: "x2", y1: "y1", y2: "y2", clip },
        fill: series.length > 1 ? scaledNames("name") : {
          value: raster.map(({ count }) => densityColor(count)),
          scale: null,
        },
        render: compactRects,
      }),
    );
  } else if (dots.length) {
    marks.push(
      Plot.dot(dots, {
        x: (i: number) => time[i],
        y: (i: number) => value[i],
        fill: scaledNames((i: number) => series[of[i]!]!.name),
        fillOpacity: 0.65,
        r: 2,
        clip,
      }),
    );
  }
  if (mark === "line" || mark === "steps") {
    marks.push(...lineMarks(points, place, mark));
  }
  return marks;
}

function lineMarks(
  points: MetricPoints,
  { x, gap, clip = false, part, pixels }: MetricPlace,
  mark: "line" | "steps",
): Markish[] {
  const { time, value, of, series } = points;
  const lines = linesOf(points);
  const columns = Math.max(
    20,
    Math.min(
      Math.floor(pixels[0]),
      Math.floor(mostCorners * part / 4 / (lines.length || 1)),
    ),
  );
  const places: number[] = [];
  // Which unbroken part of a line each point belongs to.
  const runs: number[] = [];
  let run = 0;
  for (const line of lines) {
    const thin = thinPoints(time, value, line, x, columns, gap);
    thin.places.forEach((place, i) => {
      places.push(place);
      runs.push(i === 0 || thin.breaks[i]! ? ++run : run);
    });
  }
  return [
    Plot.line(places, {
      x: (i: number) => time[i],
      y: (i: number) => value[i],
      stroke: scaledNames((i: number) => series[of[i]!]!.name),
      z: runs,
      clip,
      // Plot draws a line of varying colour in pieces; this draws all at once.
      render: compactLines({ joining: mark }),
    }),
  ];
}

/** The points of each series that is one line. */
function linesOf({ of, series, folded, length }: MetricPoints): number[][] {
  const lines = series.map((): number[] => []);
  for (let i = 0; i < length; i++) lines[of[i]!]!.push(i);
  return folded ? lines.slice(0, -1) : lines;
}

/** The points that are drawn as dots: all, or those of series that are folded. */
function dotsOf(
  { of, series, folded, length }: MetricPoints,
  mark: MetricMark = "dots",
): number[] {
  const dots: number[] = [];
  if (mark !== "dots" && !folded) return dots;
  const other = mark === "dots" ? -1 : series.length - 1;
  for (let i = 0; i < length; i++) {
    if (other < 0 || of[i] === other) dots.push(i);
  }
  return dots;
}

const mostTips = 2000;

/** What is said of each number; of the extremes alone, where they are many. */
export function metricTips(
  points: MetricPoints,
  unit: string | undefined,
): Tip[] {
  const { time, value, of, series, length } = points;
  if (length === 0) return [];
  const lines = linesOf({ ...points, folded: 0 });
  const columns = Math.max(1, Math.floor(mostTips / 4 / lines.length));
  const domain = [time[0]!, time[length - 1]!] as const;
  return lines.flatMap((line) =>
    line.length * lines.length <= mostTips
      ? line
      : thinPoints(time, value, line, domain, columns).places
  ).map((i) => {
    const { name } = series[of[i]!]!;
    const text = formatMetric(value[i]!, unit);
    return {
      x: time[i]!,
      y: value[i]!,
      text: name ? `${name}\n${text}` : text,
    };
  });
}
