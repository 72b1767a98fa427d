import * as plots from "dnpc/plots";
import type { Chart } from "dnpc/plots";

let width: number | undefined;

/** Draws charts that are so wide, in pixels, unless a case asks for another width. */
export async function drawAt(
  pixels: number,
  draw: () => Chart | Promise<Chart>,
): Promise<Chart> {
  width = pixels;
  try {
    return await draw();
  } finally {
    width = undefined;
  }
}

/** The same chart, as wide as `drawAt` asks for. */
const sized = <Draw>(draw: Draw): Draw =>
  ((rows: unknown, options: object = {}) =>
    (draw as (rows: unknown, options: object) => unknown)(
      rows,
      width === undefined ? options : { width, ...options },
    )) as Draw;

export const blocksOverTime = sized(plots.blocksOverTime);
export const busyWorkers = sized(plots.busyWorkers);
export const coverageMatrix = sized(plots.coverageMatrix);
export const cumulativeDistribution = sized(plots.cumulativeDistribution);
export const cumulativeFlow = sized(plots.cumulativeFlow);
export const dependencyGraph = sized(plots.dependencyGraph);
export const durationBoxes = sized(plots.durationBoxes);
export const durationHeatmap = sized(plots.durationHeatmap);
export const durationHistogram = sized(plots.durationHistogram);
export const durationQuantiles = sized(plots.durationQuantiles);
export const durationsOverTime = sized(plots.durationsOverTime);
export const eventRate = sized(plots.eventRate);
export const lifelines = sized(plots.lifelines);
export const metricSeries = sized(plots.metricSeries);
export const runningSpans = sized(plots.runningSpans);
export const spanTypeGraph = sized(plots.spanTypeGraph);
export const spansInState = sized(plots.spansInState);
export const stepComparison = sized(plots.stepComparison);
export const stepDurations = sized(plots.stepDurations);
export const taskStream = sized(plots.taskStream);
export const throughputLimits = sized(plots.throughputLimits);
export const timeline = sized(plots.timeline);
export const twoEvents = sized(plots.twoEvents);
export const typicalSequence = sized(plots.typicalSequence);
export const waterfall = sized(plots.waterfall);
export const workerTimeBars = sized(plots.workerTimeBars);
export const utilisationOverTime = sized(plots.utilisationOverTime);
