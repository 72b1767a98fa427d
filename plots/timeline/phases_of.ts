import type { Rows } from "../rows/channels.ts";
import { placesByLine } from "./by_line.ts";
import { closed, columnsOf, type Phases } from "./phase_columns.ts";
import { type StateChanges, stateChanges } from "../counts/state_changes.ts";
import type { StateChannels } from "../counts/state_counts.ts";

/** How changes of state become phases. */
export interface PhasesOfOptions extends StateChannels {
  /**
   * The states in which a span is at its end. If not given: those that most
   * spans that enter them never leave, unless they are called as something that
   * goes on, such as pending, launched or running.
   */
  final?: Iterable<string> | undefined;
}

/** That something was in a phase: a row of {@linkcode phasesOf}. */
export interface Phase {
  /** What was in it. */
  line: string;
  /** From when, in seconds. */
  start: number;
  /** Until when, in seconds; null, if it never left it. */
  end: number | null;
  /** Which one. */
  phase: string;
}

/**
 * Changes of state as phases from a start to an end: rows for
 * {@linkcode timeline}. Takes a row for each change, as `statesOverTime()` gives
 * them, in any order. A span is in a state until its next change. What it does
 * not leave has no end, and in a timeline lasts to the end of the data; but a
 * state that is final, such as exec_done, takes no time at all: the span ends
 * with it. A state of null ends a span too.
 *
 * @example
 * ```ts
 * import { phasesOf } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const phases = phasesOf([
 *   { task: 1, time: 0, state: "running" },
 *   { task: 1, time: 3, state: "exec_done" },
 *   { task: 2, time: 1, state: "running" },
 * ]);
 * assert.deepEqual(phases, [
 *   { line: "1", start: 0, end: 3, phase: "running" },
 *   { line: "1", start: 3, end: 3, phase: "exec_done" },
 *   { line: "2", start: 1, end: null, phase: "running" },
 * ]);
 * ```
 *
 * @throws {TypeError} if the rows are no rows, or lack a column that is named.
 */
export function phasesOf(rows: Rows, options: PhasesOfOptions = {}): Phase[] {
  const { length, line, start, end, phase, open, lines, phases } =
    changesToPhases(rows, options);
  return Array.from({ length }, (_, i) => ({
    line: lines[line[i]!]!,
    start: start[i]!,
    end: open[i] ? null : end[i]!,
    phase: phases[phase[i]!]!,
  }));
}

/** The same as columns. */
export function changesToPhases(
  rows: Rows,
  { final, ...channels }: PhasesOfOptions,
): Phases {
  const changes = stateChanges(rows, channels);
  const isFinal = finalStates(changes, final);
  const { time, span, state, length, states, spans, names } = changes;
  const columns = columnsOf(length);
  // The phase that each span is in, or -1.
  const current = new Int32Array(spans).fill(-1);
  let count = 0;
  for (let i = 0; i < length; i++) {
    const s = span[i]!;
    const before = current[s]!;
    // Some versions write a state twice: it is entered once.
    if (before >= 0 && columns.phase[before] === state[i]) continue;
    if (before >= 0) {
      columns.end[before] = time[i]!;
      columns.open[before] = 0;
    }
    current[s] = -1;
    if (state[i]! < 0) continue;
    columns.line[count] = s;
    columns.phase[count] = state[i]!;
    columns.start[count] = columns.end[count] = time[i]!;
    columns.open[count] = isFinal[state[i]!] ? 0 : 1;
    current[s] = count++;
  }
  const { places: order } = placesByLine({
    line: columns.line.subarray(0, count),
    start: columns.start,
    end: columns.end,
  }, spans);
  return closed({
    length: count,
    line: pick(columns.line, order),
    start: pick(columns.start, order),
    end: pick(columns.end, order),
    phase: pick(columns.phase, order),
    open: pick(columns.open, order),
    lines: names.map((name) => String(name ?? "(none)")),
    phases: states,
    withoutTime: changes.withoutTime,
    negative: 0,
    lineName: changes.spanName,
  });
}

// In which something still goes on, however many never leave it.
const goingOn =
  /^(?:in|on|at|waiting)\b|^(?:.*[ ._])?(?:unsched|pending|waiting|queued|launched|submitted|running|running_ended|joining|started|invoked|active|busy|idle)$/i;

function finalStates(
  { span, state, length, states, spans }: StateChanges,
  final: Iterable<string> | undefined,
): boolean[] {
  if (final) {
    const names = new Set(final);
    return states.map((name) => names.has(name));
  }
  const entries = new Uint32Array(states.length);
  const ends = new Uint32Array(states.length);
  const last = new Int32Array(spans).fill(-1);
  for (let i = 0; i < length; i++) {
    const now = state[i]!;
    if (now >= 0 && last[span[i]!] !== now) entries[now]!++;
    last[span[i]!] = now;
  }
  for (const now of last) if (now >= 0) ends[now]!++;
  return states.map((name, s) =>
    !goingOn.test(name) && ends[s]! * 2 > entries[s]!
  );
}

function pick<
  Column extends Uint32Array | Int32Array | Float64Array | Uint8Array,
>(
  column: Column,
  order: Uint32Array,
): Column {
  const picked = column.slice(0, order.length) as Column;
  order.forEach((from, to) => picked[to] = column[from]!);
  return picked;
}
