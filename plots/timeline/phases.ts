// Over 300 lines: phases, from rows of two kinds to columns.

import { weightChannelNames } from "../counts/weights.ts";
import { checkOptions, type OptionNames } from "../../display/text/mistakes.ts";
import type { StateChannels } from "../counts/spans_in_state.ts";
import {
  type Channel,
  columnNamesOf,
  firstName,
  nounOf,
  readChannels,
  type Rows,
} from "../rows/channels.ts";
import { groupRows, numberOf, valuesAt } from "../rows/row_order.ts";
import { foldNames, maxSeries } from "../rows/series.ts";
import { nameChannels, namesOfSpans } from "../rows/span_names.ts";
import { stepEntries, stepRows } from "../rows/step_rows.ts";

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
  /** Whether the names of the lines say what a line is: "task 79, bottom". */
  areNamed?: boolean;
  /** Name of the column of the lines, if it has one. */
  lineName: string | undefined;
  /** What the rows are about, in the singular: "span", unless it is known. */
  noun?: string;
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

export const phasesOfNames: OptionNames<PhasesOfOptions> = {
  span: true,
  time: true,
  state: true,
  final: true,
  ...weightChannelNames,
};

/** Columns of phases, or of changes of state. */
export interface ReadPhasesOptions extends PhaseChannels, PhasesOfOptions {}

/** Columns that name the line of a phase, the first one first. */
export const lineColumns = ["line", "row", "span", "task", "worker"] as const;

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
    line: line ?? [...lineColumns, 0],
    start: start ?? ["start", 1],
    end: end ?? ["end", 2],
    phase: phase === undefined
      ? firstName(named, "phase", "state") ?? (named.width > 3 ? 3 : null)
      : phase,
    ...nameChannels,
  }, ["start", "end"]);
  const phaseOf = read.phase.values.length > 0
    ? (row: number) => String(read.phase.values[row] ?? "(none)")
    : () => "";
  const lines = new Map<string, number>();
  const phases = new Map<string, number>();
  const list = new PhaseList(read.length);
  const lineOf = new Int32Array(read.length).fill(-1);
  read.start.values.forEach((start, row) => {
    if (Number.isNaN(start)) return;
    lineOf[row] = numberOf(String(read.line.values[row] ?? "(none)"), lines);
    list.add(
      lineOf[row]!,
      start,
      read.end.values[row]!,
      numberOf(phaseOf(row), phases),
    );
  });
  const inOrder = list.inOrder(lines.size);
  const { names, areWhole } = namesOfSpans(read, {
    column: read.line.name,
    values: [...lines.keys()],
    of: lineOf,
    noun: nounOf(named.rows),
  });
  return {
    ...inOrder,
    lines: names,
    areNamed: areWhole,
    phases: [...phases.keys()],
    withoutTime: read.length - inOrder.length,
    lineName: read.line.name,
  };
}

/** Collects phases, up to a maximum number. */
export class PhaseList {
  #columns: PhaseColumns;
  #length = 0;
  #negative = 0;

  constructor(room: number) {
    this.#columns = {
      line: new Uint32Array(room),
      start: new Float64Array(room),
      end: new Float64Array(room),
      phase: new Int32Array(room),
      open: new Uint8Array(room),
    };
  }

  /** Adds a phase; an open one has the end NaN. */
  add(line: number, start: number, end: number, phase: number): void {
    const columns = this.#columns;
    const i = this.#length++;
    if (end < start) this.#negative++;
    columns.line[i] = line;
    columns.start[i] = end < start ? end : start;
    columns.end[i] = end < start ? start : end;
    columns.phase[i] = phase;
    columns.open[i] = Number(Number.isNaN(end));
  }

  /**
   * The phases line by line, and within a line by their start; a phase of no
   * length comes before one that begins with it. Open phases end at the end of
   * the data.
   */
  inOrder(lines: number) {
    const { line, start, end, phase, open } = this.#columns;
    const length = this.#length;
    let [first, last, withoutEnd] = [Infinity, -Infinity, 0];
    for (let i = 0; i < length; i++) {
      first = Math.min(first, start[i]!);
      last = Math.max(last, open[i] ? start[i]! : end[i]!);
      withoutEnd += open[i]!;
    }
    for (let i = 0; i < length; i++) if (open[i]) end[i] = last;
    const { rows, first: firstOf } = groupRows(length, lines, (i) => line[i]!);
    const compare = (a: number, b: number) =>
      start[a]! - start[b]! || end[a]! - end[b]! || a - b;
    for (let l = 0; l < lines; l++) {
      const own = rows.subarray(firstOf[l]!, firstOf[l + 1]!);
      // Rows mostly come in order, and looking is quicker than sorting.
      if (own.some((at, k) => k > 0 && compare(own[k - 1]!, at) > 0)) {
        own.sort(compare);
      }
    }
    const domain: [number, number] = first <= last ? [first, last] : [0, 0];
    return {
      line: valuesAt(line, rows),
      start: valuesAt(start, rows),
      end: valuesAt(end, rows),
      phase: valuesAt(phase, rows),
      open: valuesAt(open, rows),
      /** The place of each in the order in which they were added. */
      added: rows,
      length,
      domain,
      withoutEnd,
      negative: this.#negative,
    };
  }
}

/** Total seconds of each kind of phase. */
export function phaseSeconds(
  { length, start, end, phase, phases }: Phases,
): Float64Array {
  const total = new Float64Array(phases.length);
  for (let i = 0; i < length; i++) total[phase[i]!]! += end[i]! - start[i]!;
  return total;
}

/** Makes one kind, "other (n)", of all but `always` and the `max` longest. */
export function foldPhases(
  given: Phases,
  max = maxSeries,
  always: ReadonlySet<string> = new Set(),
): Phases {
  const sizes = phaseSeconds(given).map((size, p) =>
    always.has(given.phases[p]!) ? Infinity : size
  );
  const { names, places } = foldNames(given.phases, sizes, max);
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
 *   { line: "task 1", start: 0, end: 3, phase: "running" },
 *   { line: "task 1", start: 3, end: 3, phase: "exec_done" },
 *   { line: "task 2", start: 1, end: null, phase: "running" },
 * ]);
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 */
export function phasesOf(rows: Rows, options: PhasesOfOptions = {}): Phase[] {
  checkOptions("phasesOf", options, phasesOfNames);
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
  rows: Rows,
  { span: ofSpan, time: ofTime, state, final }: PhasesOfOptions,
): Phases {
  const changes = stepRows(
    rows,
    { span: ofSpan, time: ofTime, step: state },
    true,
  );
  const { time, span, step, length, steps, spans } = changes;
  const finalNames = final && new Set(final);
  const usual = finalNames ? undefined : stepEntries(changes).isFinal;
  const isFinal = usual ?? steps.map((name) => finalNames!.has(name));
  const list = new PhaseList(length);
  // The state that each span is in, or -1.
  const current = new Int32Array(spans.length).fill(-1);
  const since = new Float64Array(spans.length);
  const leave = (s: number, end: number) => {
    if (current[s]! >= 0) list.add(s, since[s]!, end, current[s]!);
  };
  for (let i = 0; i < length; i++) {
    const s = span[i]!;
    // Some versions of Parsl write a state twice: it is entered once.
    if (current[s] === step[i]) continue;
    leave(s, time[i]!);
    current[s] = step[i]!;
    since[s] = time[i]!;
  }
  current.forEach((state, s) => leave(s, isFinal[state] ? since[s]! : NaN));
  return {
    ...list.inOrder(spans.length),
    lines: changes.names!.names,
    areNamed: changes.names!.areWhole,
    phases: steps,
    withoutTime: changes.withoutTime,
    lineName: changes.spanName,
    noun: changes.noun,
  };
}
