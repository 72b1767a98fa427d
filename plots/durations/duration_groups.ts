import {
  type Channel,
  columnNamesOf,
  nounOf,
  readChannels,
  type Rows,
} from "../rows/channels.ts";
import { groupRows, numberOf, valuesAt } from "../rows/row_order.ts";
import { nameGroups } from "../rows/group_names.ts";

/** Columns of durations and of the groups that they belong to. */
export interface BoxChannels {
  /**
   * Columns that name the group of a row, from the outside in. By default
   * "app", if there is one, or else all columns before the duration.
   */
  by?: string | readonly string[] | undefined;
  /** Duration in seconds. By default "seconds", or else `end` − `start`. */
  duration?: Channel | undefined;
  /** Start in seconds, if there is no duration. By default "start". */
  start?: Channel | undefined;
  /** End in seconds, if there is no duration. By default "end". */
  end?: Channel | undefined;
  /**
   * 1 or true for a row that had not ended. By default the column "unfinished",
   * or else the outcomes "running" and "lost" in a column "outcome".
   */
  unfinished?: Channel | undefined;
}

/** The durations of one group. */
export interface DurationGroup {
  /** One for each column of the groups. */
  parts: string[];
  /** Seconds, in ascending order. */
  durations: Float64Array;
  /** Those of rows that had not ended, up to the last moment known. */
  known: Float64Array;
  /** Number of rows that had not ended. */
  unfinished: number;
}

/** Durations group by group. */
export type DurationGroups = ReturnType<typeof readDurationGroups>;

/** Reads the groups, the one with the largest total first. */
export function readDurationGroups(rows: Rows, options: BoxChannels) {
  const named = columnNamesOf(rows);
  const { names, width } = named;
  const has = (name: string) => names.includes(name);
  const given = options.duration ?? (has("seconds") ? "seconds" : undefined);
  const hasEnds = given === undefined &&
    (options.end !== undefined || has("end"));
  const duration = given ?? Math.max(0, Math.min(1, width - 1));
  const first = hasEnds ? options.start ?? "start" : duration;
  const before = typeof first === "string" ? names.indexOf(first) : first;
  const columns = options.by !== undefined
    ? [options.by].flat()
    : has("app")
    ? ["app"]
    : typeof before === "number"
    ? names.length ? names.slice(0, before) : Array(before).keys().toArray()
    : [];
  const read = readChannels<string, "start" | "end">(named.rows, {
    start: hasEnds ? options.start ?? "start" : null,
    end: width === 0 ? null : hasEnds ? options.end ?? "end" : duration,
    mark: options.unfinished ?? ["unfinished", null],
    outcome: options.unfinished === undefined ? ["outcome", null] : null,
    ...Object.fromEntries(columns.map((name) => [`group ${name}`, name])),
  }, ["start", "end"]);
  const ofGroup = columns.map((name) => read[`group ${name}`]!.values);
  const { length } = read;
  const seconds = read.end.values;
  for (let row = 0; row < length && hasEnds; row++) {
    seconds[row]! -= read.start.values[row]!;
  }
  const { mark, outcome } = read;
  const isOpen = (row: number) =>
    Boolean(Number(mark!.values[row] ?? 0)) ||
    openOutcomes.has(outcome!.values[row]) ||
    hasEnds && Number.isNaN(seconds[row]) &&
      !Number.isNaN(read.start.values[row]);
  const numbers = new Map<string, number>();
  const parts: string[][] = [];
  let withoutTime = 0;
  const of = new Int32Array(length);
  for (let row = 0; row < length; row++) {
    if (Number.isNaN(seconds[row]) && !isOpen(row)) {
      withoutTime++;
      of[row] = -1;
      continue;
    }
    const own = ofGroup.map((values) => String(values[row] ?? ""));
    const group = numberOf(
      own.length === 1 ? own[0]! : JSON.stringify(own),
      numbers,
    );
    parts[group] ??= own;
    of[row] = group;
  }
  const { rows: sorted, first: firsts } = groupRows(
    length,
    parts.length,
    (row) => of[row]!,
  );
  const groups = parts.map((parts, group): DurationGroup => {
    const own = sorted.subarray(firsts[group], firsts[group + 1]);
    const open = own.filter(isOpen);
    const ended = open.length ? own.filter((row) => !isOpen(row)) : own;
    return {
      parts,
      durations: valuesAt(seconds, ended).sort(),
      known: valuesAt(seconds, open).filter((value) => !Number.isNaN(value)),
      unfinished: open.length,
    };
  });
  const labels = columns.map((name) =>
    typeof name === "string" ? name : "group"
  );
  return {
    groups,
    ...nameGroups(groups.map(({ parts }) => parts), labels),
    withoutTime,
    rowNoun: nounOf(rows),
  };
}

const openOutcomes = new Set<unknown>(["running", "lost"]);
