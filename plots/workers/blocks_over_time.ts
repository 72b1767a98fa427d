// Over 300 lines: one chart, from its rows to its marks and caption.

// @ts-types="npm:@types/d3-array@3.2.2"
import { max, sort, sum } from "d3-array";
import { checkOptions } from "../../display/text/mistakes.ts";
import type { TimeAxisOptions } from "../axes/time_axis.ts";
import { formatDuration } from "../axes/units.ts";
import {
  counted,
  named,
  notes,
  rowsWithoutTime,
  sentences,
} from "../chart/captions.ts";
import type { Chart } from "../chart/chart.ts";
import {
  chartOf,
  type FacetData,
  helperOptionNames,
  type HelperOptions,
} from "../chart/chart_kind.ts";
import { colorScale, colorsFor, legendOfNames } from "../chart/colors.ts";
import type { Frame } from "../chart/frame.ts";
import type { Markish, Tip } from "../chart/plot_types.ts";
import type { LegendEntry } from "../drawing/legend.ts";
import { Plot } from "../drawing/plot.ts";
import { style, textWidth } from "../drawing/style.ts";
import {
  type Channel,
  columnNamesOf,
  firstName,
  type Rows,
} from "../rows/channels.ts";
import { isOther } from "../rows/series.ts";
import { foldPhases, phaseSeconds } from "../timeline/phases.ts";
import { lanesOfLines, linesPanel } from "../timeline/timeline_lines.ts";
import { blockColors } from "./worker_colors.ts";
import { layOutWorkers } from "./worker_lines.ts";
import { readWorkerRows, type WorkerColumns } from "./worker_rows.ts";

/** Options of {@linkcode blocksOverTime}. */
export interface BlocksOverTimeOptions
  extends Pick<TimeAxisOptions, "clock">, HelperOptions {
  /** The block. The column "block"; else the first. */
  block?: Channel | undefined;
  /** In seconds. The column "start"; else the second. */
  start?: Channel | undefined;
  /** In seconds; null if it has no end. The column "end"; else the third. */
  end?: Channel | undefined;
  /** What the block did. The column "state"; else the fourth. */
  state?: Channel | undefined;
  /**
   * Columns that group the blocks, from the outside in. By default "run" and
   * "executor", if they exist.
   */
  groups?: readonly string[] | undefined;
}

/**
 * Draws a line for each block: how long its job waited in the batch system, its
 * workers started, worked and were idle, and when it ended. Vertical lines are
 * decisions to scale, with the number of blocks that Parsl asked for or ended. A
 * cross is the end of a block that failed.
 *
 * Takes one row per block and state, as from `blockActivity(db)`: the block, start
 * and end in seconds, and the state. A row whose state is "scaling out" or "scaling
 * in" is a decision about a number of `blocks`. Blocks are grouped by executor, and
 * several runs drawn below each other. If there are more blocks than pixels, a row
 * of pixels stands for several, as in {@linkcode timeline}.
 *
 * @example
 * ```ts
 * import { blocksOverTime } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const chart = blocksOverTime([
 *   { block: null, start: 0, end: 0, state: "scaling out", blocks: 1 },
 *   { block: 0, start: 0, end: 4, state: "queued", blocks: null },
 *   { block: 0, start: 4, end: 10, state: "working", blocks: null },
 * ]);
 * assert.equal(
 *   chart.caption,
 *   "1 block in 10 s: queued 4 s, working 6 s. Parsl scaled out once, by 1 block.",
 * );
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 */
export function blocksOverTime(
  rows: Rows,
  options: BlocksOverTimeOptions = {},
): Chart {
  checkOptions("blocksOverTime", options, {
    block: true,
    start: true,
    end: true,
    state: true,
    groups: true,
    clock: true,
    ...helperOptionNames,
  });
  return chartOf(rows, options, {
    height: 420,
    read: (rows) => readBlockRows(columnNamesOf(rows), options),
    derive(all) {
      const lines = max(all, ({ workers }) => workers.length)!;
      const maxHeight = all.length > 1 ? 300 : 460;
      const height = aroundPlot +
        Math.min(maxHeight, Math.max(40, (lines + 1) * rowHeight));
      const asked = options.height && options.height / all.length;
      const room = Math.max(1, (asked ?? height) - aroundPlot);
      const layouts = all.map((own) => layOutBlocks(own, room));
      const facets = layouts.map((layout): FacetData => ({
        extent: layout.lines.length
          ? { x: layout.lines.domain, isTime: true }
          : undefined,
        height,
        draw(sized) {
          const { lines, label, tipOf } = layout;
          const { panel, caption, seen } = linesPanel(lines, sized, {
            noun: "block",
            label,
            maxBars: Math.floor(8000 / all.length),
            maxTips: Math.floor(2000 / all.length),
            tipOf,
            phaseNouns: ["state", "states"],
            above: layout.decisions.length ? labelHeight : 0,
            marksOver: (frame) => marksOver(layout, frame),
            tipsOver: () => decisionTips(layout),
          });
          return {
            panels: [[panel]],
            caption: sentences(captionOf(layout), caption),
            seen,
          };
        },
      }));
      const known = [...blockColors.keys()];
      const names = sort(
        new Set(layouts.flatMap(({ lines }) => lines.phases)),
        (name) =>
          isOther(name) || !blockColors.has(name)
            ? known.length
            : known.indexOf(name),
      );
      const others = names.filter((name) => !blockColors.has(name));
      const color = colorScale(
        names,
        options,
        new Map([...colorsFor(others), ...blockColors]),
      );
      return {
        facets,
        title: "When were blocks working or idle?",
        color,
        legend: [...legendOfNames(names, color), ...legendOver(layouts)],
      };
    },
  });
}

// In pixels.
const aroundPlot = 68;
const rowHeight = 16;
const labelHeight = 20;

const decisions = new Set(["scaling out", "scaling in"]);

/** Ends of blocks that nobody asked for. */
const failures = new Set(["FAILED", "TIMEOUT", "MISSING", "CANCELLED"]);

function readBlockRows(
  columns: WorkerColumns,
  { block, state, ...options }: BlocksOverTimeOptions,
) {
  const optional = (name: string) => firstName(columns, name) ?? null;
  const given = readWorkerRows(columns, {
    ...options,
    worker: block ?? (columns.names.includes("block") ? "block" : undefined),
    groups: options.groups ??
      ["run", "executor"].filter((name) => columns.names.includes(name)),
  }, {
    state: state ?? ["state", 3],
    blocks: optional("blocks"),
    ended: optional("ended_as"),
    job: optional("job"),
  }, (row, { state }) => {
    const name = String(state.values[row] ?? "(none)");
    return decisions.has(name) ? undefined : name;
  });
  return { ...given, ...lanesOfLines(given, given.workers.length) };
}

type BlockRows = ReturnType<typeof readBlockRows>;

/** A decision to scale. */
interface Decision {
  time: number;
  isOut: boolean;
  blocks: number;
}

function layOutBlocks(given: BlockRows, pixels: number) {
  const { workers, phases, lanes, lane, read, others, rows: places } = given;
  const { order, rows, ...layout } = layOutWorkers(
    workers,
    given,
    pixels,
    (block) => lanes[block]!,
  );
  const found = Array.from(others, (row): Decision => ({
    time: read.start.values[row]!,
    isOut: read.state.values[row] === "scaling out",
    blocks: Number(read.blocks.values[row] ?? 1),
  })).sort((a, b) => a.time - b.time);
  const times = [...found.map(({ time }) => time)];
  const [first, last] = [times[0] ?? Infinity, times.at(-1) ?? -Infinity];
  const [start, end] = given.length ? given.domain : [first, last];
  const folded = foldPhases({
    ...given,
    domain: [Math.min(start, first), Math.max(end, last)],
    lines: workers.map(({ worker }) => worker),
    phases: [...phases.keys()],
    lineName: "block",
  });
  // The last time of each block, which the rows have in order.
  const failed = [...folded.line.keys()].filter((i) =>
    folded.line[i] !== folded.line[i + 1] &&
    failures.has(String(read.ended.values[places[i]!]))
  );
  return {
    ...layout,
    given,
    decisions: found,
    failed,
    lines: {
      ...folded,
      row: folded.line.map((b, i) => order[b]!.row + lane[i]!),
      rows,
      order,
      overlapping: lanes.filter((count) => count > 1).length,
    },
    tipOf: (place: number) => tipOf(given, folded.domain, place),
  };
}

type BlocksLayout = ReturnType<typeof layOutBlocks>;

function tipOf(
  { read, rows, line, start, end, open, workers, groupNames }: BlockRows,
  [first]: readonly [number, number],
  place: number,
): string {
  const row = rows[place]!;
  const { worker, groups } = workers[line[place]!]!;
  const executor = groups[groupNames.indexOf("executor")];
  const [job, ended] = [read.job.values[row], read.ended.values[row]];
  const state = String(read.state.values[row] ?? "(none)");
  return [
    `block ${worker}` + (executor ? ` of ${executor}` : "") +
    (job == null ? "" : `, job ${job}`),
    `${state} for ${formatDuration(end[place]! - start[place]!)} from ` +
    `${formatDuration(start[place]! - first)} on` +
    (open[place] ? ", with no end in any log" : ""),
    ended == null ? "" : `last state ${ended}`,
  ].filter(Boolean).join("\n");
}

/** Decisions that are drawn at one place: the sums of their blocks. */
interface Gathered {
  time: number;
  out: number;
  in: number;
}

const textOf = ({ out, in: ended }: Gathered): string =>
  [out > 0 && `+${out}`, ended > 0 && `−${ended}`].filter(Boolean).join(" ");

/** Gathers decisions that are nearer than some pixels, or than their texts. */
function gathered(
  all: readonly Decision[],
  { x, width }: Frame,
  roomOf: (group: Gathered) => number,
): Gathered[] {
  const [low, high] = x.domain as [number, number];
  const groups: Gathered[] = [];
  for (const { time, isOut, blocks } of all) {
    if (time < low || time > high) continue;
    const last = groups.at(-1);
    const pixels = last ? (time - last.time) / (high - low) * width : Infinity;
    const isNear = last && pixels < roomOf(last);
    const own = isNear ? last : { time, out: 0, in: 0 };
    if (!isNear) groups.push(own);
    own[isOut ? "out" : "in"] += blocks;
  }
  return groups;
}

// Both numbers may grow.
const roomOfText = (group: Gathered): number =>
  textWidth(`${textOf(group)} −000`, style.textSize);

const failedColor = "#d55e00";

function marksOver(
  { lines, decisions, failed }: BlocksLayout,
  frame: Frame,
): Markish[] {
  const { clip } = frame;
  return [
    Plot.ruleX(gathered(decisions, frame, () => 1), {
      x: "time",
      stroke: style.ink,
      strokeWidth: 0.75,
      strokeDasharray: "2 2",
      clip,
    }),
    Plot.text(gathered(decisions, frame, roomOfText), {
      x: "time",
      frameAnchor: "top",
      lineAnchor: "bottom",
      dy: -7,
      text: textOf,
    }),
    Plot.dot(failed.slice(0, 1000), {
      x: (i: number) => lines.end[i],
      y: (i: number) => lines.row[i]! + 0.5,
      symbol: "times",
      r: 4,
      stroke: failedColor,
      strokeWidth: 2,
      clip,
    }),
  ];
}

const decisionTips = ({ decisions, lines }: BlocksLayout): Tip[] =>
  decisions.slice(0, 500).map(({ time, isOut, blocks }) => ({
    x: time,
    text: `Parsl scaled ${isOut ? "out" : "in"} by ${
      counted(blocks, "block")
    }\nat ${formatDuration(time - lines.domain[0])}`,
  }));

function legendOver(layouts: readonly BlocksLayout[]): LegendEntry[] {
  const has = (part: "decisions" | "failed") =>
    layouts.some((layout) => layout[part].length > 0);
  return [
    ...has("decisions")
      ? [{
        label: "decision to scale",
        color: style.ink,
        shape: "dashes" as const,
      }]
      : [],
    ...has("failed")
      ? [{ label: "failed", color: failedColor, shape: "cross" as const }]
      : [],
  ];
}

function captionOf(
  { lines, decisions, failed, given }: BlocksLayout,
): string[] {
  const { withoutTime, workers } = given;
  if (lines.length === 0 && decisions.length === 0) {
    return ["No blocks.", ...rowsWithoutTime(withoutTime)];
  }
  const seconds = phaseSeconds(lines);
  const order = [...blockColors.keys(), ...lines.phases];
  const listed = sort(
    lines.phases.map((name, p) => ({ name, seconds: seconds[p]! })),
    ({ name }) => order.indexOf(name),
  ).filter((state) => state.seconds > 0).slice(0, 8)
    .map(({ name, seconds }) => `${named(name)} ${formatDuration(seconds)}`);
  const all = workers.length > 1 ? " in total" : "";
  return [
    `${counted(workers.length, "block")} in ` +
    formatDuration(lines.domain[1] - lines.domain[0]) +
    (listed.length ? `: ${listed.join(", ")}${all}.` : "."),
    ...scalingsText(decisions),
    ...notes(
      [failed.length, "block", "failed"],
      [lines.withoutEnd, "block", "has no end: drawn to the end of the data"],
      [lines.negative, "row", "ends before the start"],
    ),
    ...rowsWithoutTime(withoutTime),
  ];
}

function scalingsText(decisions: readonly Decision[]): string[] {
  const parts = [true, false].flatMap((isOut) => {
    const own = decisions.filter((one) => one.isOut === isOut);
    if (own.length === 0) return [];
    const times = own.length === 1 ? "once" : counted(own.length, "time");
    const blocks = counted(sum(own, ({ blocks }) => blocks), "block");
    return [`${isOut ? "out" : "in"} ${times}, by ${blocks}`];
  });
  return parts.length ? [`Parsl scaled ${parts.join(", and ")}.`] : [];
}
