import type { Rows } from "../rows/channels.ts";
import { placesByLine } from "./by_line.ts";
import { columnsOf } from "./phase_columns.ts";
import { StepChanges, type WorkerSteps } from "./worker_steps.ts";
import type { WorkerRows } from "./worker_columns.ts";
import { readWorkerRows, type WorkerChannels } from "./worker_rows.ts";

/** How a worker spent its life: a row of {@linkcode workerLives}. */
export interface WorkerLife {
  /** What it is called. */
  worker: string;
  /** What it is part of, from the outside in. */
  groups: string[];
  /** When its first row starts, in seconds. */
  start: number;
  /** When its last row ends, in seconds. */
  end: number;
  /** The seconds that it was there; more than one worker's, if it is many. */
  life: number;
  /** The seconds of these in which it was busy. */
  busy: number;
  /** The share of the one in the other, from 0 to 1. */
  share: number;
}

/** The lives of workers, their pieces, and how many were busy when. */
export interface WorkerLives {
  /** By group and name, 2 before 10. */
  lives: WorkerLife[];
  /** The pieces of all lives, gaps included, as columns of one length. */
  pieces: {
    /** The place of the life in `lives`. */
    line: Uint32Array;
    /** From when, in seconds. */
    start: Float64Array;
    /** Until when, in seconds. */
    end: Float64Array;
    /** The place in `states`. */
    phase: Int32Array;
    /** 1 for each that has no end. */
    open: Uint8Array;
    /** How many there are. */
    length: number;
  };
  /** What workers did or waited for. */
  states: string[];
  /** How many were there and how many busy over time. */
  steps: WorkerSteps;
  /** Whether there was a time between a worker's rows, when it was idle. */
  hasGaps: boolean;
  /** How many rows start while their worker is busy already. */
  overlapping: number;
  /** The rows as they were read. */
  rows: WorkerRows;
}

/**
 * How each worker spent its life, by rows of what it did from when to when: the
 * transform behind {@linkcode busyWorkers}, which says what rows it takes. A
 * worker lives from the start of its first row to the end of its last; what no
 * row tells of in between, it was idle. Busy with two tasks at once it is busy
 * once.
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
 * @throws {TypeError} if the rows are no rows, or lack a column that is named.
 */
export function workerLives(
  given: Rows,
  options: WorkerChannels = {},
): WorkerLives {
  const rows = readWorkerRows(given, options);
  const { start, end, worker, busy, there } = rows;
  const order = orderOf(rows);
  const states = new Map(rows.states.map((name, i) => [name, i]));
  const idle = states.get("idle") ?? states.size;
  // At most a gap before each row.
  const pieces = { ...columnsOf(2 * order.length), length: 0 };
  const add = (l: number, from: number, to: number, s: number, open = 0) => {
    const place = pieces.length++;
    pieces.line[place] = l;
    pieces.start[place] = from;
    pieces.end[place] = to;
    pieces.phase[place] = s;
    pieces.open[place] = open;
  };
  const lives: WorkerLife[] = [];
  const changes = new StepChanges();
  let hasGaps = false;
  let overlapping = 0;
  for (let k = 0; k < order.length;) {
    const w = worker[order[k]!]!;
    const l = lives.length;
    const first = start[order[k]!]!;
    let [until, busyUntil] = [first, -Infinity];
    let [seconds, busySeconds] = [0, 0];
    // Pieces that follow one another are there together.
    let [since, level] = [first, 0];
    const present = (from: number, to: number, count: number) => {
      if (count !== level) {
        changes.add(since, from, 0, level);
        [since, level] = [from, count];
      }
      seconds += (to - from) * count;
    };
    for (; k < order.length && worker[order[k]!] === w; k++) {
      const i = order[k]!;
      const [from, to] = [start[i]!, end[i]!];
      if (from > until) {
        add(l, until, from, idle);
        present(until, from, 1);
        hasGaps ||= from - until > 1e-6;
      }
      add(l, from, to, rows.state[i]!, rows.open[i]!);
      if (to > until) {
        const begin = Math.max(from, until);
        present(begin, to, there[i]!);
      }
      if (busy[i]! > 0) {
        if (from < busyUntil - 1e-6) overlapping++;
        if (to > busyUntil) {
          const begin = Math.max(from, busyUntil);
          busySeconds += (to - begin) * busy[i]!;
          changes.add(begin, to, busy[i]!, 0);
          busyUntil = to;
        }
      }
      until = Math.max(until, to);
    }
    changes.add(since, until, 0, level);
    const { name, groups } = rows.workers[w]!;
    lives.push({
      ...{ worker: name, groups, start: first, end: until },
      ...{ life: seconds, busy: busySeconds },
      share: seconds > 0 ? busySeconds / seconds : 0,
    });
  }
  return {
    ...{ lives, hasGaps, overlapping, rows },
    pieces: {
      length: pieces.length,
      line: pieces.line.subarray(0, pieces.length),
      start: pieces.start.subarray(0, pieces.length),
      end: pieces.end.subarray(0, pieces.length),
      phase: pieces.phase.subarray(0, pieces.length),
      open: pieces.open.subarray(0, pieces.length),
    },
    states: pieces.phase.includes(rows.states.length)
      ? [...rows.states, "idle"]
      : rows.states,
    steps: changes.steps(),
  };
}

const { compare } = new Intl.Collator("en", { numeric: true });

/** The places of rows by worker and start; workers by group and name. */
function orderOf({ workers, worker, start, end }: WorkerRows): Uint32Array {
  const rank = new Uint32Array(workers.length);
  workers.map((_, w) => w).sort((a, b) => {
    const [left, right] = [workers[a]!, workers[b]!];
    for (let g = 0; g < left.groups.length; g++) {
      const order = compare(left.groups[g]!, right.groups[g]!);
      if (order !== 0) return order;
    }
    return compare(left.name, right.name) || a - b;
  }).forEach((w, i) => rank[w] = i);
  const line = worker.map((w) => rank[w]!);
  return placesByLine({ line, start, end }, workers.length).places;
}
