import { queueLengths } from "../questions/mod.ts";
import { type Database, withRoom } from "../sql/mod.ts";
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
  const rows = queueLengths(db, options);
  const series = new Map<string, Series>();
  const changes = new Map<Series, Changes>();
  for (let from = 0, until = 0; from < rows.length; from = until) {
    const { run: ofRun, executor, queue, source } = rows[from]!;
    const run = findRun(runs, ofRun)?.run ?? ofRun;
    const name = queue.startsWith("in manager ") ? "in managers" : queue;
    const one = series.getOrInsertComputed(
      JSON.stringify([run, executor, name]),
      () => ({ run, executor, kind: "queue", name, times: [], values: [] }),
    );
    const ofOne = changes.getOrInsertComputed(one, () => new Changes());
    let before = 0;
    for (; until < rows.length; until++) {
      const row = rows[until]!;
      if (
        row.queue !== queue || row.executor !== executor || row.run !== ofRun
      ) break;
      // Implicit lengths come first, and suffice.
      if (row.source !== source) continue;
      ofOne.add(row.time, row.length - before);
      before = row.length;
    }
  }
  for (const [one, ofOne] of changes) addThinned(one, ofOne);
  return [...series.values()];
}

/** Changes of a length in one array: a run may have millions. */
class Changes {
  length = 0;
  #pairs = new Float64Array(128);

  add(time: number, change: number): void {
    this.#pairs = withRoom(this.#pairs, 2 * this.length + 2);
    this.#pairs.set([time, change], 2 * this.length++);
  }

  /** The times in their order, and the length at each. */
  lengths(): { times: Float64Array; lengths: Int32Array } {
    const pairs = this.#pairs;
    const order = Int32Array.from({ length: this.length }, (_, i) => i)
      .sort((a, b) => pairs[2 * a]! - pairs[2 * b]! || a - b);
    let length = 0;
    return {
      times: Float64Array.from(order, (i) => pairs[2 * i]!),
      lengths: order.map((i) => length += pairs[2 * i + 1]!),
    };
  }
}

/** Adds the lengths, or of many the highest in each bin of time. */
function addThinned({ times, values }: Series, changes: Changes): void {
  const { times: all, lengths } = changes.lengths();
  const [first, last] = [all[0]!, all.at(-1)!];
  const binOf = (time: number) =>
    all.length <= maxPoints
      ? NaN
      : Math.floor((time - first) / (last - first) * maxPoints);
  let bin: number | undefined;
  for (const [i, time] of all.entries()) {
    const value = lengths[i]!;
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
