// Over 300 lines: one chart of two parts, with their layouts and tips.

// @ts-types="npm:@types/d3-array@3.2.2"
import { bisectRight, max, median, min, sort, sum } from "d3-array";
import { checkOptions } from "../../display/text/mistakes.ts";
import { countAxis } from "../axes/number_axes.ts";
import {
  type TimeAxisOptions,
  timeAxisOver,
  tipTimes,
} from "../axes/time_axis.ts";
import { formatDuration, formatMean, formatShare } from "../axes/units.ts";
import {
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
  areaMarks,
  fadedColor,
  maximaOpacity,
  seriesMarks,
  type SeriesSteps,
  seriesSteps,
  type StackedStep,
  stackSteps,
  stepLines,
  stepTips,
} from "../counts/series.ts";
import type { LegendEntry } from "../drawing/legend.ts";
import { givenDomain } from "../drawing/merge.ts";
import { Plot } from "../drawing/plot.ts";
import { style } from "../drawing/style.ts";
import { columnNamesOf, type Rows } from "../rows/channels.ts";
import { numberOf } from "../rows/row_order.ts";
import { foldNames, isOther, maxSeries } from "../rows/series.ts";
import { Changes, sweep, type SweptSeries } from "../rows/sweep.ts";
import { foldPhases } from "../timeline/phases.ts";
import { linesPanel } from "../timeline/timeline_lines.ts";
import { activityColors } from "./worker_colors.ts";
import { groupTitles, heightOfLines, layOutWorkers } from "./worker_lines.ts";
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
      // Each worker has its name, up to about 60 of them.
      const maxHeight = Math.max(260, 840 / all.length);
      const height = stepsHeight + aroundPlot +
        max(all, ({ lives }) => heightOfLines(lives, maxHeight))!;
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
          const { caption, panels, seen } = drawWorkers(workers, part, sized);
          const below = names.filter((name) => seen.has(name));
          return {
            panels,
            legends: [
              legendOfNumbers(workers),
              legendOfNames(below, color),
            ],
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
      return { facets, title: "When was each worker busy?", color };
    },
  });
}

/** The legend of the plot above the lines. */
function legendOfNumbers(
  { lives, steps, hasApps, noun }: WorkersLayout,
): LegendEntry[] {
  if (lives.length === 0) return [];
  const entries: LegendEntry[] = hasApps
    ? []
    : [{ label: "busy", color: style.accent }];
  if (steps.columnSeconds !== undefined) {
    entries.push({ label: "maximum busy", color: fadedColor(style.accent) });
  }
  return [
    ...entries,
    { label: `all ${plural(noun)}`, color: style.mutedInk, shape: "line" },
  ];
}

// In pixels.
const stepsHeight = 130;
const aroundPlot = 68;
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
  const states = workers.phases.phases.filter((name) =>
    activityColors.has(name)
  );
  const folded = foldPhases(
    workers.phases,
    maxSeries + states.length,
    new Set(states),
  );
  const row = folded.line.map((l) => order[l]!.row);
  const swept = sweep(changes, 2, columns, true);
  const [busy, all] = swept.series;
  const stepsOf = (series: SweptSeries, name: string) =>
    seriesSteps({ ...swept, series: [series], total: series }, [name]);
  const byApp = appSteps(workers.apps, folded.phases, columns);
  return {
    ...workers,
    ...layout,
    lines: { ...folded, row, rows, order, overlapping: 0 },
    /** Numbers of busy workers, as means and maxima. */
    steps: stepsOf(busy!, "busy"),
    /** The same by app. */
    byApp,
    /** Whether the lines below have the colours of apps, too. */
    hasApps: byApp.names.some((name) => folded.phases.includes(name)),
    /** Maximum number of workers in each column. */
    all: stepsOf(all!, "").steps
      .map((step) => ({ ...step, value: step.maximum })),
  };
}

/** Numbers of workers that are busy with each app; those of `phases` are apart. */
function appSteps(
  { names, changes }: ReturnType<typeof readLives>["apps"],
  phases: readonly string[],
  columns: number,
) {
  const sizes = new Uint32Array(names.length);
  for (const app of changes.series.subarray(0, changes.length)) sizes[app]!++;
  const kept = foldNames(names, sizes);
  const other = phases.find(isOther);
  const nameOf = (name: string, n: number) =>
    phases.includes(name)
      ? name
      : names.some((name) => phases.includes(name)) && other
      ? other
      : kept.names[kept.places[n]!]!;
  const apps = new Map<string, number>();
  const places = names.map((name, n) => numberOf(nameOf(name, n), apps));
  const folded = new Changes(changes.length);
  for (let i = 0; i < changes.length; i++) {
    const place = places[changes.series[i]!]!;
    folded.add(changes.time[i]!, place, changes.delta[i]!);
  }
  return seriesSteps(sweep(folded, apps.size, columns, true), [...apps.keys()]);
}

type WorkersLayout = ReturnType<typeof layOutLives>;

/** The number of busy workers and of all over time, above a line for each. */
function drawWorkers(
  {
    steps,
    byApp,
    hasApps,
    all,
    lines,
    groups,
    lives,
    label,
    noun,
    tipOf,
  }: WorkersLayout,
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
    maxTips: Math.floor(2000 * part),
    tipOf,
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
  const allAt = (time: number) =>
    all[bisectRight(all.map(({ time }) => time), time) - 1]?.value ?? 0;
  const shown = byApp.names.length > 1 || byApp.names[0] ? byApp : steps;
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
        ...hasApps
          ? [
            areaMarks(maximaOf(steps), { clip, opacity: maximaOpacity }),
            areaMarks(stackSteps(byApp.steps, "counts"), { clip }),
          ]
          : seriesMarks(steps, { stack: "counts", clip }),
        stepLines(all, 1.25, { clip, color: style.mutedInk }),
      ],
    }),
    tips: () =>
      stepTips(
        shown.steps,
        tipTimes(lines.domain, shown.columnSeconds, options.clock),
        (value) => formatMean(value),
      ).map(({ text, ...tip }) => {
        const number = counted(allAt(tip.x as number), noun);
        return { ...tip, text: `${text}\nof ${number}` };
      }),
  });
  return { panels: [[upper], [below]], ...drawn };
}

/** The maxima behind means, if numbers are means. */
const maximaOf = ({ steps, columnSeconds }: SeriesSteps): StackedStep[] =>
  columnSeconds === undefined
    ? []
    : steps.map((step) => ({ ...step, y1: 0, y2: step.maximum }));

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
