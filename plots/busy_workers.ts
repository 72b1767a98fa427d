import defer * as Plot from "@observablehq/plot";
import type { Panel } from "./plot_types.ts";
import { linesAxis } from "./axes/lines_axis.ts";
import {
  atLeastASecond,
  timeAxis,
  type TimeAxisOptions,
} from "./axes/time_axis.ts";
import type { Rows } from "./rows/channels.ts";
import type { Chart } from "./chart.ts";
import {
  type ChartKind,
  chartOf,
  type HelperOptions,
  type Part,
} from "./chart_kind.ts";
import { noRows } from "./drawing/empty_mark.ts";
import { style } from "./drawing/style.ts";
import { shorten } from "./drawing/text.ts";
import { colorScale, legendOfNames } from "./colors.ts";
import { frame } from "./frame.ts";
import { busyStepsPlot, thereColor } from "./busy_steps.ts";
import {
  busyWorkersCaption,
  percent,
  stateColors,
  statesInOrder,
} from "./busy_workers_words.ts";
import { timelineMarks } from "./timeline_marks.ts";
import { barWords, rasterWords } from "./timeline_words.ts";
import {
  noBars,
  type TimelineBars,
  timelineBars,
} from "./transforms/timeline_bars.ts";
import { type WorkerLives, workerLives } from "./transforms/worker_lives.ts";
import { type WorkerLines, workerLines } from "./transforms/worker_lines.ts";
import type { WorkerChannels } from "./transforms/worker_rows.ts";
import { counted } from "./words.ts";

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

interface Workers extends WorkerLines {
  lives: WorkerLives;
}

const busyWorkersKind: ChartKind<Workers, BusyWorkersOptions> = {
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

/** A line for each worker. */
function workersPlot(
  workers: Workers,
  options: BusyWorkersOptions & Part,
): { panel: Panel; drawn: TimelineBars } {
  const { lines, groups, lives: { lives }, by } = workers;
  let drawn = noBars;
  const panel = frame({ ...options, y: undefined }, {
    x: (asked, pixels) => ({
      ...timeAxis(asked ?? atLeastASecond(lines.domain), {
        pixels,
        clock: options.clock,
      }),
      grid: true,
    }),
    y: (_, pixels) =>
      linesAxis(lines.order, {
        rows: lines.rows,
        pixels,
        label: by.length ? `worker, by ${by.join(" and ")}` : "worker",
      }),
    grid: false,
    draw({ x, y, across, upright, clip }) {
      const [first, last] = x.domain as [number, number];
      drawn = timelineBars(lines, {
        columns: across,
        pixels: upright,
        domain: [first, last],
        most: Math.floor(8000 * options.part),
      });
      const shares = lives.map(({ share }, l) => ({
        y: lines.order[l]!.row + 0.5,
        text: percent(share),
      })).filter(({ y: place }) =>
        lines.rows <= upright && (y.ticks as number[]).includes(place)
      );
      return {
        marks: [
          ...timelineMarks(lines, {
            drawn,
            clip,
            pixels: upright,
          }),
          Plot.text(shares, {
            ...{ x: last, y: "y", text: "text", textAnchor: "start", dx: 6 },
          }),
          Plot.text(groups, {
            x: first,
            y: "row",
            text: ({ name, lives }) =>
              shorten(groupWords(name, lives), style.textSize, across - 20),
            ...{ textAnchor: "start", dx: 2, fill: style.mutedInk },
            fontWeight: 600,
          }),
        ],
      };
    },
    tips: () =>
      drawn.bars.toSorted((a, b) => b.x2 - b.x1 - (a.x2 - a.x1)).slice(0, 1000)
        .map((bar) => ({
          ...{ x: bar.x1, x2: bar.x2, y: (bar.y1 + bar.y2) / 2 },
          text: barWords(lines, bar, "worker"),
        })),
    empty: lines.length ? undefined : noRows,
  });
  return { panel, drawn };
}

function groupWords(name: string, lives: WorkerLives["lives"]): string {
  const busy = lives.reduce((sum, { busy }) => sum + busy, 0);
  const life = lives.reduce((sum, { life }) => sum + life, 0);
  return `${name}: ${counted(lives.length, "worker")}` +
    (life > 0 ? `, busy ${percent(busy / life)}` : "");
}
