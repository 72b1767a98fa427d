// Over 300 lines: the lives of workers, from their rows on.

import {
  type Channel,
  columnNamesOf,
  firstName,
  readChannels,
  type Rows,
} from "../rows/channels.ts";
import {
  compareNames,
  numberOf,
  numberPlaces,
  valuesAt,
} from "../rows/row_order.ts";
import { Changes, sweep } from "../rows/sweep.ts";
import { PhaseList, type Phases } from "../timeline/phases.ts";

/** Columns with the activity of workers. */
export interface WorkerChannels {
  /** The worker. The column "slot" or "worker"; else the first. */
  worker?: Channel | undefined;
  /** In seconds. The column "start"; else the second. */
  start?: Channel | undefined;
  /** In seconds. The column "end"; else the third. */
  end?: Channel | undefined;
  /**
   * Its activity: "busy", or the cause of its waiting; or the app or run of its
   * task. By default the column "state", "app" or "series"; without one, every
   * row is busy.
   */
  state?: Channel | null | undefined;
  /**
   * Columns that group the workers, from the outside in. By default "run",
   * "executor", "block" and "manager", if they exist, and "worker" if there is a
   * column "slot". A run is named by the column "run_label" if it has one.
   */
  groups?: readonly string[] | undefined;
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
  const { workers, states, busy, all, groupNames, ...read } = readWorkers(
    rows,
    options,
  );
  const { length, line, start, end, phase, open } = read;
  // At most a gap before each row.
  const pieces = new PhaseList(2 * length);
  const changes = new Changes(8 * length);
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
        stay(until, from, 1);
        hasGaps ||= from - until > 1e-6;
      }
      pieces.add(worker, from, open[k] ? NaN : to, phase[k]!);
      stay(Math.max(from, until), to, all[k]!);
      if (busy[k]! > 0) {
        if (from < busyUntil - 1e-6) overlapping++;
        const begin = Math.max(from, busyUntil);
        busySeconds += Math.max(0, to - begin) * busy[k]!;
        count(0, begin, to, busy[k]!);
        busyUntil = Math.max(to, busyUntil);
      }
      until = Math.max(until, to);
    }
    count(1, since, until, number);
    lives.push({
      ...workers[worker]!,
      start: first,
      end: until,
      life,
      busy: busySeconds,
      share: life > 0 ? busySeconds / life : 0,
    });
  }
  const { edges, series } = sweep(changes, 2, Infinity);
  return {
    lives,
    phases: {
      ...read,
      ...pieces.inOrder(lives.length),
      negative: read.negative,
      lines: lives.map(({ worker }) => worker),
      phases: [...states.keys()],
      lineName: "worker",
    },
    steps: {
      time: edges.subarray(0, changes.length > 0 ? -1 : 0),
      busy: series[0]!.mean,
      all: series[1]!.mean,
    },
    hasGaps,
    overlapping,
    groupNames,
  };
}

const groupColumns = ["run", "executor", "block", "manager"] as const;

/**
 * Reads rows of workers' activity, worker by worker: intervals of their lives,
 * as `workerActivity(db)` gives them, or sums over a time, as `utilisation(db,
 * { by: "worker" })` and `workerIdleTime(db)` do.
 */
function readWorkers(rows: Rows, options: WorkerChannels) {
  const named = columnNamesOf(rows);
  const parts = [...groupColumns, "worker", "slot"].filter((name) =>
    named.names.includes(name)
  );
  // The innermost there is: rows may be of blocks, each with its utilisation.
  const worker = options.worker ?? parts.at(-1);
  const groupNames = [
    ...options.groups ??
      parts.filter((name) =>
        name !== worker && (name !== "worker" || worker === "slot")
      ),
  ];
  const busySum = firstName(named, "busy_seconds", "busy");
  const lifeSum = firstName(named, "worker_seconds", "life");
  const isSums = options.state === undefined && busySum !== undefined &&
    lifeSum !== undefined;
  const state = options.state === undefined
    ? firstName(named, "state", "app", "series") ?? null
    : options.state;
  const read = readChannels<string, "start" | "end">(named.rows, {
    worker,
    start: options.start ?? ["start", 1],
    end: options.end ?? ["end", 2],
    state: isSums ? null : state,
    busy: isSums ? busySum : null,
    life: isSums ? lifeSum : null,
    label: ["run_label", null],
    ...Object.fromEntries(groupNames.map((name) => [`group ${name}`, name])),
  }, ["start", "end"]);
  const [start, end] = [read.start.values, read.end.values];
  const rate = (values: readonly unknown[], row: number) => {
    const took = Math.abs(end[row]! - start[row]!);
    return took > 0 ? Math.max(0, Number(values[row]) || 0) / took : 0;
  };
  const busyRate = (row: number) => rate(read.busy!.values, row);
  const lifeRate = (row: number) => rate(read.life!.values, row);
  const kept = numberPlaces(start);
  const { workers, numbers } = numberWorkers(
    [
      ...groupNames.map((name) => {
        const { values } = read[`group ${name}`]!;
        if (name !== "run") return values;
        return values.map((run, i) => read.label!.values[i] ?? run);
      }),
      read.worker!.values,
    ],
    kept,
  );
  const states = new Map<string, number>();
  const list = new PhaseList(kept.length);
  kept.forEach((row, i) => {
    const state = isSums
      ? shareName(busyRate(row) / lifeRate(row))
      : String(read.state!.values[row] ?? "busy");
    const phase = numberOf(state, states);
    list.add(numbers[i]!, start[row]!, end[row]!, phase);
  });
  const inOrder = list.inOrder(workers.length);
  const rowsInOrder = valuesAt(kept, inOrder.added);
  const zeros = new Float64Array(kept.length);
  const isBusy = busyStatesOf([...states.keys()], options.busyStates);
  return {
    ...inOrder,
    workers,
    states,
    groupNames,
    withoutTime: read.length - kept.length,
    // Numbers of workers in each row: 1, 0, or a mean.
    busy: zeros.map((_, i) =>
      isSums ? busyRate(rowsInOrder[i]!) : Number(isBusy[inOrder.phase[i]!])
    ),
    all: zeros.map((_, i) => isSums ? lifeRate(rowsInOrder[i]!) : 1),
  };
}

/** The name of a share of busy time; see the colours of the chart. */
function shareName(share: number): string {
  if (!(share > 0.005)) return "idle";
  if (share > 0.995) return "busy";
  const low = Math.floor(share * 4) * 25;
  return `busy ${low} to ${low + 25} %`;
}

/** The workers of the rows, by group and name, and the worker of each row. */
function numberWorkers(
  columns: readonly (readonly unknown[])[],
  rows: Uint32Array,
) {
  // Column by column: a text of all would take longer for each row.
  let numbers = new Uint32Array(rows.length);
  for (const values of columns) {
    const texts = new Map<string, number>();
    const own = rows.map((row) => numberOf(String(values[row] ?? ""), texts));
    const pairs = new Map<number, number>();
    const { size } = texts;
    numbers = own.map((text, i) => numberOf(numbers[i]! * size + text, pairs));
  }
  const firstRow: number[] = [];
  numbers.forEach((number, i) => firstRow[number] ??= rows[i]!);
  const named = firstRow.map((row, number) => ({
    number,
    names: columns.map((values) => String(values[row] ?? "")),
  })).sort((a, b) => {
    const i = a.names.findIndex((name, i) => name !== b.names[i]);
    return compareNames(a.names[i] ?? "", b.names[i] ?? "") ||
      a.number - b.number;
  });
  const rank = new Uint32Array(named.length);
  named.forEach(({ number }, i) => rank[number] = i);
  return {
    workers: named.map(({ names }) => ({
      worker: names.at(-1) || "(none)",
      groups: names.slice(0, -1),
    })),
    numbers: numbers.map((number) => rank[number]!),
  };
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

// If no phase is a worker state, the phases are apps or runs: all are busy.
function busyStatesOf(
  states: readonly string[],
  busyStates: Iterable<string> = ["busy"],
): boolean[] {
  const names = new Set(busyStates);
  const areStates = states.some((state) =>
    names.has(state) || idleStates.has(state)
  );
  return states.map((state) =>
    areStates ? names.has(state) : !/^idle$/i.test(state)
  );
}
