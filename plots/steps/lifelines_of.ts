import type { Rows } from "../rows/channels.ts";
import { valuesByGroup } from "../rows/group_rows.ts";
import {
  byStep,
  firstArrivals,
  medianOf,
  pathsOf,
  usualOrder,
} from "../rows/paths.ts";
import { foldNames, type Series, seriesOf } from "../rows/series.ts";
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
  /** The number of each row's span. */
  span: Uint32Array;
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
  const rows = new Uint32Array(read.steps.length);
  for (const s of read.step) if (s >= 0) rows[s]!++;
  const { names, places } = foldNames(read.steps, rows, maxSteps);
  const step = read.step.map((s) => s < 0 ? s : places[s]!);
  return { ...read, step, steps: names };
}

/** Lifelines with the steps that are named first, then the others as usual. */
export function lifelinesIn(
  read: StepRows,
  named: readonly string[] = [],
): Lifelines {
  const { steps, spans } = read;
  const { first, span, since, ...paths } = pathsOf(read);
  const arrivals = firstArrivals({ span, since, ...paths }, steps.length);
  const waits = byStep(arrivals, steps.length, arrivals.since);
  const usual = usualOrder([arrivals], steps.length).map((s) => steps[s]!);
  const names = [...new Set([...named, ...usual])];
  const places = steps.map((name) => names.indexOf(name));
  return {
    length: since.length,
    first,
    span,
    since,
    step: paths.step.map((s) => places[s]!),
    spans: spans.map((name) => String(name ?? "(none)")),
    steps: names.map((name) => {
      const own = waits[steps.indexOf(name)] ?? [];
      return { name, count: own.length, median: medianOf(own) ?? NaN };
    }),
    series: seriesOf(read.series ?? [], spans.length),
    ...leftOut(read),
  };
}

/** One order for the steps of several parts, by the paths of all their spans. */
export function commonSteps(parts: readonly StepRows[]): string[] {
  const names = [...new Set(parts.flatMap(({ steps }) => steps))];
  const arrivals = parts.map((part) => {
    const own = firstArrivals(pathsOf(part), part.steps.length);
    const places = part.steps.map((name) => names.indexOf(name));
    return { ...own, step: own.step.map((s) => places[s]!) };
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

// More lines cannot be distinguished, and more bundles are no clearer.
const maxLines = 300;
const maxSegments = 4000;

/**
 * The lines of lifelines from each step to the next, the largest last. If there
 * are too many to be told apart, spans that go from the same bin of time at one
 * step to the same bin at the next become one bundle. A bundle of one span keeps
 * the times of that span, so that outliers stay where they are.
 */
export function lifeSegments(
  lifelines: Lifelines,
  max = maxSegments,
): {
  segments: LifeSegment[];
  /** Width of a bundle at each end in seconds, if lines are bundled. */
  binSeconds: number | undefined;
} {
  const { spans, since, length } = lifelines;
  if (spans.length <= maxLines && length <= 3 * max) {
    return { segments: segmentsOf(lifelines), binSeconds: undefined };
  }
  const longest = since.reduce((a, b) => Math.max(a, b), 0);
  let segments: LifeSegment[] = [];
  let binSeconds: number | undefined;
  for (const bins of [150, 100, 70, 50, 35, 25, 16, 10, 6, 3, 1]) {
    binSeconds = longest / bins || 1;
    segments = segmentsOf(lifelines, binSeconds);
    if (segments.length <= max) break;
  }
  return { segments: segments.slice(-4 * max), binSeconds };
}

/** Each segment, or bundles of segments with both ends in the same bins. */
function segmentsOf(
  { span, since, step, steps, series }: Lifelines,
  bin?: number,
): LifeSegment[] {
  const bundles = new Map<number, LifeSegment>();
  for (let k = 0; k + 1 < span.length; k++) {
    if (span[k] !== span[k + 1]) continue;
    const own = series.of[span[k]!]!;
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
  return bundles.values().map((bundle) => ({
    ...bundle,
    x1: bundle.x1 / bundle.count,
    x2: bundle.x2 / bundle.count,
  })).toArray().sort((a, b) => a.count - b.count);
}

/**
 * The median time at which the spans of each series reach each step, as points
 * in the middle of the step's row, and whether at least half of the spans do.
 */
export function medianSteps({ series, steps, step, since, span }: Lifelines) {
  const { length } = steps;
  const arrivals = firstArrivals({ step, since, span, time: since }, length);
  const waits = valuesByGroup(
    arrivals.since,
    series.names.length * length,
    (k) => series.of[arrivals.span[k]!]! * length + arrivals.step[k]!,
  );
  return series.names.map((_, s) => {
    const size = series.of.filter((own) => own === s).length;
    const isUsual = (values: Float64Array) => values.length * 2 >= size;
    const ofSteps = waits.slice(s * length, (s + 1) * length);
    // Paths that have little in common have no usual one: show all steps.
    const isMixed = ofSteps.filter(isUsual).length < 2;
    return ofSteps.map((values, n) => ({
      x: medianOf(values) ?? NaN,
      y: n + 0.5,
      isUsual: isMixed || isUsual(values),
    })).filter(({ x }) => !Number.isNaN(x));
  });
}
