import { facet, inside, places } from "../facts.ts";
import type { EventType, Format } from "../format.ts";
import { asJsonLog, tryLog } from "./json_logs.ts";
import { parslLog, parslSignatures } from "./parsl_log.ts";
import { scanJsonLog } from "./run_of_log.ts";
import { submitScriptOutput } from "./submit_scripts.ts";
import { taskLog } from "./task_logs.ts";

/** The states of a try, which parsl.log and monitoring.db both record. */
export const statesOfTry: readonly EventType[] = [
  { event: "pending", place: places.dependencies },
  { event: "launched", place: places.parsl, work: "queued" },
  { event: "running", place: places.worker },
  { event: "running_ended", place: places.returning },
  { event: "joining", place: places.joining, work: "idle" },
  { event: "exec_done", place: places.done, isFinal: true, work: "idle" },
  { event: "memo_done", place: places.done, isFinal: true },
  { event: "dep_fail", place: places.failed, isFinal: true },
  { event: "failed", place: places.failed, isFinal: true, work: "idle" },
  { event: "fail_retryable", place: places.retry, isFinal: true, work: "idle" },
];

/** The states of a block, which parsl.log and monitoring.db both record. */
export const blockStates: readonly EventType[] = [
  { event: "launched", doc: "Its job was submitted to the batch system." },
  { event: "PENDING" },
  { event: "RUNNING", work: "up" },
  ...[
    "COMPLETED",
    "FAILED",
    "CANCELLED",
    "TIMEOUT",
    "SCALED_IN",
    "MISSING",
  ].map((event): EventType => ({ event, isFinal: true, work: "down" })),
];

/** Logs of the submitting process: parsl.log and its JSON counterparts. */
export const parsl: Format = {
  name: "parsl",
  steps: ["parsl.rundir.try/pending", "parsl.rundir.try/launched"],
  files: [
    parslLog,
    { ...asJsonLog(parslLog, parslSignatures), scan: scanJsonLog },
    tryLog,
    submitScriptOutput,
    taskLog,
  ],
  spanTypes: [
    {
      type: "parsl.rundir.workflow",
      doc: "A run, as the logs in its run directory describe it.",
      role: "run",
      preference: 1,
      identity: ["rundir"],
    },
    {
      type: "parsl.rundir.task",
      doc: "A task, as the submitting process logs it.",
      role: "task",
      preference: 1,
      identity: ["rundir", "task"],
      events: [
        { event: "submitted" },
        {
          event: "stdout",
          doc:
            "The size of its file in task_logs. The event is at the last line: " +
            "lines(db, event, { context: 10 }) shows the end.",
        },
        {
          event: "stderr",
          doc: "The size of its file of error output, likewise.",
        },
      ],
    },
    {
      type: "parsl.rundir.try",
      doc:
        "An attempt to run a task; its events are the states it enters. Every " +
        "task with a state has a try 0, launched or not.",
      role: "try",
      preference: 1,
      identity: ["rundir", "task", "try"],
      states: statesOfTry,
    },
    {
      type: "parsl.executor",
      doc:
        "An executor, by its label. `function_data` names the directory in which " +
        "TaskVineExecutor puts the functions of its tasks: it is never used twice.",
      role: "executor",
      identity: ["rundir", "executor"],
      events: [
        { event: "added", work: "up" },
        { event: "shut down", work: "down" },
        {
          event: "scaling out",
          work: "scale",
          doc: "Parsl asked its provider for more `blocks`.",
        },
        {
          event: "scaling in",
          work: "scale",
          doc: "Parsl was to end this number of `blocks`.",
        },
      ],
    },
    {
      type: "parsl.executor.block",
      doc:
        "A block of an executor, as the submitting process logs it. Its events " +
        "are the states of its job, and the output of its submit script.",
      role: "block",
      preference: 1,
      identity: ["rundir", "executor", "block"],
      states: blockStates,
      events: [
        {
          event: "exited",
          work: "down",
          doc: "The exit code of its submit script.",
        },
        { event: "stdout", doc: "The end of its submit script's output." },
        { event: "stderr", doc: "The end of its error output." },
      ],
    },
    {
      type: "parsl.lexical",
      doc:
        "A section of the program, such as one call of a function, between two " +
        "records of a JSON log.",
      identity: ["rundir", "process", "wrap_id"],
      events: [{ event: "start" }, { event: "end" }],
    },
  ],
  rules: [
    { implies: ["rundir"], gives: ["run"] },
    {
      implies: ["rundir", "executor", "executor_task"],
      gives: ["task", "try"],
    },
    // METRIC lines name span types of their own.
    facet("parsl.rundir.task", "GATHERED_DEPS", ["rundir", "task"]),
    facet("parsl.rundir.task", "COUNTED_DEPS", ["rundir", "task"]),
    facet("parsl.executor", "STRATEGY", ["rundir", "executor"]),
    inside("parsl.rundir.workflow", "parsl.executor", ["rundir"], "executor"),
    inside(
      "parsl.executor",
      "parsl.executor.block",
      ["rundir", "executor"],
      "block",
    ),
  ],
};
