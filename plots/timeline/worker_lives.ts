// Over 300 lines: the lives of workers, from their rows on.

import {
  type Channel,
  columnNamesOf,
  firstName,
  readChannels,
  type Rows,
} from "../rows/channels.ts";
import { Numbering } from "../rows/numbering.ts";
import { Changes, sweepSteps } from "../rows/sweep.ts";
import {
  closed,
  emptyColumns,
  mapColumns,
  phaseColumns,
  type Phases,
  placesByLine,
} from "./phases.ts";

/** Columns with the activity of workers. */
export interface WorkerChannels {
  /** The worker. The column "worker"; else the first. */
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
   * "executor", "block" and "manager", if they exist.
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
  /** Number of workers. */
  there: Float64Array;
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
  const { phases, workers, busy, there, groupNames } = readWorkers(
    rows,
    options,
  );
  const { start, end, line } = phases;
  const order = byWorker(phases, workers);
  const names = phases.phases.includes("idle")
    ? phases.phases
    : [...phases.phases, "idle"];
  const idle = names.indexOf("idle");
  // At most a gap before each row.
  const columns = emptyColumns(2 * order.length);
  let length = 0;
  const add = (from: number, to: number, phase: number, open = 0) => {
    columns.line[length] = lives.length;
    columns.start[length] = from;
    columns.end[length] = to;
    columns.phase[length] = phase;
    columns.open[length++] = open;
  };
  const lives: WorkerLife[] = [];
  const changes = new CountChanges();
  let hasGaps = false;
  let overlapping = 0;
  for (let k = 0; k < order.length;) {
    const worker = line[order[k]!]!;
    const first = start[order[k]!]!;
    let [until, busyUntil] = [first, -Infinity];
    let [life, busySeconds] = [0, 0];
    // Rows that follow one another make one stay.
    let [since, count] = [first, 0];
    const stay = (from: number, to: number, now: number) => {
      if (now !== count) {
        changes.add(since, from, 1, count);
        [since, count] = [from, now];
      }
      life += (to - from) * now;
    };
    for (; k < order.length && line[order[k]!] === worker; k++) {
      const i = order[k]!;
      const [from, to] = [start[i]!, end[i]!];
      if (from > until) {
        add(until, from, idle);
        stay(until, from, 1);
        hasGaps ||= from - until > 1e-6;
      }
      add(from, to, phases.phase[i]!, phases.open[i]!);
      if (to > until) stay(Math.max(from, until), to, there[i]!);
      if (busy[i]! > 0) {
        if (from < busyUntil - 1e-6) overlapping++;
        if (to > busyUntil) {
          const begin = Math.max(from, busyUntil);
          busySeconds += (to - begin) * busy[i]!;
          changes.add(begin, to, 0, busy[i]!);
          busyUntil = to;
        }
      }
      until = Math.max(until, to);
    }
    changes.add(since, until, 1, count);
    lives.push({
      worker: workers[worker]!.name,
      groups: workers[worker]!.groups,
      start: first,
      end: until,
      life,
      busy: busySeconds,
      share: life > 0 ? busySeconds / life : 0,
    });
  }
  const used = mapColumns(columns, (column) => column.subarray(0, length));
  return {
    lives,
    phases: {
      ...phases,
      ...used,
      length,
      lines: lives.map(({ worker }) => worker),
      phases: used.phase.includes(idle) ? names : phases.phases,
    },
    steps: changes.steps(),
    hasGaps,
    overlapping,
    groupNames,
  };
}

/** Changes of two counts: 0 of busy workers, 1 of all. */
class CountChanges {
  #changes = new Changes();

  add(from: number, to: number, series: number, count: number): void {
    if (!(to > from) || count === 0) return;
    this.#changes.add(from, series, count);
    this.#changes.add(to, series, -count);
  }

  steps(): WorkerSteps {
    const { time, counts } = sweepSteps(this.#changes, 2);
    return { time, busy: counts[0]!, there: counts[1]! };
  }
}

const { compare } = new Intl.Collator("en", { numeric: true });

/** The places of rows by worker and start; workers by group and name. */
function byWorker(
  { line, start, end, length }: Phases,
  workers: readonly Worker[],
): Uint32Array {
  const rank = new Uint32Array(workers.length);
  workers.map(({ name, groups }, w) => ({ names: [...groups, name], w }))
    .sort((a, b) => {
      const differing = a.names.findIndex((name, i) => name !== b.names[i]);
      return compare(a.names[differing] ?? "", b.names[differing] ?? "") ||
        a.w - b.w;
    }).forEach(({ w }, i) => rank[w] = i);
  const ranked = { line: line.map((w) => rank[w]!), start, end };
  return placesByLine(ranked, length, workers.length);
}

/** A worker and the groups that it is in. */
interface Worker {
  name: string;
  groups: string[];
}

type WorkerColumn =
  | "worker"
  | "start"
  | "end"
  | "state"
  | "busy"
  | "life"
  | `group ${string}`;

const groupColumns = ["run", "executor", "block", "manager"] as const;

/**
 * Reads rows of what workers did: pieces of their lives, as `workerActivity(db)`
 * gives them, or sums over a time, as `utilisation(db, { by: "worker" })` and
 * `workerIdleTime(db)` do.
 */
function readWorkers(rows: Rows, options: WorkerChannels) {
  const named = columnNamesOf(rows);
  const parts = [...groupColumns, "worker"].filter((name) =>
    named.names.includes(name)
  );
  // The innermost there is: rows may be of blocks, each with its utilisation.
  const worker = options.worker ?? parts.at(-1);
  const groupNames = options.groups ??
    parts.filter((name) => name !== worker && name !== "worker");
  const busySum = firstName(named, "busy_seconds", "busy");
  const lifeSum = firstName(named, "worker_seconds", "life");
  const isSums = options.state === undefined && busySum !== undefined &&
    lifeSum !== undefined;
  const state = options.state === undefined
    ? firstName(named, "state", "app", "series") ?? null
    : options.state;
  const read = readChannels<WorkerColumn, "start" | "end">(named.rows, {
    worker,
    start: options.start ?? ["start", 1],
    end: options.end ?? ["end", 2],
    state: isSums ? null : state,
    busy: isSums ? busySum : null,
    life: isSums ? lifeSum : null,
    ...Object.fromEntries(groupNames.map((name) => [`group ${name}`, name])),
  }, ["start", "end"]);
  const groups = groupNames.map((name) => read[`group ${name}`]!.values);
  const { workers, numberOf } = workerNumbers([...groups, read.worker.values]);
  const states = new Numbering<string>();
  const rate = (values: readonly unknown[], row: number) => {
    const took = Math.abs(read.end.values[row]! - read.start.values[row]!);
    return took > 0 ? Math.max(0, Number(values[row]) || 0) / took : 0;
  };
  const { columns, row, ...counts } = phaseColumns(
    read.start.values,
    read.end.values,
    numberOf,
    (row) =>
      states.of(
        isSums
          ? shareName(
            rate(read.busy.values, row) / rate(read.life.values, row),
          )
          : String(read.state.values[row] ?? "busy"),
      ),
  );
  const isBusy = busyStatesOf(states.values(), options.busyStates);
  const phases: Phases = {
    ...closed(columns),
    ...counts,
    lines: workers.map(({ name }) => name),
    phases: states.values(),
    lineName: "worker",
  };
  const zeros = new Float64Array(row.length);
  return {
    phases,
    workers,
    groupNames: [...groupNames],
    // Numbers of workers in each row: 1, 0, or a mean.
    busy: zeros.map((_, i) =>
      isSums
        ? rate(read.busy.values, row[i]!)
        : Number(isBusy[phases.phase[i]!])
    ),
    there: zeros.map((_, i) => isSums ? rate(read.life.values, row[i]!) : 1),
  };
}

/** The name of a share of busy time; see the colours of the chart. */
function shareName(share: number): string {
  if (!(share > 0.005)) return "idle";
  if (share > 0.995) return "busy";
  const low = Math.floor(share * 4) * 25;
  return `busy ${low} to ${low + 25} %`;
}

/** Workers found so far by the values of their groups, level by level. */
interface Level extends Map<unknown, Level | number> {}

/** Numbers workers in the order in which they come. */
function workerNumbers(columns: readonly (readonly unknown[])[]) {
  const workers: Worker[] = [];
  const known = new Numbering<string>();
  const top: Level = new Map();
  // A new value may read as another that is known: 1 and "1".
  const numberOfText = (row: number) => {
    const parts = columns.map((values) => String(values[row] ?? ""));
    const number = known.of(JSON.stringify(parts));
    if (number === workers.length) {
      workers.push({ name: parts.pop() || "(none)", groups: parts });
    }
    return number;
  };
  // Making a text for each row would take longer than a look at each level.
  const numberOf = (row: number): number => {
    let found: Level | number = top;
    for (let c = 0; c < columns.length; c++) {
      const level = found as Level;
      const value = columns[c]![row];
      let next = level.get(value);
      if (next === undefined) {
        next = c < columns.length - 1 ? new Map() : numberOfText(row);
        level.set(value, next);
      }
      found = next;
    }
    return found as number;
  };
  return { workers, numberOf };
}

/** What importers call the states of a worker that waits. */
const idleStates = new Set(["nothing queued", "dispatch", "unknown"]);

// Apps and runs are no states: if none of them is called busy, all are.
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
