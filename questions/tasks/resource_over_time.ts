import { bytes, count, counted } from "../../display/text/format.ts";
import { checkQuestion } from "../../display/text/mistakes.ts";
import { didYouMean } from "../../display/text/nearest.ts";
import {
  type ColumnKind,
  type Database,
  spanSql as sql,
} from "../../sql/mod.ts";
import { answer } from "../answer.ts";
import type { By } from "../events/by_attributes.ts";
import { rootValues } from "../events/root_values.ts";
import { nameOfRun } from "../runs/find_run.ts";
import { keyOf } from "../workers/place_rows.ts";
import { groupColumns } from "../workers/worker.ts";
import { type Held, heldOverTime } from "./held_over_time.ts";
import {
  refuseResource,
  type ResourceName,
  resources,
  usesOf,
} from "./held_resources.ts";

/** Options of {@linkcode memoryOverTime}. */
export interface MemoryOverTimeOptions {
  /** The run: its label ("000"), its id, or a unique part. By default each. */
  run?: string | undefined;
  /**
   * What to add up by: "app", "task", "host", "executor", "worker", "run", or any
   * attribute of the tasks, their tries or work; or several of these. By default
   * "run".
   */
  by?: By | undefined;
}

/** Options of {@linkcode resourceOverTime}. */
export interface ResourceOverTimeOptions extends MemoryOverTimeOptions {
  /** The resource; see {@linkcode resourceOverTime}. */
  resource: ResourceName;
}

/** What tasks hold or use from a time on: a row of {@linkcode resourceOverTime}. */
export interface ResourceStep {
  /** Label of the run, such as "000"; if it has none, its id or directory. */
  run: string | null;
  /**
   * The name of the app, and so on for the others of `by`; and the sum over
   * tasks, in the column of the resource, such as `memory_bytes`.
   */
  [column: string]: string | number | null;
  /** Unix seconds. */
  time: number;
  /** The largest number of a single task. */
  largest: number;
  /** Number of tasks in the sum. */
  tasks: number;
}

/**
 * Adds up a resource that tasks use, over time: one row for each group and time
 * at which the sum changes, with the sum and the largest number of a single task.
 * `metricSeries(rows)` draws it.
 *
 * The resources, with the column of the sum:
 *
 * - "memory" (`memory_bytes`, resident) and "virtual memory"
 *   (`virtual_memory_bytes`);
 * - "cpu" (`cores`): seconds of the processor per second, of user and system;
 * - "disk read" (`disk_read_bytes_per_second`) and "disk write"
 *   (`disk_write_bytes_per_second`), of system calls;
 * - "children" (`children`), the number of child processes, and "context
 *   switches" (`switches_per_second`);
 * - "disk" (`disk_bytes`) and "gpus" (`gpus`), which only queues measure.
 *
 * Parsl's monitoring samples the processes of each try, some seconds apart. A try
 * counts from its first sample: with the number of its last sample, until it
 * leaves its worker, or fails, or to the last sample of the run if no log has its
 * end. The rate of a counter is the difference of two samples over the time
 * between them; a try with one sample has none. For tries without samples, Work
 * Queue's and TaskVine's resource monitors measure each execution once: it counts
 * from its start to its end with that number, the peak of memory and disk, the
 * mean of cores.
 *
 * @returns rows in the order of the groups and of time; see
 * {@linkcode ResourceStep} for the columns
 * @throws {RangeError} for a name that fits no run, or several; if no log has the
 * resource: the message says which would; for a `by` that does not exist
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { resourceOverTime } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/multi-htex.tar.gz");
 *
 * const rows = resourceOverTime(db, { resource: "cpu", by: "run", run: "000" });
 * const most = Math.max(...rows.map(({ cores }) => Number(cores)));
 * assert.ok(most > 1 && most < 5);
 * ```
 */
export function resourceOverTime(
  db: Database,
  options: ResourceOverTimeOptions,
): ResourceStep[] {
  checkQuestion("resourceOverTime", db, options, {
    resource: true,
    run: true,
    by: true,
  });
  const { resource: name, run, by = "run" } = options;
  const resource = Object.hasOwn(resources, name) ? resources[name] : undefined;
  if (!resource) {
    const names = Object.keys(resources);
    throw new RangeError(
      `there is no resource ${JSON.stringify(name)}: there is ` +
        names.map((one) => JSON.stringify(one)).join(", ") +
        didYouMean(name, names),
    );
  }
  const names = groupColumns([by].flat());
  const wanted = nameOfRun(db, run);
  const uses = usesOf(db, resource);
  const { column } = resource;
  const taken = ["time", "largest", "tasks", column];
  const groups = groupsOf(db, [...uses.keys()], names, taken, wanted);
  const held = new Map<string, { names: (string | null)[]; held: Held[] }>();
  let [samples, tries] = [0, 0];
  for (const [span, own] of uses) {
    const values = groups.get(span);
    if (!values) continue;
    samples += own.length;
    tries++;
    const group = held.getOrInsertComputed(
      keyOf(...values),
      () => ({ names: values, held: [] }),
    );
    for (const one of own) group.held.push(one);
  }
  if (tries === 0) refuseResource(name, run);
  const all = [...held.values()].sort((a, b) =>
    compare(keyOf(...a.names), keyOf(...b.names))
  );
  const rows = all.flatMap(({ names: values, held }) => {
    const group = Object.fromEntries(
      names.map((name, i) => [name, values[i]!]),
    );
    return heldOverTime(held).map((
      { time, sum, largest, number },
    ): ResourceStep => ({
      ...group,
      run: values[0]!,
      time,
      [column]: sum,
      largest,
      tasks: number,
    }));
  });
  const kind: ColumnKind | undefined = /bytes/.test(column)
    ? "bytes"
    : undefined;
  return answer(rows, ["tasks"], {
    kinds: { tasks: "count", ...kind && { [column]: kind, largest: kind } },
    heading: headingOf(
      rows,
      names,
      column,
      counted(samples, "measurement") +
        ` of ${counted(tries, "try")}`,
    ),
  });
}

/**
 * Adds up the memory that tasks hold, over time, by app, task, host or run: as
 * {@linkcode resourceOverTime} does for any resource, with its rules. The column
 * `memory_bytes` is the sum, `largest` that of the largest task.
 * `metricSeries(memoryOverTime(db))` draws it.
 *
 * @returns rows in the order of the groups and of time; see
 * {@linkcode ResourceStep} for the columns
 * @throws {RangeError} for a name that fits no run, or several; if no log has the
 * memory of tasks: the message says which would; for a `by` that does not exist
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { memoryOverTime } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/wq/runinfo");
 *
 * // This queue had one task at a time.
 * const rows = memoryOverTime(db, { by: "host" });
 * assert.ok(rows.every(({ tasks }) => tasks <= 1));
 * assert.ok(rows.every((row) => row.memory_bytes === row.largest));
 * ```
 */
export function memoryOverTime(
  db: Database,
  options: MemoryOverTimeOptions = {},
): ResourceStep[] {
  checkQuestion("memoryOverTime", db, options, { run: true, by: true });
  return resourceOverTime(db, { ...options, resource: "memory" });
}

const { compare } = new Intl.Collator("en", { numeric: true });

/** The values of the groups of each span, of one run if it is given. */
function groupsOf(
  db: Database,
  spans: readonly number[],
  names: readonly string[],
  taken: readonly string[],
  run: string | undefined,
): Map<number, (string | null)[]> {
  if (spans.length === 0) return new Map();
  const ids = sql`SELECT value AS id FROM json_each(${JSON.stringify(spans)})`;
  const roots = run === undefined ? ids : sql`SELECT id FROM span
    WHERE id IN (${ids})
      AND ${run} IN (attributes ->> 'run', attributes ->> 'rundir')`;
  const { values } = rootValues(roots, names, taken);
  const rows = db.query<{ root_id: number; category: string }>(values);
  return new Map(
    rows.map(({ root_id, category }) => [root_id, JSON.parse(category)]),
  );
}

function headingOf(
  rows: readonly ResourceStep[],
  names: readonly string[],
  column: string,
  from: string,
): string {
  const most = rows.reduce((a, b) =>
    Number(b[column]) > Number(a[column]) ? b : a
  );
  const value = Number(most[column]);
  const text = /bytes_per_second/.test(column)
    ? `${bytes(value)}/s`
    : /bytes/.test(column)
    ? bytes(value)
    : `${count(Number(value.toPrecision(3)))} ${column}`;
  const group = names.filter((name) => name !== "run")
    .map((name) => `${name} ${most[name] ?? "unknown"}`);
  return `${
    [...group, `run ${most.run}`].join(" of ")
  } had the most at once: ` +
    `${text}, of ${counted(most.tasks, "task")}. From ${from}.`;
}
