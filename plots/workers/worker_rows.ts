import type { OptionNames } from "../../display/text/mistakes.ts";
import {
  type Channel,
  type ChannelChoice,
  type ChannelRead,
  type columnNamesOf,
  isColumnTable,
  readChannels,
} from "../rows/channels.ts";
import {
  compareNames,
  numberOf,
  numberPlaces,
  valuesAt,
} from "../rows/row_order.ts";
import { PhaseList } from "../timeline/phases.ts";

/** Columns with the worker of each row, its start and its end. */
export interface WorkerRowChannels {
  /** The worker. The column "slot" or "worker"; else the first. */
  worker?: Channel | undefined;
  /** In seconds. The column "start"; else the second. */
  start?: Channel | undefined;
  /** In seconds. The column "end"; else the third. */
  end?: Channel | undefined;
  /**
   * Columns that group the workers, from the outside in. By default "run",
   * "executor", "block" and "manager", if they exist, and "worker" if there is a
   * column "slot".
   */
  groups?: readonly string[] | undefined;
}

export const workerRowNames: OptionNames<WorkerRowChannels> = {
  worker: true,
  start: true,
  end: true,
  groups: true,
};

/** The columns of a chart of workers. */
export type WorkerColumns = ReturnType<typeof columnNamesOf>;

// From the outside in.
const levels = ["run", "executor", "block", "manager", "worker", "slot"];

/**
 * Reads rows of workers, worker by worker, with further channels.
 *
 * @param phaseOf the name of the phase of a row; undefined if it is none
 */
export function readWorkerRows<Name extends string>(
  columns: WorkerColumns,
  options: WorkerRowChannels,
  others: Record<Name, ChannelChoice>,
  phaseOf: (
    row: number,
    read:
      & Record<Name, ChannelRead>
      & Record<
        "start" | "end",
        ChannelRead<Float64Array>
      >,
  ) => string | undefined,
) {
  const { rows } = columns;
  const parts = levels.filter((name) => hasValues(columns, name));
  // The innermost there is: rows may be of blocks, each with its utilisation.
  const worker = options.worker ?? parts.at(-1);
  const groupNames = [
    ...options.groups ??
      parts.filter((name) =>
        name !== worker && (name !== "worker" || worker === "slot")
      ),
  ];
  const read = readChannels<string, "start" | "end">(rows, {
    worker,
    start: options.start ?? ["start", 1],
    end: options.end ?? ["end", 2],
    ...Object.fromEntries(groupNames.map((name) => [`group ${name}`, name])),
    ...others,
  }, ["start", "end"]);
  const { values: start } = read.start;
  const { values: end } = read.end;
  const timed = numberPlaces(start);
  const found = Array.from(timed, (row) => phaseOf(row, read as never));
  const kept = timed.filter((_, i) => found[i] !== undefined);
  const names = found.filter((name) => name !== undefined);
  const { workers, numbers } = numberWorkers(
    [
      ...groupNames.map((name) => read[`group ${name}`]!.values),
      read.worker!.values,
    ],
    kept,
  );
  const phases = new Map<string, number>();
  const list = new PhaseList(kept.length);
  kept.forEach((row, i) => {
    const phase = numberOf(names[i]!, phases);
    list.add(numbers[i]!, start[row]!, end[row]!, phase);
  });
  const { added, ...inOrder } = list.inOrder(workers.length);
  return {
    ...inOrder,
    phases,
    /** The row of each phase. */
    rows: valuesAt(kept, added),
    /** The places of the rows that are no phase. */
    others: timed.filter((_, i) => found[i] === undefined),
    read: read as unknown as
      & Record<Name | "worker", ChannelRead>
      & Record<"start", ChannelRead<Float64Array>>,
    workers,
    groupNames,
    noun: worker === "slot" && !parts.includes("worker") ||
        !levels.includes(worker as string)
      ? "worker"
      : worker as string,
    withoutTime: read.length - timed.length,
  };
}

/** Whether a column exists and has values: some managers know no workers. */
export const hasValues = (
  { rows, names }: WorkerColumns,
  name: string,
): boolean =>
  names.includes(name) &&
  (isColumnTable(rows)
    ? Array.prototype.some.call(rows.array(name), (value) => value != null)
    : rows.some((row) => (row as Record<string, unknown>)[name] != null));

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
      worker: names.at(-1)!,
      groups: names.slice(0, -1),
    })),
    numbers: numbers.map((number) => rank[number]!),
  };
}
