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
import { givenDomain } from "../drawing/merge.ts";
import {
  type Channel,
  columnNamesOf,
  firstName,
  isColumnTable,
  type Rows,
} from "../rows/channels.ts";
import { compareNames } from "../rows/row_order.ts";
import { isOther, maxSeries } from "../rows/series.ts";
import { workerName } from "../rows/span_names.ts";
import { foldPhases } from "../timeline/phases.ts";
import {
  lanesOfLines,
  legendOfRaster,
  linesPanel,
} from "../timeline/timeline_lines.ts";
import { groupTitles, layOutWorkers } from "./worker_lines.ts";
import { streamColors } from "./worker_colors.ts";
import {
  hasValues,
  readWorkerRows,
  type WorkerColumns,
  type WorkerRowChannels,
  workerRowNames,
} from "./worker_rows.ts";

/** Options of {@linkcode taskStream}. */
export interface TaskStreamOptions
  extends WorkerRowChannels, Pick<TimeAxisOptions, "clock">, HelperOptions {
  /**
   * The column that the colours stand for, such as "app" or "outcome". By default
   * the app if there is one; else the outcome.
   */
  colorBy?: Channel | undefined;
  /**
   * How an attempt ended: those that "failed" or were "lost" have colours of
   * their own. By default the column "outcome".
   */
  outcome?: Channel | null | undefined;
  /**
   * What a row is: "waiting", "transfer" and "library" are no attempts, and paler.
   * By default the column "state".
   */
  state?: Channel | null | undefined;
}

/**
 * Draws which tasks each worker had, and when: a line for each worker with its
 * attempts as bars, in the colour of their app or outcome. Attempts that failed
 * or were lost stand out. Attempts that a worker had at once lie in lanes.
 *
 * Takes one row per attempt, as from `attempts(db)`: the worker, start and end,
 * and for the texts the app, task, try and outcome. Rows of `workerStream(db)` have
 * also the times in which tasks waited for a worker, files were transferred and
 * libraries ran, which are pale. Workers are grouped by
 * executor, block and manager, if these columns exist; several runs are drawn
 * below each other. If there are more lines than pixels, a row of pixels stands
 * for several, as in {@linkcode timeline}.
 *
 * @example
 * ```ts
 * import { taskStream } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const chart = taskStream([
 *   { worker: 0, start: 0, end: 4, app: "top", outcome: "done" },
 *   { worker: 0, start: 4, end: 5, app: "left", outcome: "lost" },
 *   { worker: 1, start: 1, end: 5, app: "left", outcome: "done" },
 * ]);
 * assert.match(chart.caption, /^3 attempts on 2 workers in 5 s: 2 done, 1 lost/);
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 */
export function taskStream(
  rows: Rows,
  options: TaskStreamOptions = {},
): Chart {
  checkOptions("taskStream", options, {
    ...workerRowNames,
    colorBy: true,
    outcome: true,
    state: true,
    clock: true,
    ...helperOptionNames,
  });
  return chartOf(rows, options, {
    height: 420,
    read: (rows) => readAttempts(columnNamesOf(rows), options),
    derive(all) {
      const lines = max(all, ({ lanes }) => sum(lanes))!;
      const maxHeight = all.length > 1 ? 300 : 460;
      const height = aroundPlot +
        Math.min(maxHeight, Math.max(40, (lines + 3) * rowHeight));
      const asked = options.height && options.height / all.length;
      const room = Math.max(1, (asked ?? height) - aroundPlot);
      const layouts = all.map((own) => layOutAttempts(own, room));
      const facets = layouts.map((layout): FacetData => ({
        extent: layout.lines.length
          ? { x: layout.lines.domain, isTime: true }
          : undefined,
        height,
        draw(sized) {
          const { lines, groups, label, noun, tipOf } = layout;
          const { panel, caption, ...drawn } = linesPanel(lines, sized, {
            noun,
            label,
            maxBars: Math.floor(maxBars / all.length),
            maxTips: Math.floor(maxTips / all.length),
            tipOf,
            isShaded: true,
            marked: markedNames,
            faint,
            phaseNouns: ["attempts", "attempts"],
            marksOver: ({ x, width }) => {
              const [start] = x.domain as [number, number];
              return [
                groupTitles(groups, { start, width }, (members) => [
                  `${counted(members.length, noun)}, ` +
                  counted(sum(members, (w) => layout.counts[w]), "attempt"),
                  counted(members.length, noun),
                ]),
              ];
            },
          });
          const numbers = captionOf(layout, givenDomain(options.x));
          return {
            panels: [[panel]],
            caption: sentences(numbers, caption),
            ...legendOfRaster(drawn, names, color, all.length),
          };
        },
      }));
      const names = namesInOrder(layouts);
      const colors = colorsFor(names);
      for (const [outcome, name] of marked) {
        colors.set(name, colorsFor([outcome]).get(outcome)!);
      }
      for (const [state, color] of streamColors) {
        if (names.includes(state)) colors.set(state, color);
      }
      const color = colorScale(names, options, colors);
      return {
        facets,
        title: "Which tasks did each worker have?",
        color,
        legend: legendOfNames(names, color),
      };
    },
  });
}

// In all facets together, which keeps a chart under 300 kB.
const maxBars = 8000;
const maxTips = 2000;
// In pixels.
const aroundPlot = 68;
const rowHeight = 16;

/** Outcomes that have their own colour, whatever the others mean. */
const marked = new Map([
  ["failed", "failed (any app)"],
  ["lost", "lost (any app)"],
]);
const markedNames = new Set(marked.values());

/** What takes place on a worker beside its attempts. */
const faint: ReadonlySet<string> = new Set(streamColors.keys());

/** Reads attempts, worker by worker, and puts those at once in lanes. */
function readAttempts(columns: WorkerColumns, options: TaskStreamOptions) {
  const outcome = options.outcome === undefined
    ? firstName(columns, "outcome") ?? null
    : options.outcome;
  const { rows: held } = columns;
  const count = isColumnTable(held) ? held.numRows() : held.length;
  // More bars than these are a raster, whose cells have no names.
  const texts = count > maxBars ? [] : textColumns;
  const colorBy = options.colorBy ??
    (hasValues(columns, "app") ? "app" : outcome);
  const given = readWorkerRows(columns, options, {
    color: colorBy,
    outcome: outcome === colorBy ? null : outcome,
    state: options.state === undefined
      ? firstName(columns, "state") ?? null
      : options.state,
    ...Object.fromEntries(
      texts.map((name) => [name, firstName(columns, name) ?? null]),
    ) as Record<typeof textColumns[number], string | null>,
  }, (row, { color, outcome, state }) => {
    const kind = state.values[row];
    if (typeof kind === "string" && faint.has(kind)) return kind;
    const mark = marked.get(String(outcome.values[row]));
    if (mark !== undefined) return mark;
    if (colorBy === null) return "";
    return String(color.values[row] ?? `no ${color.name ?? "name"}`);
  });
  return {
    ...given,
    ...lanesOfLines(given, given.workers.length),
    isByOutcome: outcome === colorBy,
  };
}

const textColumns = [
  "task",
  "app",
  "try",
  "executor_task",
  "retried",
  "host",
  "library",
] as const;

type Attempts = ReturnType<typeof readAttempts>;

/** Lays out the workers in rows for this many pixels. */
function layOutAttempts(attempts: Attempts, pixels: number) {
  const { workers, phases, lanes, lane, read, rows: places } = attempts;
  const { order, rows, ...layout } = layOutWorkers(
    workers,
    attempts,
    pixels,
    (worker) => lanes[worker]!,
  );
  const folded = foldPhases(
    {
      ...attempts,
      lines: workers.map(({ worker }) => worker),
      phases: [...phases.keys()],
      lineName: attempts.noun,
    },
    maxSeries + [...phases.keys()].filter((name) => faint.has(name)).length,
    markedNames.union(faint),
  );
  const counts = new Uint32Array(workers.length);
  const isFaint = folded.phases.map((name) => faint.has(name));
  folded.line.forEach((worker, i) => {
    if (!isFaint[folded.phase[i]!]) counts[worker]!++;
  });
  const outcomes = new Map<string, number>();
  const { values } = attempts.isByOutcome ? read.color : read.outcome;
  const { values: states } = read.state;
  for (const row of values.length ? places : []) {
    if (values[row] == null || faint.has(String(states[row]))) continue;
    const name = String(values[row]);
    outcomes.set(name, (outcomes.get(name) ?? 0) + 1);
  }
  const outcomeOf = (row: number) => values[row];
  return {
    ...layout,
    noun: attempts.noun,
    withoutTime: attempts.withoutTime,
    lines: {
      ...folded,
      row: folded.line.map((w, i) => order[w]!.row + lane[i]!),
      rows,
      order,
      overlapping: lanes.filter((count) => count > 1).length,
    },
    /** Number of attempts of each worker. */
    counts,
    /** Number of attempts with each outcome. */
    outcomes,
    tipOf: (place: number) => tipOf(attempts, place, outcomeOf),
  };
}

type AttemptsLayout = ReturnType<typeof layOutAttempts>;

function tipOf(
  { read, rows, line, start, end, domain, workers, groupNames, noun }: Attempts,
  place: number,
  outcomeOf: (row: number) => unknown,
): string {
  const row = rows[place]!;
  const valueOf = (name: typeof textColumns[number]) => read[name].values[row];
  const numbered = (noun: string, value: unknown) =>
    value == null ? undefined : `${noun} ${value}`;
  const { worker, groups } = workers[line[place]!]!;
  const groupOf = (name: string) => groups[groupNames.indexOf(name)];
  const listed = (...texts: unknown[]) => texts.filter(Boolean).join(", ");
  const state = String(read.state.values[row] ?? "");
  return [
    faint.has(state) && (numbered(state, valueOf("library")) ?? state),
    listed(
      numbered("task", valueOf("task")) ??
        numbered("executor task", valueOf("executor_task")),
      valueOf("app"),
      numbered("try", valueOf("try")),
    ),
    (noun === "slot" ? `slot ${worker} of ` : "") + workerName({
      noun: noun === "slot" ? "worker" : noun,
      worker: noun === "slot" ? groupOf("worker") : worker,
      block: groupOf("block"),
      host: valueOf("host"),
    }),
    listed(
      `${formatDuration(end[place]! - start[place]!)} from ` +
        `${formatDuration(start[place]! - domain[0])} on`,
      outcomeOf(row),
      Number(valueOf("retried")) === 1 && "retried",
    ),
  ].filter(Boolean).join("\n");
}

/** Names for the legend: marked outcomes come last. */
function namesInOrder(layouts: readonly AttemptsLayout[]): string[] {
  const names = new Set(layouts.flatMap(({ lines }) => lines.phases));
  const rank = (name: string) =>
    faint.has(name) ? 3 : markedNames.has(name) ? 2 : Number(isOther(name));
  return sort(names, (a, b) => rank(a) - rank(b) || compareNames(a, b));
}

function captionOf(
  { lines, counts, outcomes, noun, withoutTime }: AttemptsLayout,
  asked: readonly [number, number] | undefined,
): string[] {
  const { domain, start, end } = lines;
  const length = sum(counts);
  if (lines.length === 0) {
    return ["No attempts.", ...rowsWithoutTime(withoutTime)];
  }
  const outside = asked
    ? start.filter((from, i) => from > asked[1] || end[i]! < asked[0]).length
    : 0;
  const listed = [...outcomes].sort(([, a], [, b]) => b - a).slice(0, 6)
    .map(([name, count]) => `${count.toLocaleString("en-US")} ${named(name)}`);
  return [
    `${counted(length, "attempt")} on ${counted(counts.length, noun)} in ` +
    formatDuration(domain[1] - domain[0]) +
    (listed.length ? `: ${listed.join(", ")}.` : "."),
    ...notes(
      [outside, "attempt", "is off the axis"],
      [
        lines.overlapping,
        noun,
        lines.phases.some((name) => faint.has(name))
          ? "has several of these at once, in lanes"
          : "has several attempts at once, in lanes",
      ],
      [lines.withoutEnd, "attempt", "has no end: drawn to the end of the data"],
      [lines.negative, "attempt", "ends before the start"],
    ),
    ...rowsWithoutTime(withoutTime),
  ];
}
