import type { Rows } from "../rows/channels.ts";
import { foldNames } from "../rows/series.ts";
import {
  byStep,
  firstArrivals,
  medianOf,
  type Paths,
  pathsOf,
  usualOrder,
} from "../rows/paths.ts";
import { type Series, seriesOf } from "../rows/series.ts";
import {
  leftOut,
  type StepChannels,
  type StepRows,
  stepRows,
  type StepRowsLeft,
} from "../rows/step_rows.ts";

/** A step that spans reach. */
export interface LifeStep {
  /** Name of the step. */
  name: string;
  /** Number of spans that reach it. */
  count: number;
  /** Median seconds from a span's start to its first arrival; NaN for none. */
  median: number;
}

/** The path of each span through its steps, as columns of one length. */
export interface Lifelines extends StepRowsLeft {
  /** Number of rows. */
  length: number;
  /** The rows of span `s` are from `first[s]` up to `first[s + 1]`, by time. */
  first: Uint32Array;
  /** Seconds since the span's first row. */
  since: Float64Array;
  /** Index of each row's step in `steps`. */
  step: Int32Array;
  /** The names of the spans. */
  spans: string[];
  /** In their usual order. */
  steps: LifeStep[];
  /** The series of each span. */
  series: Series;
}

/**
 * Computes the path of each span through its steps, in seconds since its start:
 * the transform behind {@linkcode lifelines}. Takes one row per span and step,
 * in any order. Steps are in their usual order. If there are more than 100,
 * those with the fewest rows are combined as "other (n)".
 *
 * @example
 * ```ts
 * import { lifelinesOf } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const { steps } = lifelinesOf([
 *   { task: 1, time: 10, step: "launched" },
 *   { task: 1, time: 14, step: "running" },
 *   { task: 2, time: 20, step: "launched" },
 *   { task: 2, time: 22, step: "running" },
 * ]);
 * assert.deepEqual(steps.map(({ name, median }) => [name, median]), [
 *   ["launched", 0],
 *   ["running", 3],
 * ]);
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 */
export function lifelinesOf(
  rows: Rows,
  channels: StepChannels = {},
): Lifelines {
  return lifelinesIn(foldedSteps(stepRows(rows, channels)));
}

// More cannot be told apart, nor drawn in a chart of some size.
const maxSteps = 100;

/** Makes one step, "other (n)", of the steps that have the fewest rows. */
export function foldedSteps(read: StepRows): StepRows {
  if (read.steps.length <= maxSteps) return read;
  const rows = new Uint32Array(read.steps.length);
  for (const s of read.step) if (s >= 0) rows[s]!++;
  const { names, places } = foldNames(read.steps, rows, maxSteps);
  return {
    ...read,
    step: read.step.map((s) => s < 0 ? s : places[s]!),
    steps: names,
  };
}

/** Lifelines with the steps that are named first, then the others as usual. */
export function lifelinesIn(
  read: StepRows,
  named: readonly string[] = [],
): Lifelines {
  const { steps, spans } = read;
  const paths = pathsOf(read);
  const arrivals = firstArrivals(paths, steps.length);
  const waits = byStep(arrivals, steps.length, arrivals.since);
  const number = new Map(steps.map((name, s) => [name, s]));
  const usual = usualOrder([arrivals], steps.length).map((s) => steps[s]!);
  const names = [...new Set([...named, ...usual])];
  const place = new Map(names.map((name, i) => [name, i]));
  const moved = steps.map((name) => place.get(name)!);
  return {
    length: paths.step.length,
    first: paths.first,
    since: paths.since,
    step: paths.step.map((s) => moved[s]!),
    spans: spans.map((name) => String(name ?? "(none)")),
    steps: names.map((name) => {
      const own = waits[number.get(name) ?? -1] ?? [];
      return { name, count: own.length, median: medianOf(own) ?? NaN };
    }),
    series: seriesOf(read.series ?? [], spans.length),
    ...leftOut(read),
  };
}

/** One order for the steps of several parts, by the paths of all their spans. */
export function commonSteps(parts: readonly StepRows[]): string[] {
  const names = [...new Set(parts.flatMap(({ steps }) => steps))];
  const number = new Map(names.map((name, n) => [name, n]));
  const arrivals = parts.map((part): Paths => {
    const own = firstArrivals(pathsOf(part), part.steps.length);
    return { ...own, step: own.step.map((s) => number.get(part.steps[s]!)!) };
  });
  return usualOrder(arrivals, names.length).map((n) => names[n]!);
}

/** A line from one step to the next: of one span, or of a bundle of spans. */
export interface LifeSegment {
  /** Seconds since the start of the span at the first step. */
  x1: number;
  /** The same at the second step. */
  x2: number;
  /** The place of the first step in `steps`. */
  from: number;
  /** The place of the second step. */
  to: number;
  /** The place of the series. */
  series: number;
  /** Number of spans. */
  count: number;
}

/** The segments of lifelines, the largest last. */
export interface LifeSegments {
  segments: LifeSegment[];
  /** Width of a bundle at each end in seconds, if lines are bundled. */
  binSeconds: number | undefined;
}

// More lines cannot be distinguished, and more bundles are no clearer.
const maxLines = 300;
const maxSegments = 4000;

/**
 * The lines of lifelines from each step to the next. If there are too many to
 * be told apart, spans that go from the same bin of time at one step to the
 * same bin at the next become one bundle. A bundle of one span keeps the times
 * of that span, so that outliers stay where they are.
 */
export function lifeSegments(
  lifelines: Lifelines,
  max = maxSegments,
): LifeSegments {
  const { spans, since, length } = lifelines;
  if (spans.length <= maxLines && length <= 3 * max) {
    return { segments: segmentsOf(lifelines), binSeconds: undefined };
  }
  const longest = since.reduce((a, b) => Math.max(a, b), 0);
  for (const bins of [150, 100, 70, 50, 35, 25, 16, 10, 6, 3, 1]) {
    const binSeconds = longest / bins || 1;
    const segments = segmentsOf(lifelines, binSeconds);
    if (segments.length <= max || bins === 1) {
      return { segments: segments.slice(-4 * max), binSeconds };
    }
  }
  throw new Error("unreachable: a bin holds all of the time");
}

/** Each segment, or bundles of segments with both ends in the same bins. */
function segmentsOf(
  { spans, first, since, step, steps, series }: Lifelines,
  bin?: number,
): LifeSegment[] {
  const bundles = new Map<number, LifeSegment>();
  for (let s = 0; s < spans.length; s++) {
    const own = series.of[s]!;
    for (let k = first[s]!; k < first[s + 1]! - 1; k++) {
      const [x1, x2] = [since[k]!, since[k + 1]!];
      const [from, to] = [step[k]!, step[k + 1]!];
      // Numbers stay whole up to 2^53: 150 bins twice, a thousand steps twice.
      const key = bin === undefined
        ? k
        : (((from * steps.length + to) * series.names.length + own) * 256 +
              Math.floor(x1 / bin)) * 256 + Math.floor(x2 / bin);
      const bundle = bundles.get(key);
      if (bundle) {
        bundle.count++;
        bundle.x1 += x1;
        bundle.x2 += x2;
      } else bundles.set(key, { x1, x2, from, to, series: own, count: 1 });
    }
  }
  return bundles.values().map((bundle) => ({
    ...bundle,
    x1: bundle.x1 / bundle.count,
    x2: bundle.x2 / bundle.count,
  })).toArray().sort((a, b) => a.count - b.count);
}

/** The median time at which the spans of a series reach a step. */
export interface MedianStep {
  /** Seconds since the start. */
  x: number;
  /** The place of the step, in the middle of its row. */
  y: number;
  /** Whether at least half of the spans reach it. */
  isUsual: boolean;
}

/** The median of each step, series by series. */
export function medianSteps(
  { series, steps, first, since, step }: Lifelines,
): MedianStep[][] {
  const arrivals = firstArrivals(
    { first, step, since, time: since },
    steps.length,
  );
  const waits = series.names.map(() => steps.map((): number[] => []));
  const sizes = new Uint32Array(series.names.length);
  series.of.forEach((own, s) => {
    sizes[own]!++;
    for (let k = arrivals.first[s]!; k < arrivals.first[s + 1]!; k++) {
      waits[own]![arrivals.step[k]!]!.push(arrivals.since[k]!);
    }
  });
  return waits.map((ofSteps, s) => {
    const isUsual = ({ length }: number[]) => length * 2 >= sizes[s]!;
    // Paths that have little in common have no usual one: show all steps.
    const isMixed = ofSteps.filter(isUsual).length < 2;
    return ofSteps.flatMap((values, n): MedianStep[] =>
      values.length === 0 ? [] : [{
        x: medianOf(values)!,
        y: n + 0.5,
        isUsual: isMixed || isUsual(values),
      }]
    );
  });
}
