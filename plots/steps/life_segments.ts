import type { Lifelines } from "./lifelines_of.ts";

/** From one step to the next: of one span, or of several. */
export interface LifeSegment {
  /** Seconds since the start of the span, at the first step. */
  x1: number;
  /** And at the second. */
  x2: number;
  /** The place of the first step in `steps`. */
  from: number;
  /** And of the second. */
  to: number;
  /** The place of the series. */
  series: number;
  /** How many spans. */
  count: number;
}

/** The segments of lifelines, the largest last, and whether they stand for several spans each. */
export interface LifeSegments {
  segments: LifeSegment[];
  /** How wide a bundle is at each end, in seconds, if there are any. */
  binSeconds: number | undefined;
}

/**
 * The lines of lifelines from each step to the next. Of more spans than can be
 * told apart, those become one that go from the same bin of time at one step to
 * the same bin at the next; where a bundle holds a single span, its own times
 * are kept, so that what is extreme stays where it is.
 */
export function lifeSegments(
  lifelines: Lifelines,
  most = mostSegments,
): LifeSegments {
  const { spans, since } = lifelines;
  const isFew = spans.length <= mostLines && lifelines.length <= 3 * most;
  if (isFew) return { segments: each(lifelines), binSeconds: undefined };
  const longest = since.reduce((a, b) => Math.max(a, b), 0);
  for (const bins of [150, 100, 70, 50, 35, 25, 16, 10, 6, 3, 1]) {
    const binSeconds = longest / bins || 1;
    const segments = bundled(lifelines, binSeconds);
    if (segments.length <= most || bins === 1) {
      return { segments: segments.slice(-4 * most), binSeconds };
    }
  }
  throw new Error("unreachable: a bin holds all of the time");
}

// More lines than that cannot be told apart, and more bundles make no picture.
const mostLines = 300;
const mostSegments = 4000;

function each(lifelines: Lifelines): LifeSegment[] {
  const segments: LifeSegment[] = [];
  forEach(
    lifelines,
    (k, series) => segments.push(segment(lifelines, k, series)),
  );
  return segments;
}

/** From a row to the one behind it. */
function segment(
  { since, step }: Lifelines,
  k: number,
  series: number,
): LifeSegment {
  return {
    ...{ x1: since[k]!, x2: since[k + 1]!, series, count: 1 },
    ...{ from: step[k]!, to: step[k + 1]! },
  };
}

function bundled(lifelines: Lifelines, bin: number): LifeSegment[] {
  const { since, step, steps, series } = lifelines;
  const bundles = new Map<number, LifeSegment>();
  const seriesCount = series.names.length;
  // Numbers stay whole up to 2^53: 150 bins twice, a thousand steps twice.
  forEach(lifelines, (k, s) => {
    const a = Math.floor(since[k]! / bin);
    const b = Math.floor(since[k + 1]! / bin);
    const pair = step[k]! * steps.length + step[k + 1]!;
    const key = ((pair * seriesCount + s) * 256 + a) * 256 + b;
    const bundle = bundles.get(key);
    if (!bundle) bundles.set(key, segment(lifelines, k, s));
    else {
      bundle.count++;
      bundle.x1 += since[k]!;
      bundle.x2 += since[k + 1]!;
    }
  });
  return bundles.values().map((bundle) => ({
    ...bundle,
    x1: bundle.x1 / bundle.count,
    x2: bundle.x2 / bundle.count,
  })).toArray().sort((a, b) => a.count - b.count);
}

function forEach(
  { spans, first, series }: Lifelines,
  visit: (row: number, series: number) => void,
): void {
  for (let s = 0; s < spans.length; s++) {
    for (let k = first[s]!; k < first[s + 1]! - 1; k++) visit(k, series.of[s]!);
  }
}
