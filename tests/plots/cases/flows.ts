import type { Chart } from "dnpc/plots";
import {
  cumulativeFlow,
  eventRate,
  metricSeries,
  runningSpans,
  spansInState,
  throughputLimits,
} from "./charts.ts";
import {
  changesOfState,
  fixtureRows,
  launchedAndReturned,
  memory,
} from "../fixtures.ts";
import { many, randomNumbers } from "./random.ts";

const start = 1795344042;
const hostile = `<script>alert("1")</script>&amp;\0 ${"long ".repeat(40)}`;

/** Spans of up to `longest` seconds, in series, from two runs far apart. */
function spans(count: number, range: number, longest: number, series = 3) {
  const random = randomNumbers();
  return Array.from({ length: count }, (_, i) => {
    const run = i % 2;
    const from = start + run * 10 * range + random() * range;
    return {
      start: from,
      end: from + random() ** 2 * longest,
      app: `app ${i % series}`,
      run: `run ${run}`,
    };
  });
}

/** Tasks that pass through this many steps. */
function steps(count: number, range: number, perSpan: number) {
  const random = randomNumbers();
  return Array.from({ length: count }, (_, task) => {
    let time = start + random() * range;
    return Array.from({ length: perSpan }, (_, i) => {
      time += random() * range / perSpan;
      return { task, time, step: `step ${i}`, run: `run ${task % 2}` };
    });
  }).flat();
}

function numbers(count: number, series = 3) {
  const random = randomNumbers();
  return Array.from({ length: count }, (_, i) => ({
    time: start + i / 10,
    value: 50 + 40 * Math.sin(i * 20 / count) + 5 * random(),
    host: `host ${i % series}`,
  }));
}

/** Bins of a second: a queue that fills and empties, limited by three stages. */
export function bins(count: number, executor = "a") {
  return Array.from({ length: count }, (_, i) => {
    const share = (1 + Math.sin(i / 9)) / 2;
    return {
      executor,
      start: start + i,
      end: start + i + 1,
      pending_tasks: 5,
      queued_tasks: Math.max(0, i - i ** 2 / count),
      running_tasks: 2 * share,
      bound_by_submission: i % 50 < 5 ? 1 : 0,
      bound_by_dispatch: i % 50 < 5 ? 0 : 1 - share,
      bound_by_workers: i % 50 < 5 ? 0 : share,
    };
  });
}

const apart = (rows: { task: number; time: number }[]) =>
  rows.map((row) => ({ ...row, time: row.time + row.task % 2 * 1e4 }));

const stacks = ["counts", "shares", "streamgraph", "lines"] as const;

const inState = Object.fromEntries(stacks.flatMap((stack) => [
  [
    `states as ${stack}, wq`,
    () => spansInState(fixtureRows("wq", changesOfState), { stack }),
  ],
  [
    `states as ${stack}, two runs`,
    () => spansInState(apart(steps(300, 100, 5)), { stack, facet: "run" }),
  ],
  [
    `states as ${stack}, 200 of them`,
    () => spansInState(steps(250, 86_400, 200), { stack }),
  ],
  [
    `states as ${stack}, one row`,
    () => spansInState([[1, start, "running"]], { stack }),
  ],
  [`states as ${stack}, no rows`, () => spansInState([], { stack })],
]));

/** Charts of counts and metrics over time. */
export const flows: Record<string, () => Chart> = {
  ...inState,
  "running, wq": () => runningSpans(fixtureRows("wq", launchedAndReturned)),
  "running, runs overlaid": () =>
    runningSpans(spans(900, 100, 30), { series: "run" }),
  "running, stacked in runs": () =>
    runningSpans(spans(900, 100, 30), { series: "app", facet: "run" }),
  "running, lines": () =>
    runningSpans(spans(9000, 100, 30), { series: "app", stack: "lines" }),
  "running, no rows": () => runningSpans([]),
  "running, one without an end": () => runningSpans([[start, null]]),
  "running, of 0 s": () => runningSpans([[start, start], [start, start]]),
  "running, all reversed or null": () =>
    runningSpans([[start, start - 1], [null, start], [null, null]]),
  "running, ten years": () => runningSpans(spans(900, 3650 * 86_400, 1e7)),
  "running, part of the axis": () =>
    runningSpans(spans(900, 100, 30), {
      x: { domain: [start + 20, start + 40] },
    }),
  "running, hostile": () =>
    runningSpans([[start, start + 1, hostile], [start, start + 2, "b"]], {
      series: 2,
    }),
  "running, many of 200 series": () =>
    runningSpans(spans(many, 1e4, 100, 200), { series: "app", stack: "lines" }),
  "running, weighted": () =>
    runningSpans(
      spans(900, 100, 30).map((span, i) => ({ ...span, [hostile]: i % 7 })),
      { weight: hostile, series: "app" },
    ),
  "states, weighted": () =>
    spansInState(
      steps(300, 100, 5).map((step, i) => ({ ...step, size_bytes: i * 1e6 })),
      { weight: "size_bytes" },
    ),
  "running, many": () => runningSpans(spans(many, 1e4, 100)),
  "rate, wq": () =>
    eventRate(fixtureRows("wq", changesOfState), {
      time: "time",
      series: "state",
    }),
  "rate, runs overlaid": () =>
    eventRate(spans(900, 100, 30), { time: "start", series: "run" }),
  "rate, facets": () =>
    eventRate(spans(900, 100, 30), {
      time: "start",
      series: "app",
      facet: "run",
    }),
  "rate, no rows": () => eventRate([]),
  "rate, one row": () => eventRate([[start]]),
  "rate, all at once": () => eventRate([[start], [start], [null]]),
  "rate, ten years": () => eventRate(spans(900, 3650 * 86_400, 1)),
  "rate, finer than pixels": () =>
    eventRate(spans(9000, 100, 1), { per: 0.02 }),
  "rate, hostile": () =>
    eventRate([[start, hostile], [start + 9, "b"]], { series: 1 }),
  "rate, many of 200 series": () =>
    eventRate(spans(many, 1e4, 1, 200), { series: "app", per: 1 }),
  "flow, wq": () =>
    cumulativeFlow(fixtureRows("wq", changesOfState), { step: "state" }),
  "flow, two runs": () =>
    cumulativeFlow(apart(steps(300, 100, 5)), { facet: "run" }),
  "flow, no rows": () => cumulativeFlow([]),
  "flow, one row": () => cumulativeFlow([[1, start, "a"]]),
  "flow, nothing but nulls": () => cumulativeFlow([[1, null, "a"]]),
  "flow, 200 steps": () => cumulativeFlow(steps(300, 86_400, 200)),
  "flow, hostile": () =>
    cumulativeFlow([[1, start, hostile], [1, start + 5, "b"]]),
  "flow, many": () => cumulativeFlow(steps(many / 5, 1e4, 5)),
  "limits, 200 bins": () => throughputLimits(bins(200)),
  "limits, two executors": () =>
    throughputLimits([...bins(60, "a"), ...bins(60, "b")]),
  "limits, two executors together": () =>
    throughputLimits([...bins(60), ...bins(60)]),
  "limits, no rows": () => throughputLimits([]),
  "limits, one row": () => throughputLimits(bins(1)),
  "limits, without a time": () =>
    throughputLimits(
      bins(3).map((row, i) => ({ ...row, start: i ? null : start })),
    ),
  "limits, unknown": () =>
    throughputLimits(
      bins(50).map((row) => ({ ...row, bound_by_workers: null })),
    ),
  "limits, hostile": () =>
    throughputLimits([[start, start + 5, 3, 4]], {
      queues: { [hostile]: 2 },
      stages: { [hostile]: 3 },
    }),
  "limits, part of the axis": () =>
    throughputLimits(bins(200), { x: { domain: [start + 20, start + 60] } }),
  "limits, many": () => throughputLimits(bins(many)),
  "metric, wq": () =>
    metricSeries(fixtureRows("wq", memory), {
      unit: "bytes",
      metric: "memory",
    }),
  "metric, wq in lines": () =>
    metricSeries(fixtureRows("wq", memory), {
      series: "try",
      mark: "steps",
      unit: "bytes",
    }),
  "metric, lines with gaps": () =>
    metricSeries(numbers(900).filter((_, i) => i % 300 < 200), {
      series: "host",
      mark: "line",
      unit: "%",
      gap: 5,
    }),
  "metric, facets": () =>
    metricSeries(numbers(900), { facet: "host", mark: "line" }),
  "metric, no rows": () => metricSeries([]),
  "metric, one row": () => metricSeries([[start, 5]], { mark: "line" }),
  "metric, all equal and below zero": () =>
    metricSeries([[start, -5], [start + 1, -5]], { mark: "steps" }),
  "metric, nothing but nulls": () => metricSeries([[null, 1], [1, null]]),
  "metric, enormous": () =>
    metricSeries([[start, 1e300], [start + 1, -1e300]], { mark: "line" }),
  "metric, hostile": () =>
    metricSeries([[start, 5, hostile], [start + 1, 7, "b"]], {
      series: 2,
      metric: hostile,
      unit: "<b>",
    }),
  "metric, many dots": () => metricSeries(numbers(many), { series: "host" }),
  "metric, many in lines of 200 series": () =>
    metricSeries(numbers(many, 200), { series: "host", mark: "line" }),
};
