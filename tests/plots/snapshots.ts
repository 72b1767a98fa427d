import {
  cumulativeDistribution,
  durationHeatmap,
  durationHistogram,
  durationQuantiles,
  durationsOverTime,
  plot,
  spansInState,
  stepDurations,
  typicalSequence,
} from "dnpc/plots";
import * as Plot from "@observablehq/plot";
import { cases, type Draw } from "./cases.ts";
import { changesOfState, fixtureRows, launchedAndRunning } from "./fixtures.ts";

const tries = () => fixtureRows("tz", launchedAndRunning);

/**
 * The chart of each snapshot: one of the cases, by name, or a separate chart. A
 * snapshot is named after its helper and, if there are several, its special
 * feature: "spansInState clock".
 */
const drawn: Record<string, string | Draw> = {
  "twoEvents": "two events, wq",
  "durationHistogram": () => durationHistogram(tries()),
  "durationsOverTime": () => durationsOverTime(tries()),
  "spansInState": "states, tz",
  "spansInState clock": "states, clock",
  "cumulativeDistribution": () =>
    cumulativeDistribution(tries(), { log: true }),
  "durationQuantiles": () => durationQuantiles(tries()),
  "durationHeatmap": () => durationHeatmap(tries()),
  "durationBoxes": "boxes, 8 hosts",
  "stepDurations": () => stepDurations(fixtureRows("tz", changesOfState)),
  "stepComparison": "steps, two runs",
  "typicalSequence": () => typicalSequence(fixtureRows("tz", changesOfState)),
  "spansInState streamgraph": () =>
    spansInState(fixtureRows("tz", changesOfState), { stack: "streamgraph" }),
  "runningSpans": "running, wq",
  "eventRate": "rate, wq",
  "cumulativeFlow": "flow, wq",
  "throughputLimits": "limits, 200 bins",
  "metricSeries": "metric, wq in lines",
  "timeline": "timeline, tz",
  "lifelines": "lifelines, tz",
  "blocksOverTime": "blocks, 12",
  "busyWorkers": "workers, activity",
  "taskStream": "stream, 8 workers of a run",
  "utilisationOverTime": "utilisation, 40 bins",
  "waterfall": "waterfall, tz",
  "workerTimeBars": "worker time, 8 workers",
  "coverageMatrix": "coverage, three runs",
  "spanTypeGraph": "types of span, wq",
  "dependencyGraph": "tasks, tz",
  "dependencyGraph groups": "tasks, fanned out",
  "plot": () =>
    plot({
      title: "Dots",
      legend: [{ label: "mine", color: "#0072b2", shape: "dot" }],
      marks: [Plot.dot([[1, 2], [3, 4]], { fill: "#0072b2" })],
    }),
};

/** The charts that have snapshots, by name. */
export const snapshots: Record<string, Draw> = Object.fromEntries(
  Object.entries(drawn).map(([name, draw]) => [
    name,
    typeof draw === "string" ? cases[draw]! : draw,
  ]),
);
