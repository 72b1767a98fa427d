import { type NumberLines, numberReader } from "../../lines/metrics.ts";
import type { LogRecord } from "../../lines/prefix.ts";
import type { SpanWriter } from "../../store/span_writer.ts";

/**
 * Reads an interchange's lines about its managers. Only a manager's
 * registration names its block: earlier lines about it wait for that.
 */
export function readManagers(
  writer: SpanWriter,
  shared: Record<string, string>,
) {
  const type = "parsl.executor.htex.manager";
  const managers = writer.kind(type, shared, ["block", "manager"]);
  const readNumbers = numberReader(writer, numbers);
  const blocks = new Map<string, string>();
  const ids = new Map<string, number>();
  const waiting = new Map<string, LogRecord[]>();
  let previous = { manager: "", line: NaN };

  const write = (id: number, record: LogRecord) => {
    const named = events.find(([, pattern]) => pattern.test(record.message));
    if (named) writer.event(id, named[0], record);
    else writer.message(id, record.message, record);
    readNumbers(() => id, record);
  };
  const release = (manager: string) => {
    const id = managers.id(blocks.get(manager) ?? "", manager);
    ids.set(manager, id);
    for (const record of waiting.get(manager) ?? []) write(id, record);
    waiting.delete(manager);
  };
  return {
    /** The manager that a line is about. */
    of: (record: LogRecord) => ofManager.exec(record.message)?.[1],
    read(manager: string, record: LogRecord) {
      previous = { manager, line: record.line };
      const [, block] = registration.test(record.message)
        ? /['"]block_id['"]: ['"]([^'"]*)['"]/.exec(record.message) ?? []
        : [];
      if (block !== undefined) {
        blocks.set(manager, block.replace(/^block-/, ""));
        release(manager);
      }
      const id = ids.get(manager);
      if (id !== undefined) write(id, record);
      else waiting.set(manager, [...waiting.get(manager) ?? [], record]);
    },
    block: (manager: string) => blocks.get(manager),
    /** The span of a manager whose block is known. */
    idOf: (manager: string) => ids.get(manager),
    /** The span of the manager in the line right above this one. */
    idAbove: ({ line }: LogRecord) =>
      line === previous.line + 1 ? ids.get(previous.manager) : undefined,
    needsReread: () => waiting.size > 0,
    finish() {
      for (const manager of [...waiting.keys()]) release(manager);
    },
  };
}

const ofManager = /\bmanager:? b'([^']*)'/i;
const registration = /^(?:Manager b'[^']*': )?registration info/i;
const events = Object.entries({
  registered:
    /^(?:\[\w+\] )?Registered manager b'|^Manager b'[^']*': Registered |^(?:\[\w+\] )?Adding manager: b'.*to ready queue/,
  lost: /^(?:\[\w+\] |Manager b'[^']*': )?Too many heartbeats missed/,
});

// Until 2022-08 messages began with the thread that wrote them: "[MAIN] ".
const numbers: NumberLines = {
  manager_free_capacity: [
    /^Manager b'[^']*':? has free capacity (?<free_capacity>\d+)/,
    // Written in place of the line above.
    /^Manager b'[^']*':? is now saturated(?<free_capacity>)/,
  ],
  interchange: [
    /^(?:\[\w+\] )?Got (?<results_in_batch>\d+) result items in batch/,
  ],
  heartbeat: [
    // The messages that keep a manager alive, and the end of the last gap.
    /^(?:\[\w+\] )?(?:Manager b'[^']*':? )?(?:sent heartbeat via tasks|Processing message type 'heartbeat'|Too many heartbeats missed)(?<heartbeat_gap>)/,
    /^(?:\[\w+\] )?Manager b'[^']*' sent heartbeat via results(?<results_heartbeat_gap>)/,
  ],
};
