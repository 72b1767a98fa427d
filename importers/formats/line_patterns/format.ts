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
        "A log about a try, by `within` or its path. It contains the spans of its lines.",
      identity: [...tries, "file"],
    },
    {
      type: "bound_log.in_task",
      doc: "A log about a task, likewise.",
      identity: [...task, "file"],
    },
    {
      type: "bound_log.in_run",
      doc: "A log about a run, likewise.",
      identity: [...run, "file"],
    },
    {
      type: "bound_log.alone",
      doc:
        "A log that `within` relates to no run: it contains the spans of its lines.",
      identity: ["file"],
    },
  ],
  rules: [
    inside("parsl.rundir.try", "bound_log.in_try", tries, "file"),
    inside("parsl.rundir.task", "bound_log.in_task", task, "file"),
    inside("parsl.rundir.workflow", "bound_log.in_run", run, "file"),
  ],
};
