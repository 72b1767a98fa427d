import { type Channel, readChannels, type Rows } from "../rows/channels.ts";
import { columnNamesOf, firstName } from "../rows/column_names.ts";
import { cut, emptyRows, endOpen, type WorkerRows } from "./worker_columns.ts";

/** Which columns say what a worker did from when to when. */
export interface WorkerChannels {
  /** The worker. The column "worker"; else the first. */
  worker?: Channel | undefined;
  /** From when, in seconds. The column "start"; else the second. */
  start?: Channel | undefined;
  /** Until when, in seconds. The column "end"; else the third. */
  end?: Channel | undefined;
  /**
   * What it did: "busy", or what it waited for; or the app or the run whose task
   * it had. The column "state", "app" or "series", if there is one; without it
   * it was busy.
   */
  state?: Channel | null | undefined;
  /**
   * The columns whose values part the workers, from the outside in. Those of
   * "run", "executor", "block" and "manager" that there are.
   */
  groups?: readonly string[] | undefined;
  /** The states in which a worker is busy. "busy", if not given. */
  busyStates?: Iterable<string> | undefined;
}

const levels = ["run", "executor", "block", "manager"] as const;

/**
 * Reads rows of what workers did: pieces of their lives, as `workerActivity(db)`
 * gives them, or sums over a time, as `utilisation(db, { by: "worker" })` and
 * `workerIdleTime(db)` do.
 */
export function readWorkerRows(
  rows: Rows,
  options: WorkerChannels = {},
): WorkerRows {
  const named = columnNamesOf(rows);
  const parts = [...levels, "worker"].filter((level) =>
    named.names.includes(level)
  );
  // The innermost there is: rows may be of blocks, each with its utilisation.
  const worker = options.worker ?? parts.at(-1);
  const groupNames = options.groups ??
    parts.filter((name) => name !== worker && name !== "worker");
  const sums = firstName(named, "busy_seconds", "busy");
  const lives = firstName(named, "worker_seconds", "life");
  const isSums = options.state === undefined && sums && lives;
  const stateColumn = options.state ??
    firstName(named, "state", "app", "series");
  const channels = readChannels<WorkerColumn, "start" | "end">(named.rows, {
    worker,
    start: options.start ?? ["start", 1],
    end: options.end ?? ["end", 2],
    state: isSums || options.state === null ? null : stateColumn ?? null,
    busy: isSums ? sums : null,
    there: isSums ? lives : null,
    ...Object.fromEntries(groupNames.map((name) => [`of ${name}`, name])),
  }, ["start", "end"]);
  const groups = groupNames.map((name) =>
    (channels as unknown as Record<string, { values: unknown[] }>)[
      `of ${name}`
    ]!.values
  );
  const values = [...groups, channels.worker.values];
  const result = emptyRows(channels.length);
  const states = new Map<string, number>();
  const { workers, numberOf } = workerNumbers(values);
  let length = 0;
  let negative = 0;
  for (let i = 0; i < channels.length; i++) {
    const from = channels.start.values[i]!;
    if (Number.isNaN(from)) continue;
    const to = channels.end.values[i]!;
    if (to < from) negative++;
    const [start, end] = to < from ? [to, from] : [from, to];
    const took = end - start;
    const there = isSums ? perSecond(channels.there.values[i], took) : 1;
    const busy = isSums ? perSecond(channels.busy.values[i], took) : 0;
    result.worker[length] = numberOf(i);
    result.start[length] = start;
    result.end[length] = end;
    result.open[length] = Number.isNaN(end) ? 1 : 0;
    result.there[length] = there;
    result.busy[length] = busy;
    const level = isSums
      ? shareName(busy / there)
      : String(channels.state.values[i] ?? "busy");
    const s = states.get(level) ?? states.size;
    states.set(level, s);
    result.state[length++] = s;
  }
  if (!isSums) {
    const isBusy = busyStatesOf([...states.keys()], options.busyStates);
    for (let i = 0; i < length; i++) result.busy[i] = isBusy[result.state[i]!]!;
  }
  return {
    ...cut(result, length),
    ...endOpen(result, length),
    length,
    workers,
    states: [...states.keys()],
    groupNames: [...groupNames],
    withoutTime: channels.length - length,
    negative,
  };
}

/** What a share of busy time is called; see the colours of the chart. */
function shareName(share: number): string {
  if (!(share > 0.005)) return "idle";
  if (share > 0.995) return "busy";
  const low = Math.floor(share * 4) * 25;
  return `busy ${low} to ${low + 25} %`;
}

type WorkerColumn = "worker" | "start" | "end" | "state" | "busy" | "there";

/** The workers so far by what they are part of and by their names, level by level. */
interface Level extends Map<unknown, Level | number> {}

/** Numbers workers in the order in which they come. */
function workerNumbers(columns: readonly (readonly unknown[])[]) {
  const workers: WorkerRows["workers"] = [];
  const known = new Map<string, number>();
  const top: Level = new Map();
  // A value that comes for the first time may read as another that is known.
  const numberOfText = (row: number) => {
    const parts = columns.map((values) => String(values[row] ?? ""));
    const key = JSON.stringify(parts);
    const number = known.get(key) ?? known.size;
    if (number === known.size) {
      known.set(key, number);
      workers.push({ name: parts.pop() || "(none)", groups: parts });
    }
    return number;
  };
  // A text for each row would take longer than a look at each level.
  const numberOf = (row: number): number => {
    let level = top;
    const last = columns.length - 1;
    for (let c = 0; c < last; c++) {
      const value = columns[c]![row];
      let next = level.get(value) as Level | undefined;
      if (!next) level.set(value, next = new Map());
      level = next;
    }
    const value = columns[last]![row];
    let number = level.get(value) as number | undefined;
    if (number === undefined) level.set(value, number = numberOfText(row));
    return number;
  };
  return { workers, numberOf };
}

// Apps and runs are no states: where none of them is called busy, all are.
function busyStatesOf(
  states: readonly string[],
  busyStates: Iterable<string> = ["busy"],
): number[] {
  const names = new Set(busyStates);
  const areStates = states.some((state) =>
    names.has(state) || idleStates.has(state)
  );
  return states.map((state) =>
    (areStates ? names.has(state) : !/^idle$/i.test(state)) ? 1 : 0
  );
}

/** What importers call it when a worker waits. */
const idleStates = new Set(["nothing queued", "dispatch", "unknown"]);

const perSecond = (value: unknown, took: number) =>
  took > 0 ? Math.max(0, Number(value) || 0) / took : 0;
