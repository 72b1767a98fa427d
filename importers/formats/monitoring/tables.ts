import { type Sql, sql } from "../../../sql/mod.ts";

/** The columns that identify spans of each kind, by attribute. */
export const identifyingColumns = {
  workflow: { run: "run_id" },
  task: { run: "run_id", task: "task_id" },
  try: { run: "run_id", task: "task_id", try: "try_id" },
  block: { run: "run_id", executor: "executor_label", block: "block_id" },
  node: { run: "run_id", hostname: "hostname", manager: "uid" },
} satisfies Record<string, Record<string, string>>;

export type Kind = keyof typeof identifyingColumns;

export const typeOf = (kind: Kind) => `parsl.monitoring.${kind}`;

export const columns = Object.fromEntries(
  Object.entries(identifyingColumns).map((
    [kind, by],
  ) => [kind, Object.values(by)]),
) as Record<Kind, string[]>;

/** Values for columns that a version of Parsl lacks, such as try numbers. */
export const defaults: Readonly<Record<string, string>> = {
  try_id: "0",
  uid: "",
};

/** The kinds that contain others. */
export const outer: Partial<Record<Kind, Kind>> = {
  task: "workflow",
  try: "task",
  block: "workflow",
  node: "workflow",
};

/** The meaning of a table's rows. */
interface RowMeaning {
  /** The kind of span that a row is about. */
  kind: Kind;
  /** By attribute, the column that describes the span. */
  details?: Readonly<Record<string, string>>;
  /** Events, and the columns with their times. */
  events?: readonly (readonly [event: Sql, time: string])[];
}

/** By table; that of blocks precedes the tries that ran in them. */
export const meanings: Readonly<Record<string, RowMeaning>> = {
  workflow: {
    kind: "workflow",
    details: {
      name: "workflow_name",
      version: "workflow_version",
      host: "host",
      user: "user",
      directory: "rundir",
      tasks_failed: "tasks_failed_count",
      tasks_completed: "tasks_completed_count",
    },
    events: [
      [sql`'began'`, "time_began"],
      [sql`'completed'`, "time_completed"],
    ],
  },
  task: {
    kind: "task",
    details: {
      app: "task_func_name",
      depends: "task_depends",
      memoize: "task_memoize",
      hashsum: "task_hashsum",
      fail_count: "task_fail_count",
      fail_cost: "task_fail_cost",
    },
    events: [
      [sql`'invoked'`, "task_time_invoked"],
      // In Parsl before 1.1.
      [sql`'invoked'`, "task_time_submitted"],
      [sql`'returned'`, "task_time_returned"],
    ],
  },
  block: {
    kind: "block",
    details: { job: "job_id" },
    events: [[sql`CAST(status AS TEXT)`, "timestamp"]],
  },
  try: {
    kind: "try",
    details: {
      executor: "task_executor",
      block: "block_id",
      hostname: "hostname",
      joins: "task_joins",
      fail_history: "task_fail_history",
    },
  },
  node: {
    kind: "node",
    details: {
      block: "block_id",
      cpu_count: "cpu_count",
      total_memory: "total_memory",
      python_version: "python_v",
      workers: "worker_count",
    },
    events: [[sql`iif(active, 'active', 'inactive')`, "timestamp"]],
  },
  status: {
    kind: "try",
    events: [[sql`CAST(task_status_name AS TEXT)`, "timestamp"]],
  },
  resource: { kind: "try" },
};

/** Names of the tables whose rows are about spans, in the order to read them. */
export const knownTables: readonly string[] = Object.keys(meanings);
