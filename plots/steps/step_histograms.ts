import { formatDuration, formatNumber } from "../axes/units.ts";
import {
  countBins,
  type DurationBin,
  type Edges,
  logEdges,
  roundEdges,
} from "../durations/duration_bins.ts";
import { extentOf } from "../rows/grid.ts";
import type { Durations } from "../durations/durations.ts";
import { type LogRange, logRange } from "../durations/duration_scale.ts";
import { type Statistics, statisticsOf } from "../durations/statistics.ts";
import type { StepTime, StepTimes } from "./step_times.ts";

/** The histogram of one step's times since the step before. */
export interface StepHistogram {
  /** "launched → running". */
  title: string;
  bins: DurationBin[];
  /** Of the bars: a count, or of series a share. */
  highest: number;
  isSeries: boolean;
  /** From where to where the axis goes. */
  domain: [number, number];
  range: LogRange;
  /** How wide the bins are, in words. */
  width: string;
  /** The numbers of each series. */
  parts: Statistics[];
}

/** A histogram for each step that has one before it, in their order. */
export function stepHistograms(
  { times, steps }: Pick<StepTimes, "times" | "steps">,
  { axes, log, bins = 60, among }: {
    axes: "shared" | "own";
    log: boolean;
    bins?: number | undefined;
    /** What else has the shared axis: the steps of all facets. */
    among?: readonly StepTime[] | undefined;
  },
): StepHistogram[] {
  if (!(bins >= 1 && bins <= 1000)) {
    throw new RangeError(`bins must be from 1 to 1,000, not ${bins}`);
  }
  const byStep = Map.groupBy(times, ({ step }) => step);
  const told = steps.map((step) => byStep.get(step)!)
    .filter((parts) => parts.some(({ sinceBefore }) => sinceBefore.length));
  const all = (among ?? times)
    .map(({ sinceBefore }) => ({ duration: sinceBefore }));
  const axisOf = (parts: readonly { duration: Float64Array }[]) => {
    const range = logRange(parts);
    const edges = log ? logEdges(range, bins) : roundEdges(extent(parts), bins);
    return { range, edges };
  };
  const shared = axes === "shared" ? axisOf(all) : undefined;
  return told.map((parts) => {
    const durations = together(parts);
    const { range, edges } = shared ?? axisOf([durations]);
    const counted = countBins(durations, edges, log);
    const isSeries = durations.series !== undefined;
    return {
      title: titleOf(parts),
      bins: counted,
      highest: counted.reduce(
        (most, { count, share }) => Math.max(most, isSeries ? share! : count),
        0,
      ),
      isSeries,
      ...axis(edges, log),
      range,
      parts: parts.map(({ sinceBefore }) => statisticsOf(sinceBefore)),
    };
  });
}

function axis({ domain, place, edge }: Edges, log: boolean) {
  const [first, last] = [place(domain[0]), place(domain[1])];
  const [from, to] = [edge(first), edge(last + 1)];
  const step = edge(first + 1);
  return {
    domain: [from, to] as [number, number],
    width: log
      ? `of a factor of ${formatNumber(step / from)}`
      : `of ${formatDuration(step - from)}`,
  };
}

function extent(
  parts: readonly { duration: Float64Array }[],
): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const { duration } of parts) {
    if (duration.length === 0) continue;
    const [least, most] = extentOf(duration);
    low = Math.min(low, least);
    high = Math.max(high, most);
  }
  // Durations are read against zero, unless they are all far from it.
  return [low > 0 && low < high / 2 ? 0 : low, high];
}

/** The times of all series of a step as durations. */
function together(parts: readonly StepTime[]): Durations {
  const length = parts.reduce((sum, part) => sum + part.sinceBefore.length, 0);
  const duration = new Float64Array(length);
  const of = new Int32Array(length);
  let at = 0;
  parts.forEach(({ sinceBefore }, s) => {
    duration.set(sinceBefore, at);
    of.fill(s, at, at + sinceBefore.length);
    at += sinceBefore.length;
  });
  return {
    ...{ length, duration, start: duration, withoutTime: 0, negative: 0 },
    series: parts[0]?.series === undefined
      ? undefined
      : { of, names: parts.map(({ series }) => series!), folded: 0 },
    ...{ startName: undefined, endName: undefined },
  };
}

function titleOf(parts: readonly StepTime[]): string {
  const { step } = parts[0]!;
  const most = parts.toSorted((a, b) =>
    b.sinceBefore.length - a.sinceBefore.length
  )[0]!;
  const others = parts.reduce((sum, part) => sum + part.others, 0);
  return `${most.before}${others ? " or another" : ""} → ${step}`;
}
