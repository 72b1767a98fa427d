import { inside, places, state } from "../facts.ts";
import { basename, dirname, join } from "node:path";
import type { EventType, LogPlace, RankedPlace, SpanType } from "../format.ts";
import type { Rule } from "../../../sql/mod.ts";
import type { TransactionNames } from "./transactions.ts";

// Work Queue and TaskVine are two generations of one program: their logs, and
// those of Parsl's executors for them, differ only in names.

/**
 * The place of a log that its user named. "my.tr.log" and "my_perf.log" in one
 * directory are about the manager "my".
 */
export function placeByName(path: string): LogPlace {
  const name = basename(path);
  const parts = name.split(/(?=[._-])/);
  while (kind.test(parts.at(-1) ?? "")) parts.pop();
  const executor = parts.join("") || name;
  return { path, rundir: join(dirname(path), executor), executor };
}

const kind =
  /^[._-](?:transactions?|txn|tr|performance|perf|stats|debug|taskgraph|graph|log|txt|gz)$/i;

/** The span types of both, with the names that differ. */
export function queueTypes(
  { component, task }: TransactionNames,
  { label, queue, waiting, taskEvents, workerEvents = [] }: {
    label: string;
    queue: RankedPlace;
    /** States in which a task waits for a worker. */
    waiting: readonly string[];
    /** Other events of tasks and workers. */
    taskEvents: readonly EventType[];
    workerEvents?: readonly EventType[];
  },
): SpanType[] {
  const shared = ["rundir", "executor"];
  return [
    {
      type: `parsl.executors.${component}.executor_task`,
      doc: `A task of Parsl's ${label} executor, in the submitting process.`,
      identity: [...shared, "executor_task"],
      role: "work",
      states: [
        state("executor_submitted", places.parsl, "queued"),
        state("executor_completed", places.returning),
      ],
    },
    {
      type: `${component}.manager`,
      doc: `${label}'s manager, which is part of the submitting process.`,
      identity: shared,
      role: "manager",
      ownLog: "transaction%",
      events: [
        { event: "START", work: "up" },
        { event: "END", work: "down" },
        {
          event: "DISCONNECTION",
          doc: "A connection ended before its worker said who it is.",
        },
      ],
    },
    {
      type: `${component}.worker`,
      doc: `A worker of ${label}. \`cores\`, \`memory_mb\`, \`disk_mb\` and ` +
        "`gpus` are what it has, as it reported last.",
      identity: [...shared, "worker"],
      role: "worker",
      events: [
        { event: "CONNECTION", work: "up" },
        { event: "DISCONNECTION", work: "down" },
        ...workerEvents,
      ],
    },
    {
      type: `${component}.category`,
      doc: `A category of ${label}'s tasks: an app.`,
      identity: [...shared, "category"],
    },
    {
      type: `${component}.task`,
      doc: `A task of ${label}, as its manager logs it. It is in each worker ` +
        "that ran it: in several if it was resent after the loss of one. " +
        "`cores`, `memory_mb`, `disk_mb` and `gpus` are allocated to its last " +
        "attempt; `cores_requested`, `memory_requested_mb` and so on were " +
        "requested; `cores_measured` and so on are what a monitor measured. Each " +
        "attempt's are attributes of its events. An MB is 2^20 bytes.",
      identity: [...shared, task],
      role: "work",
      states: [
        ...waiting.map((event) => state(event, queue, "queued")),
        state("RUNNING", places.worker, "busy"),
        state("WAITING_RETRIEVAL", places.returning, "idle"),
        state("RETRIEVED", places.returning),
        state("DONE", places.returning),
        // Without a worker until then, or while it runs.
        state("CANCELED", places.returning, "idle"),
      ],
      events: taskEvents,
    },
  ];
}

/** Transfers between the manager and a worker. */
export const transfers: readonly EventType[] = [
  {
    event: "TRANSFER_INPUT",
    work: "transfer",
    doc: "The manager sent a file: `bytes` in `seconds`.",
  },
  {
    event: "TRANSFER_OUTPUT",
    work: "transfer",
    doc: "The manager received a file: `bytes` in `seconds`.",
  },
];

/**
 * The rules of both.
 *
 * @param nest how to nest a task in Parsl's executor task by the run directory
 */
export function queueRules(
  { component, task }: TransactionNames,
  nest: typeof inside = inside,
): Rule[] {
  const executorTask = ["rundir", "executor", "executor_task"];
  const submitted = `parsl.executors.${component}.executor_task`;
  const within = (outer: string, by: string[], inner: string, key: string) =>
    inside(
      `${component}.${outer}`,
      `${component}.${inner}`,
      ["rundir", "executor", ...by],
      key,
    );
  return [
    // Each number leads to the other, whichever log has both.
    { implies: ["rundir", "executor", task], gives: ["executor_task"] },
    { implies: executorTask, gives: [task] },
    inside("parsl.rundir.try", submitted, executorTask),
    // If two logs contradict each other, neither is bound.
    nest(submitted, `${component}.task`, [...executorTask, task]),
    within("manager", [], "worker", "worker"),
    within("manager", [], "category", "category"),
    within("category", ["category"], "task", task),
  ];
}
