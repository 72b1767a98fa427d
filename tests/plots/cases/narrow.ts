import {
  type Chart,
  cumulativeDistribution,
  cumulativeFlow,
  durationBoxes,
  durationHeatmap,
  durationHistogram,
  durationQuantiles,
  eventRate,
  lifelines,
  metricSeries,
  runningSpans,
  spansInState,
  stepDurations,
  throughputLimits,
  timeline,
  twoEvents,
  typicalSequence,
} from "dnpc/plots";
import {
  changesOfState,
  fixtureRows,
  launchedAndReturned,
  launchedAndRunning,
  memory,
} from "../fixtures.ts";
import { bins } from "./flows.ts";

const tries = () => [
  ...fixtureRows("tz", launchedAndReturned)
    .map((row) => ({ ...row, run: "tz" })),
  ...fixtureRows("wq", launchedAndReturned)
    .map((row) => ({ ...row, run: "wq" })),
];

const changes = () => fixtureRows("wq", changesOfState);

const width = 340;
const series = "run";

/** Charts as wide as a column of text. */
export const narrowCases: Record<string, () => Chart> = {
  "narrow: two events": () =>
    twoEvents(fixtureRows("wq", launchedAndReturned), { width }),
  "narrow: two events of two runs": () => twoEvents(tries(), { width, series }),
  "narrow: two events in facets": () =>
    twoEvents(tries(), { width, facet: "run", log: true }),
  "narrow: histogram": () =>
    durationHistogram(fixtureRows("tz", launchedAndRunning), {
      width,
      log: true,
    }),
  // The label of the median fits before the frame, but not before the 95%.
  "narrow: histogram of few durations": () =>
    durationHistogram(
      [0.1, 0.5, 1.947, 1.96, 9.7, 9.8, 12.29].map((s) => [s]),
      {
        duration: 0,
        width,
        log: true,
      },
    ),
  "narrow: cumulative": () =>
    cumulativeDistribution(tries(), { width, series }),
  "narrow: quantiles": () =>
    durationQuantiles(tries(), { width, facet: "run" }),
  "narrow: heatmap": () => durationHeatmap(tries(), { width, facet: "run" }),
  "narrow: boxes": () =>
    durationBoxes(tries(), {
      by: "run",
      start: "launched",
      end: "returned",
      log: true,
      width,
    }),
  "narrow: states": () => spansInState(changes(), { width }),
  "narrow: running": () =>
    runningSpans(fixtureRows("wq", launchedAndReturned), { width }),
  "narrow: rate": () =>
    eventRate(fixtureRows("wq", launchedAndReturned), { width }),
  "narrow: flow": () => cumulativeFlow(changes(), { width }),
  "narrow: limits": () => throughputLimits(bins(200), { width }),
  "narrow: timeline": () => timeline(changes(), { width }),
  "narrow: lifelines": () => lifelines(changes(), { width }),
  "narrow: sequence": () => typicalSequence(changes(), { width }),
  "narrow: step durations": () => stepDurations(changes(), { width }),
  "narrow: metric": () =>
    metricSeries(fixtureRows("wq", memory), {
      width,
      unit: "bytes",
      metric: "Resident memory",
    }),
};
