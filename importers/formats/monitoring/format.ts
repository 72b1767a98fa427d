import { facet } from "../facts.ts";
import type { Format } from "../format.ts";
import { asJsonLog } from "../parsl/json_logs.ts";
import { statesOfTry } from "../parsl/states.ts";
import { readMonitoringDb } from "./import.ts";
import { processLog } from "./process_log.ts";

/** Parsl's monitoring: its database, and the logs of its own processes. */
export const monitoring: Format = {
  name: "monitoring",
  steps: ["pending", "launched", "running", "running_ended"]
    .map((state) => `parsl.monitoring.try/${state}`),
  files: [processLog, asJsonLog(processLog)],
  database: {
    importer: "monitoring.db",
    readDatabase: readMonitoringDb,
    runsOf: (db, sourceId) =>
      db.query<{ run: string }>(
        "SELECT run_id AS run FROM monitoring_workflow WHERE source_id = ?",
        [sourceId],
      ).map(({ run }) => run),
  },
  spanTypes: [
    {
      type: "parsl.monitoring.workflow",
      doc: "A run: one start of Parsl.",
      identity: ["run"],
      role: "run",
      preference: 2,
      events: [{ event: "began" }, { event: "completed" }],
    },
    {
      type: "parsl.monitoring.task",
      doc: "A task: one call of an app.",
      identity: ["run", "task"],
      role: "task",
      preference: 2,
      events: [{ event: "invoked" }, { event: "returned" }],
    },
    {
      type: "parsl.monitoring.try",
      doc:
        "An attempt to run a task. Samples of its resources are in `metric`.",
      identity: ["run", "task", "try"],
      role: "try",
      preference: 2,
      states: statesOfTry,
    },
    {
      type: "parsl.monitoring.block",
      doc: "A block: a job of the batch system.",
      identity: ["run", "executor", "block"],
      role: "block",
      preference: 2,
    },
    {
      type: "parsl.monitoring.node",
      doc:
        "A manager of the high throughput executor, as it reports on itself.",
      identity: ["run", "hostname", "manager"],
      role: "manager",
      preference: 2,
      events: [{ event: "active" }, { event: "inactive" }],
    },
    {
      type: "parsl.monitoring.process",
      doc: "A process of Parsl's monitoring itself.",
      identity: ["rundir", "executor", "process"],
    },
  ],
  rules: [
    facet("parsl.monitoring.workflow", "parsl.rundir.workflow", ["run"]),
    facet("parsl.monitoring.task", "parsl.rundir.task", ["run", "task"]),
    facet("parsl.monitoring.try", "parsl.rundir.try", ["run", "task", "try"]),
    facet(
      "parsl.monitoring.block",
      "parsl.executor.block",
      ["run", "executor", "block"],
    ),
  ],
};
