// Over 300 lines: one chart, from its rows to its marks and caption.

import defer * as Plot from "@observablehq/plot";
// @ts-types="npm:@types/d3-array@3.2.2"
import { max, median, sum } from "d3-array";
import { countAxis } from "../axes/number_axes.ts";
import { type TimeAxisOptions, timeAxisOver } from "../axes/time_axis.ts";
import { formatDuration, formatShare } from "../axes/units.ts";
import type { Chart } from "../chart/chart.ts";
import {
  type ChartKind,
  chartOf,
  type FacetData,
  type HelperOptions,
  type Size,
} from "../chart/chart_kind.ts";
import {
  categoricalColors,
  colorScale,
  colorsFor,
  legendOfNames,
} from "../chart/colors.ts";
import { frame } from "../chart/frame.ts";
import type { Panel } from "../chart/plot_types.ts";
import { counted, notes, rowsWithoutTime } from "../chart/captions.ts";
import { givenDomain } from "../drawing/merge.ts";
import { style } from "../drawing/style.ts";
import { cutText } from "../drawing/text.ts";
import { thinLine } from "../rows/thin_line.ts";
import type { Rows } from "../rows/channels.ts";
import { isOther } from "../rows/series.ts";
import { linesPanel } from "./timeline_bars.ts";
import {
  type WorkerChannels,
  type WorkerLife,
  type WorkerLives,
  workerLives,
} from "./worker_lives.ts";
import {
  type WorkerGroup,
  type WorkerLines,
  workerLines,
} from "./worker_lines.ts";

/** Options of {@linkcode busyWorkers}. */
export interface BusyWorkersOptions
  extends WorkerChannels, Pick<TimeAxisOptions, "clock">, HelperOptions {}

/**
 * Draws when workers were busy: their number at each moment, and below it a
 * line for each worker, busy in colour and idle light, with the busy share of
 * its life on the right. Workers are grouped by run, executor, block and
 * manager, if these columns exist.
 *
 * Takes one row per task of a worker (worker, start, end, and app for the
 * colours), one row per interval of its life, as from `workerActivity(db)`, or
 * sums over bins of time, as from `utilisation(db, { by: "worker", per: 10 })`.
 * A worker lives from its first row to its last, and is idle during any time
 * without a row.
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
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 */
export function busyWorkers(
  rows: Rows,
  options: BusyWorkersOptions = {},
): Chart {
  return chartOf(rows, options, busyWorkersKind);
}

interface WorkersData extends FacetData, WorkerLives, WorkerLines {
  /** Its part of all facets. */
  part: number;
  sentences: string[];
}

// In pixels.
const stepsHeight = 130;
const aroundPlot = 68;
const rowHeight = 18;
// For "100 %" behind each line.
const marginRight = 50;

const busyColor = "#0072b2";
const thereColor = style.mutedInk;

const busyWorkersKind: ChartKind<WorkerLives, WorkersData, BusyWorkersOptions> =
  {
    height: 420,
    read: (rows, options) => workerLives(rows as Rows, options),
    derive(all, options) {
      const workers = max(all, ({ lives }) => lives.length)!;
      const maxHeight = options.facet === undefined ? 420 : 260;
      const height = stepsHeight + aroundPlot +
        Math.min(maxHeight, Math.max(40, (workers + 3) * rowHeight));
      const asked = options.height && options.height / all.length;
      const room = (asked ?? height) - stepsHeight - aroundPlot;
      const facets = all.map((own): WorkersData => {
        const lines = workerLines(own, Math.max(1, room));
        return {
          ...own,
          ...lines,
          part: 1 / all.length,
          sentences: captionOf({ ...own, ...lines }, options),
          extent: own.lives.length
            ? { x: lines.lines.domain, isTime: true }
            : undefined,
          height,
        };
      });
      const names = statesInOrder(
        new Set(facets.flatMap(({ lines }) => lines.phases)),
      );
      const color = colorScale(names, options, colorsOfStates(names));
      const legend = [
        ...legendOfNames(names, color),
        {
          label: "all workers",
          color: thereColor,
          shape: "line" as const,
        },
      ];
      return { facets, title: "Busy workers", color, legend };
    },
    draw(workers, options) {
      const { height } = options;
      const above = Math.min(stepsHeight, height / 2);
      const own = { marginRight, ...options };
      const { panel: lines, caption } = linesPlot(workers, {
        ...own,
        height: height - above,
      });
      const steps = stepsPlot(workers, {
        ...own,
        marginLeft: lines.marginLeft,
        height: above,
      });
      const marginLeft = Math.max(
        steps.marginLeft ?? 0,
        lines.marginLeft ?? 0,
      );
      return {
        panels: [[{ ...steps, marginLeft }], [{ ...lines, marginLeft }]],
        caption: [...workers.sentences, ...caption].join(" "),
      };
    },
  };

/** The number of busy workers, and of all, over time. */
function stepsPlot(
  { steps, lines: { domain }, part }: WorkersData,
  options: BusyWorkersOptions & Size,
): Panel {
  const { time, busy, there } = steps;
  const x = { ...options.x, label: null };
  const curve = "step-after" as const;
  const points = (values: Float64Array) =>
    thinLine(time, values, { columns: Math.ceil(320 * part) })
      .map((i) => [time[i]!, values[i]!]);
  return frame({ ...options, x, y: undefined, marginBottom: 24, marks: [] }, {
    x: timeAxisOver(domain, { clock: options.clock, grid: true }),
    y: (_, pixels) =>
      countAxis(max(there) ?? 0, { pixels, label: "workers busy" }),
    zero: "y",
    draw: ({ clip }) => ({
      marks: [
        Plot.areaY(points(busy), {
          x: "0",
          y: "1",
          curve,
          fill: busyColor,
          fillOpacity: 0.35,
          stroke: busyColor,
          clip,
        }),
        Plot.line(points(there), {
          curve,
          stroke: thereColor,
          strokeWidth: 1.25,
          clip,
        }),
      ],
    }),
    tips: () =>
      thinLine(time, busy, { columns: 200 * part }).map((i) => ({
        x: time[i],
        x2: time[i + 1] ?? time[i],
        text: `${counted(busy[i]!, "worker")} busy of ` +
          `${there[i]!.toLocaleString("en-US")}\n` +
          `${formatDuration(time[i]! - domain[0])} after the start`,
      })),
  });
}

/** A line for each worker. */
function linesPlot(
  { lines, groups, lives, by, part }: WorkersData,
  options: BusyWorkersOptions & Size,
) {
  return linesPanel(lines, { ...options, y: undefined }, {
    noun: "worker",
    label: by.length ? `worker, by ${by.join(" and ")}` : "worker",
    maxBars: Math.floor(8000 * part),
    maxTips: 1000,
    clock: options.clock,
    marksOver({ x, y, width, height }) {
      const [start, end] = x.domain as [number, number];
      const shares = lives.map(({ share }, l) => ({
        y: lines.order[l]!.row + 0.5,
        text: formatShare(share),
      })).filter(({ y: place }) =>
        lines.rows <= height && (y.ticks as number[]).includes(place)
      );
      return [
        Plot.text(shares, {
          x: end,
          y: "y",
          text: "text",
          textAnchor: "start",
          dx: 6,
        }),
        Plot.text(groups, {
          x: start,
          y: "row",
          text: (group: WorkerGroup) =>
            cutText(groupTitle(group), style.textSize, width - 20),
          textAnchor: "start",
          dx: 2,
          fill: style.mutedInk,
          fontWeight: 600,
        }),
      ];
    },
  });
}

const groupTitle = ({ name, lives }: WorkerGroup) =>
  `${name}: ${counted(lives.length, "worker")}, busy ` +
  formatShare(busyShare(lives));

function busyShare(lives: readonly WorkerLife[]): number {
  const life = sum(lives, ({ life }) => life);
  return life > 0 ? sum(lives, ({ busy }) => busy) / life : 0;
}

// Busy is dark and idle is light, partly busy in between. The reasons for
// waiting can be told apart.
const stateColors = new Map([
  ["busy", "#0072b2"],
  ["busy 75 to 100 %", "#3d94c6"],
  ["busy 50 to 75 %", "#7ab5d8"],
  ["busy 25 to 50 %", "#a9cfe6"],
  ["busy 0 to 25 %", "#d3e5f1"],
  ["manager", "#b5ddd3"],
  ["dispatch", "#f7d79f"],
  ["nothing queued", "#e3e6ea"],
  ["idle", "#e3e6ea"],
  ["unknown", "#eadfee"],
]);

function colorsOfStates(names: readonly string[]): Map<string, string> {
  const others = colorsFor(names.filter((name) => !stateColors.has(name)));
  return new Map(
    names.map((name) => [
      name,
      stateColors.get(name) ?? others.get(name) ?? categoricalColors[0]!,
    ]),
  );
}

/** Orders the work first, then the reasons for being idle. */
function statesInOrder(names: Iterable<string>): string[] {
  const order = [...stateColors.keys()];
  const rank = (name: string) => {
    const place = order.indexOf(name);
    return place < 0 ? (isOther(name) ? 0.5 : 0) : place + 1;
  };
  return [...names].sort((a, b) => rank(a) - rank(b));
}

function captionOf(
  { lives, steps, hasGaps, overlapping, phases, by }: WorkerLives & WorkerLines,
  { x }: BusyWorkersOptions,
): string[] {
  const { withoutTime, withoutEnd, negative } = phases;
  if (lives.length === 0) {
    return ["No workers.", ...rowsWithoutTime(withoutTime)];
  }
  const life = sum(lives, ({ life }) => life);
  const most = (max(steps.busy) ?? 0)
    .toLocaleString("en-US", { maximumFractionDigits: 1 });
  const shares = lives.map(({ share }) => share).sort((a, b) => a - b);
  const groupNames = new Set(lives.map(({ groups }) => groups.join()));
  const isBusy = "while the worker is busy already";
  const noEnd = "no end: drawn to the end of the data";
  return [
    `${counted(lives.length, "worker")}, busy ` +
    `${formatShare(busyShare(lives))} of the ` +
    `${formatDuration(life)} that they were there, added up; at most ${most} ` +
    "at once.",
    ...(lives.length > 2
      ? [
        `Busy share of a worker: minimum ${formatShare(shares[0]!)}, median ` +
        `${formatShare(median(shares)!)}, maximum ` +
        `${formatShare(shares.at(-1)!)}.`,
      ]
      : []),
    ...(hasGaps
      ? [
        "A worker is taken to be there from its first row to its last, idle " +
        "between them.",
      ]
      : []),
    ...(by.length === 0 && groupNames.size > 1
      ? ["Groups of workers are too many to be named."]
      : []),
    ...notes(
      [overlapping, "row", `starts ${isBusy}`, `start ${isBusy}`],
      [withoutEnd, "row", `has ${noEnd}`, `have ${noEnd}`],
      [negative, "row", "ends before the start", "end before the start"],
    ),
    ...(givenDomain(x) ? ["Numbers are of all of the time."] : []),
    ...rowsWithoutTime(withoutTime),
  ];
}
