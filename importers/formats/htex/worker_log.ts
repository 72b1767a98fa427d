import { basename } from "node:path";
import type { LogFormat } from "../format.ts";
import { shortened } from "../../lines/exceptions.ts";
import { eventRules, messageRule, ruleReader } from "../../lines/match.ts";
import { withMetrics } from "../../lines/metrics.ts";
import { ifNamed, inManager } from "../parsl/layout.ts";
import { signaturesOf } from "../parsl/signatures.ts";

export const workerSignatures = signaturesOf({
  text: String
    .raw`HTEX-Worker-\S+ \S+ parsl\.executors\.high_throughput\.process_worker_pool:`,
  older: String.raw`worker_log:\d+ `,
  json: String.raw`"processName": ?"HTEX-Worker-`,
});

/** worker_N.log: one worker of the high throughput executor. */
export const workerLog: LogFormat = {
  importer: "worker.log",
  purpose: {
    log: "worker_N.log",
    facts: "which worker ran a task, and when exactly",
  },
  fileName: /^worker_\w+\.log$/,
  signature: workerSignatures.text,
  nameDecides: true,
  namesEvents: true,
  process: "parsl.executor.htex.worker",
  place: ifNamed(/^worker_\w+\.(?:json)?log$/, (path) => ({
    ...inManager(path),
    worker: basename(path).replace(/^worker_|\.\w+$/g, ""),
  })),
  open(writer, place) {
    const { rundir, executor = "", block = "", manager = "" } = place;
    const { worker = "" } = place;
    const shared = { rundir, executor, block, manager, worker };
    const { id: self } = writer.kind("parsl.executor.htex.worker", shared, []);
    const type = "parsl.executor.htex.worker.task";
    const tasks = writer.kind(type, shared, ["executor_task"]);
    let current: number | undefined;
    const read = ruleReader([
      // In the words of Parsl, and of its observability prototype.
      ...eventRules(writer, (task) => current = tasks.id(task), {
        worker_received_task:
          /^Received (?:executor )?task (\d+)|^HTEX task (\d+): received executor task/,
        worker_completed_task:
          /^Completed (?:executor )?task (\d+)|^HTEX task (\d+): Completed task/,
        worker_all_finished_task:
          /^All processing finished for (?:executor )?task (\d+)|^HTEX task (\d+): All processing finished/,
      }),
      // The message of an exception that was raised around the function.
      [/^Caught an exception: (.*)/, ([, text], record) => {
        if (current === undefined) return false;
        const { message, continued } = record;
        const lines = continued ? `${text}\n${continued.more}` : text!;
        writer.message(current, message, record);
        writer.add(current, { exception_message: shortened(lines) });
      }],
      // A task of MPIExecutor gets several nodes.
      [
        /^Launching task on provisioned nodes: \[(.*)\]/,
        ([, nodes], record) => {
          if (current === undefined) return false;
          writer.message(current, record.message, record);
          writer.add(current, {
            nodes: nodes!.match(/(?<=')[^',]+(?=')/g) ?? undefined,
          });
        },
      ],
      ...eventRules(writer, () => self(), { started: /^Worker \d+ started/ }),
      messageRule(
        writer,
        (task) => tasks.known(task),
        /\b[Tt]asks?:? \[?(\d+)\b/,
      ),
      messageRule(writer, () => self(), /\b(?:[Ww]orker|[Mm]anager)\b/),
    ]);
    return {
      read: withMetrics(writer, shared, read),
      process: () => self(),
      subject({ fields = {} }, isRead) {
        const { executor_task, worker = fields.manager } = fields;
        if (executor_task !== undefined) return tasks.id(executor_task);
        return worker === undefined || isRead ? undefined : self();
      },
    };
  },
};
