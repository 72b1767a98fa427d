import { type Channel, readChannels, type Rows } from "../rows/channels.ts";
import { columnNamesOf, firstName } from "../rows/column_names.ts";
import { closed, columnsOf, type Phases } from "./phase_columns.ts";
import { changesToPhases, type PhasesOfOptions } from "./phases_of.ts";

/** Which columns say what was in which phase from when to when. */
export interface PhaseChannels {
  /** What has a line of its own: a task, a worker, a block. First column. */
  line?: Channel | undefined;
  /** When the phase started, in seconds. Second column. */
  start?: Channel | undefined;
  /** When it ended, in seconds; without a value it is open. Third column. */
  end?: Channel | undefined;
  /** Which phase. Fourth column; null, if there is one alone. */
  phase?: Channel | null | undefined;
}

/** How rows become phases. */
export interface ReadPhasesOptions extends PhaseChannels, PhasesOfOptions {}

/**
 * Rows of phases, or of changes of state, as columns. Rows are changes where
 * `time` or `state` is given, or where they have a column "time" and none
 * "start".
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
  const ofPhase = phase === undefined
    ? firstName(named, "phase", "state") ?? (named.width > 3 ? 3 : null)
    : phase;
  const isOne = ofPhase === null;
  const channels = readChannels(named.rows, {
    line: line ?? ["line", "row", "span", "task", "worker", 0],
    start: start ?? ["start", 1],
    end: end ?? ["end", 2],
    phase: ofPhase,
  }, ["start", "end"]);
  const result = columnsOf(channels.length);
  const lines = new Map<string, number>();
  const phases = new Map<string, number>();
  let length = 0;
  let negative = 0;
  for (let i = 0; i < channels.length; i++) {
    const from = channels.start.values[i]!;
    if (Number.isNaN(from)) continue;
    const to = channels.end.values[i]!;
    if (to < from) negative++;
    result.line[length] = numberOf(lines, channels.line.values[i]);
    result.phase[length] = numberOf(
      phases,
      isOne ? "" : channels.phase.values[i],
    );
    result.open[length] = Number.isNaN(to) ? 1 : 0;
    result.start[length] = to < from ? to : from;
    result.end[length++] = to < from ? from : to;
  }
  return closed({
    length,
    line: result.line.subarray(0, length),
    start: result.start.subarray(0, length),
    end: result.end.subarray(0, length),
    phase: result.phase.subarray(0, length),
    open: result.open.subarray(0, length),
    lines: [...lines.keys()],
    phases: [...phases.keys()],
    withoutTime: channels.length - length,
    negative,
    lineName: channels.line.name,
  });
}

function numberOf(numbers: Map<string, number>, value: unknown): number {
  const name = String(value ?? "(none)");
  const number = numbers.get(name) ?? numbers.size;
  if (number === numbers.size) numbers.set(name, number);
  return number;
}
