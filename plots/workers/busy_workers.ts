// Over 300 lines: one chart of two parts, with their layouts and tips.

// @ts-types="npm:@types/d3-array@3.2.2"
import { max, median, min, sort, sum } from "d3-array";
import { checkOptions } from "../../display/text/mistakes.ts";
import { countAxis } from "../axes/number_axes.ts";
import {
  type TimeAxisOptions,
  timeAxisOver,
  tipTimes,
} from "../axes/time_axis.ts";
import { formatDuration, formatMean, formatShare } from "../axes/units.ts";
import {
  count,
  counted,
  notes,
  plural,
  rowsWithoutTime,
  sentences,
} from "../chart/captions.ts";
import type { Chart } from "../chart/chart.ts";
import {
  chartOf,
  type DrawOptions,
  type FacetData,
  helperOptionNames,
  type HelperOptions,
} from "../chart/chart_kind.ts";
import { colorScale, colorsFor, legendOfNames } from "../chart/colors.ts";
import { frame } from "../chart/frame.ts";
import {
  fadedColor,
  seriesMarks,
  seriesSteps,
  stepLines,
  stepTips,
} from "../counts/series.ts";
import { givenDomain } from "../drawing/merge.ts";
import { Plot } from "../drawing/plot.ts";
import { style } from "../drawing/style.ts";
import { columnNamesOf, type Rows } from "../rows/channels.ts";
import { isOther } from "../rows/series.ts";
import { sweep, type SweptSeries } from "../rows/sweep.ts";
import { foldPhases } from "../timeline/phases.ts";
import { linesPanel } from "../timeline/timeline_lines.ts";
import { activityColors } from "./worker_colors.ts";
import { groupTitles, layOutWorkers } from "./worker_lines.ts";
import {
  readLives,
  type WorkerChannels,
  type WorkerLife,
} from "./worker_lives.ts";
import { workerRowNames } from "./worker_rows.ts";

/** Options of {@linkcode busyWorkers}. */
export interface BusyWorkersOptions
  extends WorkerChannels, Pick<TimeAxisOptions, "clock">, HelperOptions {}

/**
 * Draws when workers were busy: their number at each moment, and below it a
 * line for each worker, busy in colour and idle light, with the busy share of
 * its life on the right. Workers are grouped by executor, block and manager, if
 * these columns exist; several runs are drawn below each other. If workers have
 * slots, each slot has a line.
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
 * assert.match(chart.caption, /^2 workers, busy 90% of the 20 s/);
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 */
export function busyWorkers(
  rows: Rows,
  options: BusyWorkersOptions = {},
): Chart {
  checkOptions("busyWorkers", options, {
    ...workerRowNames,
    state: true,
    busyStates: true,
    clock: true,
    ...helperOptionNames,
  });
  return chartOf(rows, options, {
    height: 420,
    read: (rows) => readLives(columnNamesOf(rows), options),
    derive(all) {
      const workers = max(all, ({ lives }) => lives.length)!;
      const maxHeight = all.length > 1 ? 260 : 420;
      const height = stepsHeight + aroundPlot +
        Math.min(maxHeight, Math.max(40, (workers + 3) * rowHeight));
      const asked = options.height && options.height / all.length;
      const room = (asked ?? height) - stepsHeight - aroundPlot;
      const part = 1 / all.length;
      const layouts = all.map((own) =>
        layOutLives(own, Math.max(1, room), Math.ceil(320 * part))
      );
      const facets = layouts.map((workers): FacetData => ({
        extent: workers.lives.length
          ? { x: workers.lines.domain, isTime: true }
          : undefined,
        height,
        draw(sized) {
          const { caption, ...drawn } = drawWorkers(workers, part, sized);
          return {
            ...drawn,
            caption: sentences(captionOf(workers, options), caption),
          };
        },
      }));
      const found = new Set(layouts.flatMap(({ lines }) => lines.phases));
      // The work first, then the reasons for being idle.
      const order = [...activityColors.keys()];
      const names = sort(
        found,
        (name) => isOther(name) ? -0.5 : order.indexOf(name),
      );
      const others = colorsFor(
        names.filter((name) => !activityColors.has(name)),
      );
      const colors = new Map([...others, ...activityColors]);
      // The area of all busy workers has the colour of "busy".
      const color = colorScale([...names, "busy"], options, colors);
      const legend = legendOfNames(names, color);
      if (layouts.some(({ steps }) => steps.columnSeconds !== undefined)) {
        const color = fadedColor(style.accent);
        legend.push({ label: "maximum busy", color });
      }
      if (names.length) {
        legend.push({
          label: `all ${plural(all[0]!.noun)}`,
          color: style.mutedInk,
          shape: "line",
        });
      }
      return { facets, title: "When was each worker busy?", color, legend };
    },
  });
}

// In pixels.
const stepsHeight = 130;
const aroundPlot = 68;
const rowHeight = 18;
// For "100%" behind each line.
const sharesWidth = 50;

/** Lays out lives in rows for this many pixels, and their numbers in columns. */
function layOutLives(
  workers: ReturnType<typeof readLives>,
  pixels: number,
  columns: number,
) {
  const { lives, changes } = workers;
  const { rows, order, ...layout } = layOutWorkers(lives, workers, pixels);
  const folded = foldPhases(workers.phases);
  const row = folded.line.map((l) => order[l]!.row);
  const swept = sweep(changes, 2, columns);
  const [busy, all] = swept.series;
  const stepsOf = (series: SweptSeries, name: string) =>
    seriesSteps({ ...swept, series: [series], total: series }, [name]);
  return {
    ...workers,
    ...layout,
    lines: { ...folded, row, rows, order, overlapping: 0 },
    /** Numbers of busy workers, as means and maxima. */
    steps: stepsOf(busy!, "busy"),
    /** Maximum number of workers in each column. */
    all: stepsOf(all!, "").steps
      .map((step) => ({ ...step, value: step.maximum })),
  };
}

type WorkersLayout = ReturnType<typeof layOutLives>;

/** The number of busy workers and of all over time, above a line for each. */
function drawWorkers(
  { steps, all, lines, groups, lives, label, noun }: WorkersLayout,
  part: number,
  { height, ...others }: BusyWorkersOptions & DrawOptions,
) {
  const above = Math.min(stepsHeight, height / 2);
  const options = { marginRight: sharesWidth, ...others, y: undefined };
  const { panel: below, ...drawn } = linesPanel(lines, {
    ...options,
    height: height - above,
  }, {
    noun,
    label,
    maxBars: Math.floor(8000 * part),
    maxTips: 1000,
    marksOver({ x, y, width, height }) {
      const [start, end] = x.domain as [number, number];
      const named = new Set(lines.rows > height ? [] : y.ticks as number[]);
      const shares = lives
        .map(({ share }, l) => ({ share, y: lines.order[l]!.row + 0.5 }))
        .filter(({ y }) => named.has(y));
      return [
        Plot.text(shares, {
          x: end,
          y: "y",
          text: ({ share }) => formatShare(share),
          textAnchor: "start",
          dx: 6,
        }),
        groupTitles(groups, { start, width }, (members) => {
          const own = members.map((l) => lives[l]!);
          const busy = `busy ${formatShare(busyShare(own))}`;
          return [`${counted(own.length, noun)}, ${busy}`, busy];
        }),
      ];
    },
  });
  const allAt = new Map(all.map(({ time, value }) => [time, value]));
  const upper = frame({
    ...options,
    height: above,
    x: { ...options.x, label: null },
    marginLeft: below.marginLeft,
    marginBottom: 24,
    marks: [],
  }, {
    x: timeAxisOver(lines.domain, { clock: options.clock, grid: true }),
    y: (_, pixels) =>
      countAxis(max(all, ({ value }) => value) ?? 0, {
        pixels,
        label: `${plural(noun)} busy`,
      }),
    zero: "y",
    draw: ({ clip }) => ({
      marks: [
        ...seriesMarks(steps, { stack: "counts", clip }),
        stepLines(all, 1.25, { clip, color: style.mutedInk }),
      ],
    }),
    tips: () =>
      stepTips(
        steps.steps,
        tipTimes(lines.domain, steps.columnSeconds, options.clock),
        (value) => formatMean(value),
      ).map(({ text, ...tip }) => {
        const number = count(allAt.get(tip.x as number) ?? 0);
        return {
          ...tip,
          text: `${text}
of ${number} ${plural(noun)}`,
        };
      }),
  });
  return { panels: [[upper], [below]], ...drawn };
}

function busyShare(lives: readonly WorkerLife[]): number {
  const life = sum(lives, ({ life }) => life);
  return life > 0 ? sum(lives, ({ busy }) => busy) / life : 0;
}

function captionOf(
  { lives, steps, hasGaps, overlapping, phases, noun }: WorkersLayout,
  { x }: BusyWorkersOptions,
): string {
  const { withoutTime, withoutEnd, negative } = phases;
  const shares = lives.map(({ share }) => share);
  if (lives.length === 0) {
    return sentences("No workers.", rowsWithoutTime(withoutTime));
  }
  const most = formatMean(steps.peak);
  const workers = noun === "slot"
    ? ` of ${counted(new Set(lives.map(nameOfGroups)).size, "worker")}`
    : "";
  return sentences(
    `${counted(lives.length, noun)}${workers}, busy ` +
      `${formatShare(busyShare(lives))} of the ` +
      `${formatDuration(sum(lives, ({ life }) => life))} of ${noun} time; ` +
      `at most ${most} at once.`,
    lives.length > 2 &&
      `Busy share of a ${noun}: minimum ${formatShare(min(shares)!)}, median ` +
        `${formatShare(median(shares)!)}, maximum ` +
        `${formatShare(max(shares)!)}.`,
    hasGaps &&
      `A ${noun} lives from its first row to its last, and is idle between ` +
        "its rows.",
    notes(
      [overlapping, "row", `starts while the ${noun} is already busy`],
      [withoutEnd, "row", "has no end: drawn to the end of the data"],
      [negative, "row", "ends before the start"],
    ),
    givenDomain(x) !== undefined && "Numbers cover all of the time.",
    rowsWithoutTime(withoutTime),
  );
}

const nameOfGroups = ({ groups }: WorkerLife): string => JSON.stringify(groups);
