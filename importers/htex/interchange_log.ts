import { type LogFormat, numbersOf } from "../logs/format.ts";
import type { LogRecord } from "../logs/prefix.ts";

/**
 * interchange.log: what the interchange of one high throughput executor tells
 * of tasks and of managers. A manager's block is said once, when it registers:
 * what was said of it before waits until then.
 */
export const interchangeLog: LogFormat = {
  importer: "interchange.log",
  open(writer, place) {
    const { rundir, executor = "" } = place;
    const shared = { rundir, executor };
    const tasks = writer.kind(
      "parsl.executor.htex.interchange.task",
      shared,
      ["executor_task"],
    );
    const managers = writer.kind(
      "parsl.executor.htex.manager",
      shared,
      ["block", "manager"],
    );
    const blocks = new Map<string, string>();
    const waiting = new Map<string, LogRecord[]>();

    const tellManager = (manager: string, block: string, record: LogRecord) => {
      const id = managers.id(block, manager);
      const event = managerEvents
        .find(({ pattern }) => pattern.test(record.message))?.event;
      if (event) writer.event(id, event, record);
      else writer.message(id, record.message, record);
    };
    const readManager = (manager: string, record: LogRecord) => {
      const [, block] =
        /^(?:Manager b'[^']*': )?registration info/i.test(record.message)
          ? /['"]block_id['"]: ['"]([^'"]*)['"]/.exec(record.message) ?? []
          : [];
      if (block !== undefined) {
        blocks.set(manager, block.replace(/^block-/, ""));
        release(manager);
      }
      const known = blocks.get(manager);
      if (known !== undefined) tellManager(manager, known, record);
      else waiting.set(manager, [...waiting.get(manager) ?? [], record]);
    };
    const release = (manager: string) => {
      for (const record of waiting.get(manager) ?? []) {
        tellManager(manager, blocks.get(manager) ?? "", record);
      }
      waiting.delete(manager);
    };

    return {
      read(record) {
        const { message } = record;
        const sent = /^Sent tasks: \[([\d, ]*)\] to manager b'([^']*)'/
          .exec(message);
        if (sent) {
          for (const task of numbersOf(sent[1]!)) {
            const id = tasks.id(task);
            writer.event(id, "interchange_to_manager", record);
            writer.add(id, { manager: sent[2], block: blocks.get(sent[2]!) });
          }
          return "understood";
        }
        for (const { pattern, event } of taskEvents) {
          const [, task] = pattern.exec(message) ?? [];
          if (task === undefined) continue;
          writer.event(tasks.id(task), event, record);
          return "understood";
        }
        const [, listed] =
          /\b[Tt]asks?:? (?:on manager b'[^']*': )?(\d+\b|\[\d[\d, ]*\])/
            .exec(message) ?? [];
        for (const task of numbersOf(listed ?? "")) {
          writer.message(tasks.id(task), message, record);
        }
        const [, manager] = /\bmanager:? b'([^']*)'/i.exec(message) ?? [];
        if (manager !== undefined) readManager(manager, record);
        return listed !== undefined || manager !== undefined
          ? "understood"
          : "unknown";
      },
      isUndecided: () => waiting.size > 0,
      finish() {
        for (const manager of [...waiting.keys()]) release(manager);
      },
    };
  },
};

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

const managerEvents = [
  { pattern: /^Registered manager b'/, event: "registered" },
  { pattern: /^Manager b'[^']*': Registered /, event: "registered" },
  { pattern: /^Adding manager: b'.*to ready queue/, event: "registered" },
  {
    pattern: /^(?:Manager b'[^']*': )?Too many heartbeats missed/,
    event: "lost",
  },
];
