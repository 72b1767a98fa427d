// Over 300 lines: lives of workers, from rows of two kinds.

import { checkOptions } from "../../display/text/mistakes.ts";
import {
  type Channel,
  columnNamesOf,
  firstName,
  type Rows,
} from "../rows/channels.ts";
import { formatDuration } from "../axes/units.ts";
import { numberOf } from "../rows/row_order.ts";
import { workerName } from "../rows/span_names.ts";
import { Changes, sweep } from "../rows/sweep.ts";
import { PhaseList, type Phases } from "../timeline/phases.ts";
import {
  readWorkerRows,
  type WorkerColumns,
  type WorkerRowChannels,
  workerRowNames,
} from "./worker_rows.ts";

/** Columns with the activity of workers. */
export interface WorkerChannels extends WorkerRowChannels {
  /**
   * Its activity: "busy", or the cause of its waiting; or the app or run of its
   * task. By default the column "state", "app" or "series"; without one, every
   * row is busy.
   */
  state?: Channel | null | undefined;
  /** States in which a worker is busy. "busy" by default. */
  busyStates?: Iterable<string> | undefined;
}

/** The time use of a worker: a row of {@linkcode workerLives}. */
export interface WorkerLife {
  /** Name of the worker. */
  worker: string;
  /** Names of its groups, from the outside in. */
  groups: string[];
  /** Start of its first row, in seconds. */
  start: number;
  /** End of its last row, in seconds. */
  end: number;
  /**
   * Length of its life in seconds; the sum of several workers, if it stands for
   * them.
   */
  life: number;
  /** Seconds of its life in which it was busy. */
  busy: number;
  /** `busy` as a share of `life`, from 0 to 1. */
  share: number;
}

/** Numbers of workers after each change. */
export interface WorkerSteps {
  /** In seconds, ascending. */
  time: Float64Array;
  /** Number of busy workers. */
  busy: Float64Array;
  /** Number of all workers, busy or not. */
  all: Float64Array;
}

/** The lives of workers, and the number of busy ones over time. */
export interface WorkerLives {
  /** By group and name, with 2 before 10. */
  lives: WorkerLife[];
  /** Activity of workers, with a line per life. Gaps between rows are idle. */
  phases: Phases;
  /** Numbers of workers over time. */
  steps: WorkerSteps;
  /** Whether a worker was idle between two of its rows. */
  hasGaps: boolean;
  /** Number of rows that start while their worker is already busy. */
  overlapping: number;
  /** Columns of the groups. */
  groupNames: string[];
  /** The noun for a line: "worker" or "slot"; "manager" or "block" of sums. */
  noun: string;
}

/**
 * Computes how each worker spent its life: the transform behind
 * {@linkcode busyWorkers}, which takes the same rows. A worker lives from the start of its
 * first row to the end of its last, and is idle during any time without a row.
 * Two tasks at once count once.
 *
 * @example
 * ```ts
 * import { workerLives } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const { lives } = workerLives([
 *   { worker: 0, start: 0, end: 4 },
 *   { worker: 0, start: 6, end: 10 },
 * ]);
 * assert.equal(lives[0]!.busy, 8);
 * assert.equal(lives[0]!.share, 0.8);
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 */
export function workerLives(
  rows: Rows,
  options: WorkerChannels = {},
): WorkerLives {
  checkOptions("workerLives", options, {
    ...workerRowNames,
    state: true,
    busyStates: true,
  });
  const { changes, apps: _, tipOf: __, ...lives } = readLives(
    columnNamesOf(rows),
    options,
  );
  const { edges, series } = sweep(changes, 2, Infinity);
  return {
    ...lives,
    steps: {
      time: edges.subarray(0, changes.length > 0 ? -1 : 0),
      busy: series[0]!.mean,
      all: series[1]!.mean,
    },
  };
}

/**
 * Reads the lives of workers, and the changes of the numbers of busy workers (0)
 * and of all (1).
 */
export function readLives(columns: WorkerColumns, options: WorkerChannels) {
  const {
    workers,
    phases: states,
    busy,
    all,
    groupNames,
    noun,
    appOf,
    taskOf,
    hostOf,
    ...read
  } = readActivity(columns, options);
  const { length, line, start, end, phase, open } = read;
  // At most a gap before each row.
  const pieces = new PhaseList(2 * length);
  const changes = new Changes(8 * length);
  const apps = {
    names: new Map<string, number>(),
    changes: new Changes(2 * length),
  };
  /** The row of each piece; -1 for a gap. */
  const pieceRow: number[] = [];
  /** Counts workers, busy ones (0) or all (1). */
  const count = (series: 0 | 1, from: number, to: number, workers: number) => {
    if (!(to > from) || workers === 0) return;
    changes.add(from, series, workers);
    changes.add(to, series, -workers);
  };
  const lives: WorkerLife[] = [];
  let hasGaps = false;
  let overlapping = 0;
  for (let k = 0; k < length;) {
    const worker = line[k]!;
    const first = start[k]!;
    let [until, busyUntil] = [first, -Infinity];
    let [life, busySeconds] = [0, 0];
    // Consecutive rows with the same number of workers are counted together.
    let [since, number] = [first, 0];
    const stay = (from: number, to: number, now: number) => {
      life += Math.max(0, to - from) * now;
      if (now === number || to <= from) return;
      count(1, since, from, number);
      [since, number] = [from, now];
    };
    for (; k < length && line[k] === worker; k++) {
      const [from, to] = [start[k]!, end[k]!];
      if (from > until) {
        pieces.add(worker, until, from, numberOf("idle", states));
        pieceRow.push(-1);
        stay(until, from, 1);
        hasGaps ||= from - until > 1e-6;
      }
      pieces.add(worker, from, open[k] ? NaN : to, phase[k]!);
      pieceRow.push(k);
      stay(Math.max(from, until), to, all[k]!);
      if (busy[k]! > 0) {
        if (from < busyUntil - 1e-6) overlapping++;
        const begin = Math.max(from, busyUntil);
        busySeconds += Math.max(0, to - begin) * busy[k]!;
        count(0, begin, to, busy[k]!);
        const app = numberOf(appOf(k), apps.names);
        if (to > begin) {
          apps.changes.add(begin, app, busy[k]!);
          apps.changes.add(to, app, -busy[k]!);
        }
        busyUntil = Math.max(to, busyUntil);
      }
      until = Math.max(until, to);
    }
    count(1, since, until, number);
    lives.push({
      worker: workers[worker]!.worker || "(none)",
      groups: workers[worker]!.groups,
      start: first,
      end: until,
      life,
      busy: busySeconds,
      share: life > 0 ? busySeconds / life : 0,
    });
  }
  const inOrder = pieces.inOrder(lives.length);
  const phaseNames = [...states.keys()];
  return {
    lives,
    changes,
    /** The apps that workers were busy with, and the changes of their numbers. */
    apps: { ...apps, names: [...apps.names.keys()] },
    /** A text about a phase. */
    tipOf(place: number): string {
      const row = pieceRow[inOrder.added[place]!]!;
      const life = lives[inOrder.line[place]!]!;
      const groupOf = (name: string) => life.groups[groupNames.indexOf(name)];
      const state = phaseNames[inOrder.phase[place]!]!;
      const from = inOrder.start[place]!;
      return [
        (noun === "slot" ? `slot ${life.worker} of ` : "") + workerName({
          noun: noun === "slot" ? "worker" : noun,
          worker: noun === "slot" ? groupOf("worker") : life.worker,
          block: groupOf("block"),
          host: row < 0 ? undefined : hostOf(row),
        }),
        row < 0
          ? state
          : [...new Set([state, taskOf(row), appOf(row)])].filter(Boolean)
            .join(", "),
        `${formatDuration(inOrder.end[place]! - from)} from ` +
        `${formatDuration(from - inOrder.domain[0])} on`,
      ].filter(Boolean).join("\n");
    },
    phases: {
      ...read,
      ...inOrder,
      negative: read.negative,
      lines: lives.map(({ worker }) => worker),
      phases: phaseNames,
      lineName: "worker",
    },
    hasGaps,
    overlapping,
    groupNames,
    noun,
  };
}

/**
 * Reads rows of workers' activity, worker by worker: intervals of their lives,
 * as `workerActivity(db)` gives them, or sums over a time, as `utilisation(db,
 * { by: "worker" })` and `workerIdleTime(db)` do.
 */
function readActivity(columns: WorkerColumns, options: WorkerChannels) {
  const busySum = firstName(columns, "busy_seconds", "busy");
  const lifeSum = firstName(columns, "worker_seconds", "life");
  const isSums = options.state === undefined && busySum !== undefined &&
    lifeSum !== undefined;
  const state = options.state === undefined
    ? firstName(columns, "state", "app", "series") ?? null
    : options.state;
  const rate = (values: readonly unknown[], seconds: number, row: number) =>
    seconds > 0 ? Math.max(0, Number(values[row]) || 0) / seconds : 0;
  const { read, rows, ...given } = readWorkerRows(
    columns,
    options,
    {
      state: isSums ? null : state,
      busy: isSums ? busySum : null,
      life: isSums ? lifeSum : null,
      ...Object.fromEntries(
        ["app", "task", "host"].map((name) => [
          `its ${name}`,
          firstName(columns, name) ?? null,
        ]),
      ) as Record<"its app" | "its task" | "its host", string | null>,
    },
    (row, { state, busy, life }) =>
      isSums
        ? shareName(rate(busy.values, 1, row) / rate(life.values, 1, row))
        : String(state.values[row] ?? "busy"),
  );
  const { start, end, phase, phases, length } = given;
  const phaseNames = [...phases.keys()];
  const busyStates = new Set(options.busyStates ?? ["busy"]);
  const areStates = phaseNames.some((name) =>
    busyStates.has(name) || idleStates.has(name)
  );
  // If no phase is a worker state, the phases are apps or runs: all are busy.
  const isBusy = phaseNames.map((name) =>
    areStates ? busyStates.has(name) : !/^idle$/i.test(name)
  );
  const counts = new Float64Array(length);
  const textOf = (name: "its app" | "its task" | "its host", k: number) => {
    const value = read[name].values[rows[k]!];
    return value == null ? "" : String(value);
  };
  const meanOf = (values: readonly unknown[]) =>
    counts.map((_, i) => rate(values, end[i]! - start[i]!, rows[i]!));
  return {
    ...given,
    /** The app of a row's task; without states, what the row is about. */
    appOf: (k: number) =>
      isSums
        ? ""
        : areStates || state === null
        ? textOf("its app", k)
        : phaseNames[phase[k]!]!,
    taskOf: (k: number) => textOf("its task", k).replace(/^\d+$/, "task $&"),
    hostOf: (k: number) => textOf("its host", k),
    // Numbers of workers in each row: 1, 0, or a mean.
    busy: isSums
      ? meanOf(read.busy.values)
      : counts.map((_, i) => Number(isBusy[phase[i]!])),
    all: isSums ? meanOf(read.life.values) : counts.fill(1),
  };
}

/** The name of a share of busy time; see the colours of the chart. */
function shareName(share: number): string {
  if (!(share > 0.005)) return "idle";
  if (share > 0.995) return "busy";
  const low = Math.floor(share * 4) * 25;
  return `busy ${low} to ${low + 25}%`;
}

/** The states of `workerActivity(db)` in which a worker waits. */
const idleStates = new Set([
  "transfer",
  "manager",
  "dispatch",
  "dependencies",
  "nothing queued",
  "unknown",
]);
