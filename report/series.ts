import { queueLengths } from "../questions/mod.ts";
import type { Database } from "../sql/mod.ts";
import type { Spans } from "./spans.ts";

/** A run in the stream. Times are Unix seconds. */
export interface StreamRun {
  /** Its label. */
  run: string;
  /** When it began, or the first time of a bar. */
  began: number;
  /** When it ended; without a log of that, the last time of a bar. */
  ended: number;
  /** Whether a log has its end. */
  isEnded: boolean;
  /** The first and the last time of the run and its bars. */
  first: number;
  last: number;
}

/** A number over time: the length of a queue, or the mean of a metric. */
export interface Series {
  run: string;
  executor: string | null;
  /** "queue", or the family of the metric. */
  kind: string;
  /** What is counted, such as "in the interchange" or "ready_workers". */
  name: string;
  /** Unix seconds, ascending. */
  times: number[];
  values: number[];
}

// A chart on the page is not wider.
const maxPoints = 600;
// Those of the first runs come first.
const maxSeries = 400;

/** Reads how long queues were, and the means of metrics in bins of time. */
export function readSeries(
  db: Database,
  spans: Spans,
  runs: readonly StreamRun[],
  options: { run?: string },
): Series[] {
  return [
    ...queueSeries(db, runs, options),
    ...metricSeries(db, spans, runs),
  ].slice(0, maxSeries);
}

/** The lengths of queues; those of the managers of an executor are one. */
function queueSeries(
  db: Database,
  runs: readonly StreamRun[],
  options: { run?: string },
): Series[] {
  const series = new Map<string, Series>();
  const changes = new Map<Series, [time: number, change: number][]>();
  const isImplicit = new Set<string>();
  const rows = queueLengths(db, options).map(({ run, queue, ...row }) => ({
    ...row,
    run: findRun(runs, run)?.run ?? run,
    name: queue.startsWith("in manager ") ? "in managers" : queue,
    of: JSON.stringify([run, row.executor, queue]),
  }));
  for (const { of, source } of rows) {
    if (source === "implicit") isImplicit.add(of);
  }
  const lengths = new Map<string, number>();
  for (const { run, executor, name, of, source, time, length } of rows) {
    if (source === "logged" && isImplicit.has(of)) continue;
    const one = series.getOrInsertComputed(
      JSON.stringify([run, executor, name]),
      () => ({ run, executor, kind: "queue", name, times: [], values: [] }),
    );
    changes.getOrInsertComputed(one, () => [])
      .push([time, length - (lengths.get(of) ?? 0)]);
    lengths.set(of, length);
  }
  for (const [one, ofOne] of changes) {
    let length = 0;
    const points = ofOne.sort(([a], [b]) => a - b)
      .map(([time, change]) => [time, length += change] as const);
    addThinned(one, points);
  }
  return [...series.values()];
}

/** Adds points, or of many the highest in each bin of time. */
function addThinned(
  { times, values }: Series,
  points: readonly (readonly [number, number])[],
): void {
  const [first, last] = [points[0]![0], points.at(-1)![0]];
  const binOf = (time: number) =>
    points.length <= maxPoints
      ? NaN
      : Math.floor((time - first) / (last - first) * maxPoints);
  let bin: number | undefined;
  for (const [time, value] of points) {
    if (binOf(time) !== bin) {
      bin = binOf(time);
      times.push(time);
      values.push(value);
    } else if (value > values.at(-1)!) values[values.length - 1] = value;
  }
}

/** Sums and counts of a metric in the bins of its run. */
interface Bins {
  series: Series;
  run: StreamRun;
  sums: Float64Array;
  counts: Uint32Array;
}

/** The means of metrics over the spans that have them. */
function metricSeries(
  db: Database,
  spans: Spans,
  runs: readonly StreamRun[],
): Series[] {
  const { identity } = spans;
  const labels = new Map<number, StreamRun | undefined>();
  const bins = new Map<string, Bins | undefined>();
  const rows = db.iterate<
    & Record<"span_id" | "time" | "value", number>
    & Record<"metric" | "name", string>
  >(
    `SELECT span_id, time, metric, name, value FROM metric
    WHERE value IS NOT NULL AND time IS NOT NULL`,
  );
  const runOf = (number: number) => findRun(runs, spans.text(number) ?? "");
  for (const { span_id, time, metric, name, value } of rows) {
    const span = spans.indexOf(span_id);
    if (span < 0) continue;
    const ofRun = identity.run[span]!;
    const ofExecutor = identity.executor[span]!;
    const own = bins.getOrInsertComputed(
      `${ofRun} ${ofExecutor} ${metric} ${name}`,
      () => {
        const run = labels.getOrInsertComputed(ofRun, runOf);
        return run && {
          series: {
            run: run.run,
            executor: spans.text(ofExecutor) ?? null,
            kind: metric,
            name,
            times: [],
            values: [],
          },
          run,
          sums: new Float64Array(maxPoints),
          counts: new Uint32Array(maxPoints),
        };
      },
    );
    if (own === undefined) continue;
    const { began, ended } = own.run;
    const place = Math.floor((time - began) / (ended - began) * maxPoints);
    const bin = Math.min(maxPoints - 1, Math.max(0, place || 0));
    own.sums[bin]! += value;
    own.counts[bin]!++;
  }
  return bins.values().flatMap((own) => own ? [meansOf(own)] : []).toArray();
}

function meansOf({ series, run, sums, counts }: Bins): Series {
  const width = (run.ended - run.began) / maxPoints;
  for (let bin = 0; bin < maxPoints; bin++) {
    if (counts[bin] === 0) continue;
    series.times.push(run.began + (bin + 0.5) * width);
    series.values.push(Number((sums[bin]! / counts[bin]!).toPrecision(6)));
  }
  return series;
}

/** The run with a label, or the directory that it is named after. */
const findRun = (runs: readonly StreamRun[], name: string) =>
  runs.find(({ run }) => run === name) ??
    runs.find(({ run }) => name.endsWith(`/${run}`));
