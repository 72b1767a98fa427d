import type { TimeAxisOptions } from "../axes/time_axis.ts";
import { busyStepsPlot, thereColor } from "./busy_steps.ts";
import { type Workers, workersPlot } from "./busy_workers_lines.ts";
import {
  busyWorkersCaption,
  stateColors,
  statesInOrder,
} from "./busy_workers_words.ts";
import type { Chart } from "../chart/chart.ts";
import { chartOf, type HelperOptions } from "../chart/chart_kind.ts";
import type { OldChartKind } from "../chart/chart_kind.ts";
import { colorScale, legendOfNames } from "../chart/colors.ts";
import type { Rows } from "../rows/channels.ts";
import { rasterWords } from "./timeline_words.ts";
import { type WorkerLives, workerLives } from "./worker_lives.ts";
import { workerLines } from "./worker_lines.ts";
import type { WorkerChannels } from "./worker_rows.ts";

/** What {@linkcode busyWorkers} takes beside its rows. */
export interface BusyWorkersOptions
  extends WorkerChannels, Pick<TimeAxisOptions, "clock">, HelperOptions {}

/**
 * When workers were busy: how many at each moment, and below it a line for each
 * worker, busy in colour and idle light, with the share of its life in which it
 * was busy at its right. Workers lie by what they are part of: run, executor,
 * block, manager, as far as columns tell.
 *
 * Takes a row for each task that a worker had (worker, start, end; and app, if
 * it is to be coloured by that), or for each piece of its life, as
 * `workerActivity(db)` gives them, or sums over bins of time, as
 * `utilisation(db, { by: "worker", per: 10 })` does. A worker lives from its
 * first row to its last; between them it was idle where no row says otherwise.
 *
 * @example
 * ```ts
 * import { busyWorkers } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const chart = busyWorkers([
 *   { worker: 0, start: 0, end: 4 },
 *   { worker: 0, start: 6, end: 10 },
 *   { worker: 1, start: 0, end: 10 },
 * ]);
 * assert.match(chart.caption, /^2 workers, busy 90\s% of the 20 s/);
 * ```
 *
 * @throws {TypeError} if the rows are no rows, or lack a column that is named.
 */
export function busyWorkers(
  rows: Rows,
  options: BusyWorkersOptions = {},
): Chart {
  return chartOf(busyWorkersKind, rows, options);
}

const busyWorkersKind: OldChartKind<Workers, BusyWorkersOptions> = {
  height: 420,
  read(rows, options) {
    const lives = workerLives(rows as Rows, options);
    const height = (options.height ?? heightOf(lives, options)) - stepsHeight;
    return { lives, ...workerLines(lives, Math.max(1, height - aroundPlot)) };
  },
  extent: ({ lines: { domain, length } }) =>
    length ? { x: domain, isTime: true } : {},
  share(data, options) {
    const names = new Set(data.flatMap(({ lines }) => lines.phases));
    const height = options.height ?? data.reduce(
          (sum, { lives }) => Math.max(sum, heightOf(lives, options)),
          0,
        ) * data.length;
    const color = colorScale(names, options, stateColors(names));
    return { ...options, color, height };
  },
  plots(workers, options) {
    const { height = 420 } = options;
    const most = Math.min(stepsHeight, height / 2);
    const own = { ...options, marginRight: marginRight(options) };
    const { panel: lines, drawn } = workersPlot(workers, {
      ...own,
      height: height - most,
    });
    const { marginLeft = 40 } = lines;
    const steps = busyStepsPlot(workers.lives, workers.lines.domain, {
      ...{ ...own, marginLeft, height: most },
    });
    const both = Math.max(steps.marginLeft ?? 0, marginLeft);
    return {
      panels: [
        [{ ...steps, marginLeft: both }],
        [{ ...lines, marginLeft: both }],
      ],
      words: rasterWords(workers.lines, drawn, "worker"),
    };
  },
  title: () => "Busy workers",
  caption: ({ lives, by }, options) =>
    busyWorkersCaption(lives, { by, x: options.x }),
  legend(data, { color }) {
    const names = new Set(data.flatMap(({ lines }) => lines.phases));
    return [
      ...legendOfNames(statesInOrder(names), color),
      { label: "workers that are there", color: thereColor, shape: "line" },
    ];
  },
};

const stepsHeight = 130;
const aroundPlot = 68;
const rowHeight = 18;

function heightOf(
  { lives }: WorkerLives,
  { facet }: BusyWorkersOptions,
): number {
  const most = facet === undefined ? 420 : 260;
  const rows = lives.length + 3;
  return stepsHeight + aroundPlot +
    Math.min(most, Math.max(40, rows * rowHeight));
}

// Room for "100 %" behind each line.
const marginRight = ({ marginRight = 50 }: BusyWorkersOptions) => marginRight;
