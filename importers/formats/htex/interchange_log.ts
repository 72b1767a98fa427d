import { textOf } from "../json/members.ts";
import { type LogFormat, numbersOf, type Reading } from "../format.ts";
import { withMetrics } from "../../lines/metrics.ts";
import { type NumberLine, numberReader } from "../../lines/metrics.ts";
import type { LogRecord } from "../../lines/prefix.ts";
import { inExecutor } from "../parsl/layout.ts";
import { readManagers } from "./managers.ts";

/**
 * interchange.log: what the interchange of one high throughput executor tells
 * of tasks and of managers, and of the executor as a whole.
 */
export const interchangeLog: LogFormat = {
  importer: "interchange.log",
  fileName: /^interchange\.log$/,
  place: inExecutor,
  open(writer, place) {
    const { rundir, executor = "" } = place;
    const shared = { rundir, executor };
    const self = () => writer.kind("parsl.executor", shared, []).id();
    const tasks = writer.kind(
      "parsl.executor.htex.interchange.task",
      shared,
      ["executor_task"],
    );
    const managers = readManagers(writer, shared);
    const readNumbers = numberReader(writer, interchangeNumbers);
    const readOfAbove = numberReader(writer, numbersOfManagerAbove);
    let lost: { manager: string; line: number } | undefined;

    // What becomes of tasks with a manager, if it is known with which.
    const tellTasks = (
      listed: string,
      event: string,
      manager: string | undefined,
      record: LogRecord,
    ) => {
      for (const task of numbersOf(listed)) {
        const id = tasks.id(task);
        writer.event(id, event, record);
        if (manager === undefined) continue;
        writer.add(id, { manager, block: managers.block(manager) });
      }
    };
    const read = (record: LogRecord): Reading => {
      const { message } = record;
      const sent = sentTasks.exec(record.message);
      if (sent) {
        tellTasks(sent[1]!, "interchange_to_manager", sent[2], record);
        return "matched";
      }
      for (const { pattern, event } of taskEvents) {
        const task = pattern.exec(record.message)?.[1];
        if (task === undefined) continue;
        writer.event(tasks.id(task), event, record);
        return "matched";
      }
      const manager = managers.of(record);
      const cancelled = cancelling.exec(record.message)?.[1];
      if (cancelled !== undefined) {
        const isLost = lost && record.line - lost.line < furthest;
        const whose = manager ?? (isLost ? lost?.manager : undefined);
        tellTasks(cancelled, "manager_lost", whose, record);
        return "matched";
      }
      const listed = ofTasks.exec(record.message)?.[1];
      if (listed !== undefined) {
        for (const task of numbersOf(listed)) {
          writer.message(tasks.id(task), message, record);
        }
      }
      if (manager !== undefined) {
        if (tooManyMissed.test(record.message)) {
          lost = { manager, line: record.line };
        }
        managers.read(manager, record);
      }
      if (manager !== undefined || listed !== undefined) return "matched";
      // Lines that count and tell no more than that are metrics alone.
      return readNumbers(() => self(), record) ||
          readOfAbove(() => managers.above(record) ?? self(), record)
        ? "matched"
        : "unmatched";
    };

    return {
      read: withMetrics(
        writer,
        shared,
        ({ manager_id }) =>
          managers.idOf(
            (textOf(manager_id) ?? "").replace(/^b'(.*)'$/, "$1"),
          ) ??
            self(),
        read,
      ),
      needsReread: () => managers.needsReread(),
      finish: () => managers.finish(),
    };
  },
};

const sentTasks = /^Sent tasks: \[([\d, ]*)\] to manager b'([^']*)'/;
const ofTasks = /\b[Tt]asks?:? (?:on manager b'[^']*': )?(\d+\b|\[\d[\d, ]*\])/;

const taskEvents = [
  {
    pattern: /^(?:Put task|HTEX task) (\d+)(?:: put)? onto pending_task_queue/,
    event: "interchange_queued",
  },
  {
    pattern:
      /^(?:Removing task|HTEX task) (\d+)(?:: Manager b'[^']*': Removing task)? from manager/,
    event: "interchange_removing_task",
  },
];

const tooManyMissed = /\bToo many heartbeats missed/;

// What a lost manager had is told in a line that does not say whose it was, right
// below: "Cancelling htex tasks [37, 54, 59] on removed manager". Between the two
// stands what the monitoring is sent.
const cancelling =
  /^(?:Manager b'[^']*': )?Cancelling htex tasks \[([\d, ]*)\]/;
const furthest = 5;

/** What the interchange counts of itself. */
const interchangeNumbers: readonly NumberLine[] = [
  {
    pattern:
      /^(?:\[\w+\] )?Managers count \(interesting\/total\): (?<interesting>\d+)\/(?<ready>\d+)/,
    metric: "managers_count",
  },
  {
    // Until 2020-05.
    pattern:
      /^(?:\[\w+\] )?Managers count \(total\/interesting\): (?<ready>\d+)\/(?<interesting>\d+)/,
    metric: "managers_count",
  },
  {
    pattern:
      /^(?:\[\w+\] )?leaving _ready_manager\w+ section, with (?<still_interesting>\d+) managers/,
    metric: "managers_count",
  },
  {
    pattern:
      /^(?:\[\w+\] )?(?:zmq\.Again with |TMP\d+: there are )?(?<queued_tasks>\d+) tasks in (?:internal|the pending task) queue/,
    metric: "pending_task_queue_length",
  },
  {
    pattern:
      /^(?:\[\w+\] )?Fetched (?:task:)?(?<fetched_tasks>\d+)(?: tasks so far)?$/,
    metric: "interchange",
  },
];

/** What it counts of the manager that the line above names, since 2025-05. */
const numbersOfManagerAbove: readonly NumberLine[] = [
  {
    pattern: /^Number of results in batch: (?<results_in_batch>\d+)/,
    metric: "interchange",
  },
];
