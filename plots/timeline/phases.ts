// Over 300 lines: all that reads phases, or makes them of changes of state.

import type { StateChannels } from "../counts/spans_in_state.ts";
import {
  type Channel,
  columnNamesOf,
  type ColumnTable,
  firstName,
  readChannels,
  type Rows,
} from "../rows/channels.ts";
import { foldNames } from "../rows/series.ts";
import { type Column, groupRows, valuesAt } from "../rows/group_rows.ts";
import { Numbering } from "../rows/numbering.ts";
import { type StepRows, stepRows } from "../rows/step_rows.ts";

/** Phases as columns of one length. */
export interface PhaseColumns {
  /** Index of each phase's line in `lines`. */
  line: Uint32Array;
  /** In seconds; never after `end`. */
  start: Float64Array;
  /** In seconds; the end of the data if the phase is open. */
  end: Float64Array;
  /** Index of each phase's name in `phases`. */
  phase: Int32Array;
  /** 1 if the phase has no end. */
  open: Uint8Array;
}

/** Phases of lines. */
export interface Phases extends PhaseColumns {
  /** Number of phases. */
  length: number;
  /** Names of the lines, in order of appearance. */
  lines: string[];
  /** Names of the phases, in order of appearance. */
  phases: string[];
  /** The first and the last time, in seconds. */
  domain: [number, number];
  /** Number of rows left out because they have no start. */
  withoutTime: number;
  /** Number of phases without an end. */
  withoutEnd: number;
  /** Number of rows that end before they start; their ends are swapped. */
  negative: number;
  /** Name of the column of the lines, if it has one. */
  lineName: string | undefined;
}

/** Columns with the line, start, end and name of each phase. */
export interface PhaseChannels {
  /** The entity with its own line: a task, a worker, a block. First column. */
  line?: Channel | undefined;
  /** Start of the phase, in seconds. Second column. */
  start?: Channel | undefined;
  /** Its end in seconds; no value for an open phase. Third column. */
  end?: Channel | undefined;
  /** Name of the phase. Fourth column; null if all phases are alike. */
  phase?: Channel | null | undefined;
}

/** Options of {@linkcode phasesOf}. */
export interface PhasesOfOptions extends StateChannels {
  /**
   * States that end a span. By default the states that most spans never leave,
   * except those that name an activity, such as pending, launched or running.
   */
  final?: Iterable<string> | undefined;
}

/** Columns of phases, or of changes of state. */
export interface ReadPhasesOptions extends PhaseChannels, PhasesOfOptions {}

/**
 * Reads rows of phases, or of changes of state. Rows are changes if `time` or
 * `state` is given, or if they have a column "time" but no column "start".
 */
export function readPhases(rows: Rows, options: ReadPhasesOptions): Phases {
  const named = columnNamesOf(rows);
  const { line, start, end, phase, span, time, state } = options;
  const isChanges = time !== undefined || state !== undefined ||
    (start === undefined && firstName(named, "time") !== undefined &&
      firstName(named, "start") === undefined);
  if (isChanges) {
    return changesToPhases(named.rows, { ...options, span: span ?? line });
  }
  const read = readChannels(named.rows, {
    line: line ?? ["line", "row", "span", "task", "worker", 0],
    start: start ?? ["start", 1],
    end: end ?? ["end", 2],
    phase: phase === undefined
      ? firstName(named, "phase", "state") ?? (named.width > 3 ? 3 : null)
      : phase,
  }, ["start", "end"]);
  const hasPhases = read.phase.values.length > 0;
  const lines = new Numbering<string>();
  const phases = new Numbering<string>();
  const text = (value: unknown) => String(value ?? "(none)");
  const { columns, ...counts } = phaseColumns(
    read.start.values,
    read.end.values,
    (row) => lines.of(text(read.line.values[row])),
    (row) => phases.of(hasPhases ? text(read.phase.values[row]) : ""),
  );
  return {
    ...closed(columns),
    ...counts,
    lines: lines.values(),
    phases: phases.values(),
    lineName: read.line.name,
  };
}

/** Columns of the rows that have a start, with start and end in their order. */
export function phaseColumns(
  start: Float64Array,
  end: Float64Array,
  lineOf: (row: number) => number,
  phaseOf: (row: number) => number,
) {
  const columns = emptyColumns(start.length);
  const row = new Uint32Array(start.length);
  let [length, negative] = [0, 0];
  for (let i = 0; i < start.length; i++) {
    if (Number.isNaN(start[i])) continue;
    const isNegative = end[i]! < start[i]!;
    if (isNegative) negative++;
    row[length] = i;
    columns.line[length] = lineOf(i);
    columns.start[length] = isNegative ? end[i]! : start[i]!;
    columns.end[length] = isNegative ? start[i]! : end[i]!;
    columns.open[length] = Number.isNaN(end[i]) ? 1 : 0;
    columns.phase[length++] = phaseOf(i);
  }
  return {
    columns: mapColumns(columns, (column) => column.subarray(0, length)),
    /** The row that each phase was read from. */
    row: row.subarray(0, length),
    withoutTime: start.length - length,
    negative,
  };
}

export function emptyColumns(length: number): PhaseColumns {
  return {
    line: new Uint32Array(length),
    start: new Float64Array(length),
    end: new Float64Array(length),
    phase: new Int32Array(length),
    open: new Uint8Array(length),
  };
}

/** Columns cut or put in another order. */
export const mapColumns = (
  columns: PhaseColumns,
  map: (column: Column) => Column,
): PhaseColumns =>
  Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [name, map(column)]),
  ) as unknown as PhaseColumns;

/** Ends open phases at the end of the data. */
export function closed(columns: PhaseColumns) {
  const { start, end, open } = columns;
  let [first, last, withoutEnd] = [Infinity, -Infinity, 0];
  for (let i = 0; i < start.length; i++) {
    first = Math.min(first, start[i]!);
    last = Math.max(last, open[i] ? start[i]! : end[i]!);
    withoutEnd += open[i]!;
  }
  return {
    ...columns,
    length: start.length,
    end: end.map((time, i) => open[i] ? last : time),
    domain: (first <= last ? [first, last] : [0, 0]) as [number, number],
    withoutEnd,
  };
}

/** Total seconds of each kind of phase. */
export function phaseSeconds(
  { length, start, end, phase, phases }: Phases,
): Float64Array {
  const total = new Float64Array(phases.length);
  for (let i = 0; i < length; i++) total[phase[i]!]! += end[i]! - start[i]!;
  return total;
}

/** Makes one kind, "other (n)", of all but the `max` that lasted longest. */
export function foldPhases(given: Phases, max = 20): Phases {
  const { names, places, folded } = foldNames(
    given.phases,
    phaseSeconds(given),
    max,
  );
  if (!folded) return given;
  return { ...given, phase: given.phase.map((p) => places[p]!), phases: names };
}

/** A phase of a line: a row of {@linkcode phasesOf}. */
export interface Phase {
  /** Name of the line. */
  line: string;
  /** In seconds. */
  start: number;
  /** In seconds; null if the phase is open. */
  end: number | null;
  /** Name of the phase. */
  phase: string;
}

/**
 * Turns changes of state into phases with a start and an end: rows for
 * {@linkcode timeline}. Takes one row per change, as from `statesOverTime()`,
 * in any order. A span is in a state until its next change. A state that it
 * does not leave is open, and a timeline draws it to the end of the data; but a
 * final state, such as exec_done, takes no time, because the span ends with it.
 * A state of null also ends a span.
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
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
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

function changesToPhases(
  rows: Rows | readonly object[] | ColumnTable,
  { span: ofSpan, time: ofTime, state, final }: PhasesOfOptions,
): Phases {
  const changes = stepRows(rows, { span: ofSpan, time: ofTime, step: state });
  const { time, span, step, length, steps, spans } = changes;
  const isFinal = finalSteps(changes, final);
  const columns = emptyColumns(length);
  // The phase that each span is in, or -1.
  const current = new Int32Array(spans.length).fill(-1);
  let count = 0;
  for (let i = 0; i < length; i++) {
    const s = span[i]!;
    const before = current[s]!;
    // Some versions of Parsl write a state twice: it is entered once.
    if (before >= 0 && columns.phase[before] === step[i]) continue;
    if (before >= 0) {
      columns.end[before] = time[i]!;
      columns.open[before] = 0;
    }
    current[s] = -1;
    if (step[i]! < 0) continue;
    columns.line[count] = s;
    columns.phase[count] = step[i]!;
    columns.start[count] = columns.end[count] = time[i]!;
    columns.open[count] = isFinal[step[i]!] ? 0 : 1;
    current[s] = count++;
  }
  const places = placesByLine(columns, count, spans.length);
  return {
    ...closed(mapColumns(columns, (column) => valuesAt(column, places))),
    lines: spans.map((name) => String(name ?? "(none)")),
    phases: steps,
    withoutTime: changes.withoutTime,
    negative: 0,
    lineName: changes.spanName,
  };
}

// Something still goes on in these states, however many spans never leave them.
const goingOn =
  /^(?:in|on|at|waiting)\b|^(?:.*[ ._])?(?:unsched|pending|waiting|queued|launched|submitted|running|running_ended|joining|started|invoked|active|busy|idle)$/i;

function finalSteps(
  { span, step, length, steps, spans }: StepRows,
  final: Iterable<string> | undefined,
): boolean[] {
  if (final) {
    const names = new Set(final);
    return steps.map((name) => names.has(name));
  }
  const entries = new Uint32Array(steps.length);
  const ends = new Uint32Array(steps.length);
  const last = new Int32Array(spans.length).fill(-1);
  for (let i = 0; i < length; i++) {
    const now = step[i]!;
    if (now >= 0 && last[span[i]!] !== now) entries[now]!++;
    last[span[i]!] = now;
  }
  for (const now of last) if (now >= 0) ends[now]!++;
  return steps.map((name, s) =>
    !goingOn.test(name) && ends[s]! * 2 > entries[s]!
  );
}

/**
 * The places of phases line by line, and within a line by their start; a phase
 * of no length comes before one that begins with it.
 */
export function placesByLine(
  { line, start, end }: Pick<PhaseColumns, "line" | "start" | "end">,
  length: number,
  lines: number,
): Uint32Array {
  const { rows, first } = groupRows(length, lines, (i) => line[i]!);
  const compare = (a: number, b: number) =>
    start[a]! - start[b]! || end[a]! - end[b]! || a - b;
  for (let l = 0; l < lines; l++) {
    const own = rows.subarray(first[l]!, first[l + 1]!);
    // Rows mostly come in order, and looking is quicker than sorting.
    if (own.some((at, k) => k > 0 && compare(own[k - 1]!, at) > 0)) {
      own.sort(compare);
    }
  }
  return rows;
}
