import { facet } from "../facts.ts";
import type { Format, SpanType } from "../format.ts";
import { asJsonLog } from "../parsl/json_logs.ts";
import { blockStates, statesOfTry } from "../parsl/format.ts";
import { readMonitoringDb } from "./read_database.ts";
import { processLog } from "./process_log.ts";
import { identifyingColumns, type Kind, typeOf } from "./tables.ts";

const described = (
  kind: Kind,
  role: SpanType["role"] & string,
  doc: string,
  more: Partial<SpanType> = {},
): SpanType => ({
  type: typeOf(kind),
  doc,
  identity: Object.keys(identifyingColumns[kind]),
  role,
  preference: 2,
  ...more,
});

const same = (kind: Kind, type: string) =>
  facet(typeOf(kind), type, Object.keys(identifyingColumns[kind]));

/** Parsl's monitoring: its database, and the logs of its own processes. */
export const monitoring: Format = {
  name: "monitoring",
  steps: ["pending", "launched", "running", "running_ended"]
    .map((state) => `parsl.monitoring.try/${state}`),
  files: [processLog, asJsonLog(processLog)],
  database: {
    importer: "monitoring.db",
    purpose: { log: "monitoring.db", facts: "memory and CPU time of tasks" },
    fileName: /^monitoring\.db$/,
    readDatabase: readMonitoringDb,
    runsOf: (db, sourceId) =>
      db.query<{ run: string }>(
        "SELECT run_id AS run FROM monitoring_workflow WHERE source_id = ?",
        [sourceId],
      ).map(({ run }) => run),
  },
  spanTypes: [
    described(
      "workflow",
      "run",
      "A run: one start of Parsl, as monitoring records it.",
      {
        events: [{ event: "began" }, { event: "completed" }],
      },
    ),
    described(
      "task",
      "task",
      "A task, as monitoring records it: one call of an app.",
      {
        events: [{ event: "invoked" }, { event: "returned" }],
      },
    ),
    described(
      "try",
      "try",
      "An attempt to run a task. Samples of its resources are in `metric`.",
      { states: statesOfTry },
    ),
    described(
      "block",
      "block",
      "A block, as monitoring records it: a job of the batch system.",
      { states: blockStates },
    ),
    described(
      "node",
      "manager",
      "A manager of the high throughput executor, as it reports on itself.",
      {
        events: [
          {
            event: "active",
            work: "up",
            doc: "A report with a change, or the last one.",
          },
          { event: "inactive", work: "down" },
        ],
      },
    ),
    {
      type: "parsl.monitoring.process",
      doc: "A process of Parsl's monitoring system.",
      identity: ["rundir", "executor", "process"],
    },
  ],
  rules: [
    same("workflow", "parsl.rundir.workflow"),
    same("task", "parsl.rundir.task"),
    same("try", "parsl.rundir.try"),
    same("block", "parsl.executor.block"),
  ],
};
