import { inside } from "../facts.ts";
import type { Format } from "../format.ts";

const run = ["run"];
const task = [...run, "task"];
const tries = [...task, "try"];

/** Logs of any program that `importLines` binds as a whole. */
export const linePatterns: Format = {
  name: "line_patterns",
  files: [],
  spanTypes: [
    {
      type: "bound_log.in_try",
      doc:
        "A log about a try, by `within` or its path: its spans are inside it.",
      identity: [...tries, "file"],
    },
    {
      type: "bound_log.in_task",
      doc: "The same about a task.",
      identity: [...task, "file"],
    },
    {
      type: "bound_log.in_run",
      doc: "The same about a run.",
      identity: [...run, "file"],
    },
    {
      type: "bound_log.alone",
      doc: "The same about nothing of Parsl: a context of its own.",
      identity: ["file"],
    },
  ],
  rules: [
    inside("parsl.rundir.try", "bound_log.in_try", tries, "file"),
    inside("parsl.rundir.task", "bound_log.in_task", task, "file"),
    inside("parsl.rundir.workflow", "bound_log.in_run", run, "file"),
  ],
};
