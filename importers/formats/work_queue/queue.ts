import { inside, places, state } from "../facts.ts";
import type { RankedPlace, SpanType } from "../format.ts";
import type { Rule } from "../../../sql/mod.ts";
import type { TransactionNames } from "./transactions.ts";

// Work Queue and TaskVine are two generations of one program: their logs, and
// those of Parsl's executors for them, differ only in names.

/** The span types of both, with the names that differ. */
export function queueTypes(
  { component, task }: TransactionNames,
  { label, queue, waiting }: {
    label: string;
    queue: RankedPlace;
    /** States in which a task waits for a worker. */
    waiting: readonly string[];
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
      identity: [...shared, "manager_pid"],
      role: "manager",
      events: [{ event: "START" }, { event: "END", work: "down" }],
    },
    {
      type: `${component}.worker`,
      doc: `A worker of ${label}.`,
      identity: [...shared, "worker"],
      role: "worker",
      events: [
        { event: "CONNECTION", work: "up" },
        { event: "DISCONNECTION", work: "down" },
      ],
    },
    {
      type: `${component}.category`,
      doc: `A category of ${label}'s tasks: an app.`,
      identity: [...shared, "category"],
    },
    {
      type: `${component}.task`,
      doc: `A task of ${label}, as its manager logs it.`,
      identity: [...shared, task],
      role: "work",
      states: [
        ...waiting.map((event) => state(event, queue, "queued")),
        state("RUNNING", places.worker, "busy"),
        state("WAITING_RETRIEVAL", places.returning, "idle"),
        state("RETRIEVED", places.returning),
        state("DONE", places.returning),
      ],
    },
  ];
}

/** The rules of both. */
export function queueRules({ component, task }: TransactionNames): Rule[] {
  const executorTask = ["rundir", "executor", "executor_task"];
  const submitted = `parsl.executors.${component}.executor_task`;
  const within = (outer: string, by: string, inner: string, key: string) =>
    inside(
      `${component}.${outer}`,
      `${component}.${inner}`,
      ["rundir", "executor", by],
      key,
    );
  return [
    // Each number leads to the other, whichever log has both.
    { implies: ["rundir", "executor", task], gives: ["executor_task"] },
    { implies: executorTask, gives: [task] },
    inside("parsl.rundir.try", submitted, executorTask),
    // If two logs contradict each other, neither is bound.
    inside(submitted, `${component}.task`, [...executorTask, task]),
    within("manager", "manager_pid", "worker", "worker"),
    within("manager", "manager_pid", "category", "category"),
    within("category", "category", "task", task),
    within("worker", "worker", "task", task),
  ];
}
