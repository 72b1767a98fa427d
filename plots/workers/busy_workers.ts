// Over 300 lines: one chart, from its rows to its marks and caption.

// @ts-types="npm:@types/d3-array@3.2.2"
import { max, median, min, sort, sum } from "d3-array";
import { countAxis } from "../axes/number_axes.ts";
import { type TimeAxisOptions, timeAxisOver } from "../axes/time_axis.ts";
import { formatDuration, formatShare } from "../axes/units.ts";
import {
  count,
  counted,
  notes,
  rowsWithoutTime,
  sentences,
} from "../chart/captions.ts";
import type { Chart } from "../chart/chart.ts";
import {
  chartOf,
  type DrawOptions,
  type FacetData,
  type HelperOptions,
} from "../chart/chart_kind.ts";
import { colorScale, colorsFor, legendOfNames } from "../chart/colors.ts";
import { frame } from "../chart/frame.ts";
import { givenDomain } from "../drawing/merge.ts";
import { Plot } from "../drawing/plot.ts";
import { cutText, style, textWidth } from "../drawing/style.ts";
import type { Rows } from "../rows/channels.ts";
import { isOther, shortNames } from "../rows/series.ts";
import { thinLine } from "../rows/thin_line.ts";
import { foldPhases } from "../timeline/phases.ts";
import { linesPanel } from "../timeline/timeline_lines.ts";
import { activityColors } from "./worker_colors.ts";
import {
  type WorkerChannels,
  type WorkerLife,
  type WorkerLives,
  workerLives,
} from "./worker_lives.ts";

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
  return chartOf(rows, options, {
    height: 420,
    read: (rows) => workerLives(rows, options),
    derive(all) {
      const workers = max(all, ({ lives }) => lives.length)!;
      const maxHeight = options.facet === undefined ? 420 : 260;
      const height = stepsHeight + aroundPlot +
        Math.min(maxHeight, Math.max(40, (workers + 3) * rowHeight));
      const asked = options.height && options.height / all.length;
      const room = (asked ?? height) - stepsHeight - aroundPlot;
      const layouts = all.map((own) => layOutWorkers(own, Math.max(1, room)));
      const facets = layouts.map((workers): FacetData => ({
        extent: workers.lives.length
          ? { x: workers.lines.domain, isTime: true }
          : undefined,
        height,
        draw(sized) {
          const { panels, caption } = drawWorkers(
            workers,
            1 / all.length,
            sized,
          );
          return {
            panels,
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
      const color = colorScale(names, options, colors);
      const legend = legendOfNames(names, color);
      legend.push({
        label: "all workers",
        color: style.mutedInk,
        shape: "line",
      });
      return { facets, title: "Busy workers", color, legend };
    },
  });
}

// In pixels.
const stepsHeight = 130;
const aroundPlot = 68;
const rowHeight = 18;
const groupNameHeight = 18;
// For "100 %" behind each line.
const sharesWidth = 50;

/** Lays out workers in rows for this many pixels, group below group. */
function layOutWorkers(workers: WorkerLives, pixels: number) {
  const { lives, groupNames } = workers;
  const varying = groupNames.map((_, g) => g)
    .filter((g) => new Set(lives.map(({ groups }) => groups[g])).size > 1);
  // From the outside in, as many levels as leave each group room for its name.
  const short = groupNames.map((_, g) => {
    const names = [...new Set(lives.map(({ groups }) => groups[g]!))];
    const shortened = shortNames(names);
    return new Map(names.map((name, i) => [name, shortened[i]!]));
  });
  const titlesBy = (levels: readonly number[]) =>
    lives.map(({ groups }) =>
      levels.map((g) =>
        groups[g] === ""
          ? `no ${groupNames[g]}`
          : `${groupNames[g]} ${short[g]!.get(groups[g]!)}`
      ).join(", ")
    );
  const by = varying.map((_, i) => varying.slice(0, varying.length - i))
    .find((levels) =>
      new Set(titlesBy(levels)).size * groupNameHeight * 2.5 <= pixels
    ) ?? [];
  const titles = titlesBy(by);
  const count = new Set(titles).size;
  // The names of groups take as many rows as they need pixels.
  const forWorkers = Math.max(1, pixels - count * groupNameHeight);
  const nameRows = Math.ceil(groupNameHeight * lives.length / forWorkers);
  // Names of workers are unique within their group.
  const names = new Set(
    lives.map(({ worker }, l) => `${titles[l]}\n${worker}`),
  );
  const prefix = names.size < lives.length ? varying.slice(by.length) : [];
  const groups: { title: string; row: number; lives: WorkerLife[] }[] = [];
  let rows = 0;
  const order = lives.map((life, l) => {
    if (count > 1 && titles[l] !== groups.at(-1)?.title) {
      groups.push({ title: titles[l]!, row: rows + nameRows / 2, lives: [] });
      rows += nameRows;
    }
    groups.at(-1)?.lives.push(life);
    const name = [...prefix.map((g) => life.groups[g]!), life.worker].join("/");
    return { name, row: rows++, lanes: 1 };
  });
  const folded = foldPhases(workers.phases);
  const row = folded.line.map((l) => order[l]!.row);
  return {
    ...workers,
    lines: { ...folded, row, rows, order, overlapping: 0 },
    /** None if there is only one, or if there are too many to be named. */
    groups,
    /** The columns that the groups are from. */
    by: by.map((g) => groupNames[g]!),
  };
}

type WorkersLayout = ReturnType<typeof layOutWorkers>;

/** The number of busy workers and of all over time, above a line for each. */
function drawWorkers(
  { steps: { time, busy, all }, lines, groups, lives, by }: WorkersLayout,
  part: number,
  { height, ...others }: BusyWorkersOptions & DrawOptions,
) {
  const above = Math.min(stepsHeight, height / 2);
  const options = { marginRight: sharesWidth, ...others, y: undefined };
  const below = linesPanel(lines, { ...options, height: height - above }, {
    noun: "worker",
    label: by.length ? `worker, by ${by.join(" and ")}` : "worker",
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
        Plot.text(groups, {
          x: start,
          y: "row",
          text: ({ title, lives }) => {
            const workers = counted(lives.length, "worker");
            const busy = `busy ${formatShare(busyShare(lives))}`;
            const all = `${title}: ${workers}, ${busy}`;
            // Bold text is wider.
            return textWidth(all, style.textSize) * 1.1 <= width
              ? all
              : cutText(`${title}: ${busy}`, style.textSize * 1.1, width);
          },
          textAnchor: "start",
          dx: 2,
          fill: style.mutedInk,
          fontWeight: 600,
        }),
      ];
    },
  });
  const channels = { x: "0", y: "1", curve: "step-after" } as const;
  const points = (values: Float64Array) =>
    thinLine(time, values, { columns: Math.ceil(320 * part) })
      .map((i) => [time[i]!, values[i]!]);
  const steps = frame({
    ...options,
    height: above,
    x: { ...options.x, label: null },
    marginLeft: below.panel.marginLeft,
    marginBottom: 24,
    marks: [],
  }, {
    x: timeAxisOver(lines.domain, { clock: options.clock, grid: true }),
    y: (_, pixels) =>
      countAxis(max(all) ?? 0, { pixels, label: "workers busy" }),
    zero: "y",
    draw: ({ clip }) => ({
      marks: [
        Plot.areaY(points(busy), {
          ...channels,
          fill: style.accent,
          fillOpacity: 0.35,
          stroke: style.accent,
          clip,
        }),
        Plot.line(points(all), {
          ...channels,
          stroke: style.mutedInk,
          strokeWidth: 1.25,
          clip,
        }),
      ],
    }),
    tips: () =>
      thinLine(time, busy, { columns: 200 * part }).map((i) => ({
        x: time[i],
        x2: time[i + 1] ?? time[i],
        text: `${counted(busy[i]!, "worker")} busy of ${count(all[i]!)}\n` +
          `${formatDuration(time[i]! - lines.domain[0])} after the start`,
      })),
  });
  return { panels: [[steps], [below.panel]], caption: below.caption };
}

function busyShare(lives: readonly WorkerLife[]): number {
  const life = sum(lives, ({ life }) => life);
  return life > 0 ? sum(lives, ({ busy }) => busy) / life : 0;
}

function captionOf(
  { lives, steps, hasGaps, overlapping, phases, by }: WorkersLayout,
  { x }: BusyWorkersOptions,
): string {
  const { withoutTime, withoutEnd, negative } = phases;
  const shares = lives.map(({ share }) => share);
  const most = (max(steps.busy) ?? 0)
    .toLocaleString("en-US", { maximumFractionDigits: 1 });
  const groupNames = new Set(lives.map(({ groups }) => groups.join()));
  if (lives.length === 0) {
    return sentences("No workers.", rowsWithoutTime(withoutTime));
  }
  return sentences(
    `${counted(lives.length, "worker")}, busy ` +
      `${formatShare(busyShare(lives))} of the ` +
      `${formatDuration(sum(lives, ({ life }) => life))} of worker time; ` +
      `at most ${most} at once.`,
    lives.length > 2 &&
      `Busy share of a worker: minimum ${formatShare(min(shares)!)}, median ` +
        `${formatShare(median(shares)!)}, maximum ` +
        `${formatShare(max(shares)!)}.`,
    hasGaps &&
      "A worker lives from its first row to its last, and is idle between " +
        "its rows.",
    by.length === 0 && groupNames.size > 1 &&
      "There are too many groups of workers to name them.",
    notes(
      [overlapping, "row", "starts while the worker is already busy"],
      [withoutEnd, "row", "has no end: drawn to the end of the data"],
      [negative, "row", "ends before the start"],
    ),
    givenDomain(x) !== undefined && "Numbers cover all of the time.",
    rowsWithoutTime(withoutTime),
  );
}
