import type { Domain } from "../chart/facets.ts";
import type { Sweep } from "../rows/sweep.ts";

/**
 * How values of several series lie in one chart: one on the other as they are
 * (`counts`), each as a share of all (`shares`), one on the other around a
 * middle (`streamgraph`), or each from zero (`lines`).
 */
export type Stacking = "counts" | "shares" | "streamgraph" | "lines";

/** Resolution of counts over time. */
export interface ColumnOptions {
  /**
   * Greatest number of columns of time. If there are more moments of change,
   * values are means over as many columns of one width. 640 by default.
   */
  columns?: number | undefined;
}

/** Value of a series for some time. */
export interface SeriesStep {
  /** Start, in seconds. */
  time: number;
  /** End, in seconds. */
  until: number;
  /** Name of the series; "" if there is only one. */
  series: string;
  /** The value, or the mean over a column of time. Never 0. */
  value: number;
  /** Least value within the column; `value` if values are exact. */
  minimum: number;
  /** Greatest value within the column. */
  maximum: number;
}

/** Greatest value of all series together within a column of time. */
export interface Peak {
  /** Start of the column, in seconds. */
  time: number;
  /** End of the column, in seconds. */
  until: number;
  /** Sum over all series at one moment. */
  value: number;
}

/** Values of several series over time. */
export interface SeriesSteps {
  /** The values, by series in the order of `names`, and then by time. */
  steps: SeriesStep[];
  /** Names of the series, from the bottom of a stack to its top. */
  names: string[];
  /** First and last time, in seconds. */
  domain: [number, number];
  /** Greatest value of all series together at one moment. */
  peak: number;
  /** The same for each column, if values are means over columns. */
  peaks: Peak[];
  /** Width of a column in seconds, if values are means over columns. */
  columnSeconds: number | undefined;
  /** Whether the time of each series is counted from its own start. */
  isAligned: boolean;
}

/** Counts over time as rows, divided by a unit. */
export function seriesSteps(
  { edges, columnSeconds, series, total }: Sweep,
  names: string[],
  isAligned: boolean = false,
  unit: number = 1,
): SeriesSteps {
  const steps: SeriesStep[] = [];
  series.forEach(({ mean, minimum, maximum }, s) =>
    mean.forEach((value, i) => {
      if (value <= 0) return;
      steps.push({
        time: edges[i]!,
        until: edges[i + 1]!,
        series: names[s]!,
        value: value / unit,
        minimum: minimum[i]! / unit,
        maximum: maximum[i]! / unit,
      });
    })
  );
  return {
    steps,
    names,
    domain: [edges[0]!, edges.at(-1)!],
    peak: total.peak / unit,
    peaks: columnSeconds === undefined ? [] : Array.from(
      total.maximum,
      (value, i) => ({
        time: edges[i]!,
        until: edges[i + 1]!,
        value: value / unit,
      }),
    ),
    columnSeconds,
    isAligned,
  };
}

/** A value with its place in a stack. */
export interface StackedStep extends SeriesStep {
  y1: number;
  y2: number;
}

/** Layout of series, as areas or as lines. */
export interface SeriesLayout {
  /** The values, one on the other. */
  areas: StackedStep[];
  /** The maxima of a single series, behind its means. */
  maxima: StackedStep[];
  /** The peaks, if they are clearly above the means. */
  peaks: Peak[];
  /** The values of each series from end to end. */
  lines: SeriesStep[];
}

/** Lays series out as they are stacked. */
export function layOut(
  { steps, names, domain, peaks }: SeriesSteps,
  stack: Stacking,
): SeriesLayout {
  const areas = stack === "lines" ? [] : stackSteps(steps, stack);
  const hasPeaks = stack === "counts" && peaks.length > 0;
  const isAlone = names.length === 1;
  return {
    areas,
    maxima: hasPeaks && isAlone
      ? steps.map((step) => ({ ...step, y1: 0, y2: step.maximum }))
      : [],
    peaks: hasPeaks && !isAlone && areHidden(peaks, areas) ? peaks : [],
    lines: stack === "lines" ? filled(steps, domain) : [],
  };
}

/** Ends of the y axis of such a layout. */
export function valueDomain(
  { steps, peak }: SeriesSteps,
  stack: Stacking,
): Domain {
  if (stack === "shares") return [0, 1];
  if (stack === "streamgraph") return [-peak / 2, peak / 2];
  if (stack === "counts") return [0, peak || 1];
  return [0, steps.reduce((a, { maximum }) => Math.max(a, maximum), 0) || 1];
}

/**
 * Puts values one on the other, in their order. A stream lies around zero: its
 * thickness is the sum.
 */
export function stackSteps(
  steps: readonly SeriesStep[],
  stack: Exclude<Stacking, "lines">,
): StackedStep[] {
  const totals = new Map<number, number>();
  if (stack !== "counts") {
    for (const { time, value } of steps) {
      totals.set(time, (totals.get(time) ?? 0) + value);
    }
  }
  const tops = new Map<number, number>();
  return steps.map((step) => {
    const below = tops.get(step.time) ?? 0;
    const above = below + step.value;
    tops.set(step.time, above);
    const total = totals.get(step.time) ?? 0;
    const scale = stack === "shares" ? total || 1 : 1;
    const offset = stack === "streamgraph" ? total / 2 : 0;
    return { ...step, y1: below / scale - offset, y2: above / scale - offset };
  });
}

/** Fills the gaps of each series with zeros, as a line has them. */
function filled(
  steps: readonly SeriesStep[],
  [first, last]: readonly [number, number],
): SeriesStep[] {
  return [...Map.groupBy(steps, ({ series }) => series)]
    .flatMap(([series, own]) => {
      const line: SeriesStep[] = [];
      let end = first;
      const zeroUntil = (until: number) => {
        const none = { value: 0, minimum: 0, maximum: 0 };
        if (until > end) line.push({ time: end, until, series, ...none });
      };
      for (const step of own) {
        zeroUntil(step.time);
        line.push(step);
        end = step.until;
      }
      zeroUntil(last);
      return line;
    });
}

/** Whether means hide that for a moment there were clearly more. */
function areHidden(
  peaks: readonly Peak[],
  areas: readonly StackedStep[],
): boolean {
  const tops = new Map(areas.map(({ time, y2 }) => [time, y2]));
  const heights = peaks.map(({ time }) => tops.get(time) ?? 0);
  return peaks.some(({ value }, i) => {
    // The columns beside count too: else every steep slope would be a peak.
    const top = Math.max(...heights.slice(Math.max(0, i - 1), i + 2));
    return value > top * 1.05 + 0.5;
  });
}
