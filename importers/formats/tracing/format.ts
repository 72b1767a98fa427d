import { facet, inside, places, state } from "../facts.ts";
import type { Format, SpanType } from "../format.ts";
import { functionLog } from "./function_log.ts";
import { identities, tracingPickle } from "./tracing_pickle.ts";

const identityOf = (name: string) => ["rundir", ...identities.get(name)!];

/** A type of span that other logs contain, too. */
const traced = (
  name: string,
  doc: string,
  role?: "task" | "try",
): SpanType => ({
  type: `parsl.tracing.${name}`,
  doc,
  identity: identityOf(name),
  role: role ?? "work",
  ...role && { preference: 3 },
});

const same = (name: string, type: string) =>
  facet(`parsl.tracing.${name}`, type, identityOf(name));

/** The traces of Parsl's DESC branches. */
export const tracing: Format = {
  name: "tracing",
  files: [functionLog, tracingPickle],
  spanTypes: [
    {
      type: "parsl.executors.workqueue.executor_task.remote",
      doc:
        "A task of Parsl's Work Queue executor, in the process that runs the " +
        "function. Only Parsl's DESC branches log it.",
      identity: ["rundir", "executor", "executor_task"],
      role: "work",
      preference: 3,
      states: [
        state("START", places.worker, "busy"),
        state("DONE", places.returning, "idle"),
      ],
    },
    traced("TASK", "A task, as Parsl's DESC branches trace it.", "task"),
    traced("TRY", "A try, as Parsl's DESC branches trace it.", "try"),
    traced(
      "EXECUTOR_TASK",
      "A task of the Work Queue executor, as Parsl's DESC branches trace it.",
    ),
    traced(
      "WQ_TASK",
      "A task of Work Queue, as Parsl's DESC branches trace it.",
    ),
    {
      type: "parsl.tracing.PACKAPPLY",
      doc: "The packing of one call, traced.",
      identity: ["rundir", "id"],
    },
  ],
  rules: [
    same("TASK", "parsl.rundir.task"),
    same("TRY", "parsl.rundir.try"),
    // The tracing does not name the executor: if two executors use the same
    // number, it is bound to neither.
    same("EXECUTOR_TASK", "parsl.executors.workqueue.executor_task"),
    same("WQ_TASK", "workqueue.task"),
    inside(
      "parsl.executors.workqueue.executor_task",
      "parsl.executors.workqueue.executor_task.remote",
      ["rundir", "executor", "executor_task"],
    ),
  ],
};
