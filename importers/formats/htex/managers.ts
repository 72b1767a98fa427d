import { type NumberLine, numberReader } from "../../lines/metrics.ts";
import type { LogRecord } from "../../lines/prefix.ts";
import type { SpanWriter } from "../../store/span_writer.ts";

/** Reads what an interchange tells of its managers. */
export interface ManagerReader {
  /** The manager that a line tells of; undefined of other lines. */
  of(record: LogRecord): string | undefined;
  read(manager: string, record: LogRecord): void;
  /** The block of a manager, once it is known. */
  block(manager: string): string | undefined;
  /** The id of a manager's span, once its block is known. */
  idOf(manager: string): number | undefined;
  /** The same, of the manager that the line right above this one told of. */
  above(record: LogRecord): number | undefined;
  /** Whether some line waits for its manager's block. */
  needsReread(): boolean;
  finish(): void;
}

/**
 * A manager's block is said once, when it registers: what was said of it before
 * waits until then.
 */
export function readManagers(
  writer: SpanWriter,
  shared: Record<string, string>,
): ManagerReader {
  const managers = writer.kind(
    "parsl.executor.htex.manager",
    shared,
    ["block", "manager"],
  );
  const readNumbers = numberReader(writer, numbersOfManager);
  const blocks = new Map<string, string>();
  const ids = new Map<string, number>();
  const waiting = new Map<string, LogRecord[]>();
  let above = { manager: "", line: NaN };

  const tell = (id: number, record: LogRecord) => {
    const event = named.find(({ pattern }) => pattern.test(record.message))
      ?.event;
    if (event) writer.event(id, event, record);
    else writer.message(id, record.message, record);
    readNumbers(() => id, record);
  };
  const release = (manager: string) => {
    const id = managers.id(blocks.get(manager) ?? "", manager);
    ids.set(manager, id);
    for (const record of waiting.get(manager) ?? []) tell(id, record);
    waiting.delete(manager);
  };
  const read = (manager: string, record: LogRecord) => {
    above = { manager, line: record.line };
    const [, block] = registration.test(record.message)
      ? /['"]block_id['"]: ['"]([^'"]*)['"]/.exec(record.message) ?? []
      : [];
    if (block !== undefined) {
      blocks.set(manager, block.replace(/^block-/, ""));
      release(manager);
    }
    const id = ids.get(manager);
    if (id !== undefined) tell(id, record);
    else waiting.set(manager, [...waiting.get(manager) ?? [], record]);
  };

  return {
    of: (record) => ofManager.exec(record.message)?.[1],
    read,
    block: (manager) => blocks.get(manager),
    idOf: (manager) => ids.get(manager),
    above: ({ line }) =>
      line === above.line + 1 ? ids.get(above.manager) : undefined,
    needsReread: () => waiting.size > 0,
    finish() {
      for (const manager of [...waiting.keys()]) release(manager);
    },
  };
}

const ofManager = /\bmanager:? b'([^']*)'/i;
const registration = /^(?:Manager b'[^']*': )?registration info/i;

const named = [
  {
    pattern: /^(?:\[\w+\] )?Registered manager b'/,
    event: "registered",
  },
  {
    pattern: /^Manager b'[^']*': Registered /,
    event: "registered",
  },
  {
    pattern: /^(?:\[\w+\] )?Adding manager: b'.*to ready queue/,
    event: "registered",
  },
  {
    pattern: /^(?:\[\w+\] |Manager b'[^']*': )?Too many heartbeats missed/,
    event: "lost",
  },
];

// Until 2022-08 messages began with the thread that wrote them: "[MAIN] ".

/** What the interchange counts of a manager. */
const numbersOfManager: readonly NumberLine[] = [
  {
    pattern: /^Manager b'[^']*':? has free capacity (?<free_capacity>\d+)/,
    metric: "manager_free_capacity",
  },
  {
    // It is said in place of the line above.
    pattern: /^Manager b'[^']*':? is now saturated/,
    metric: "manager_free_capacity",
    also: { free_capacity: 0 },
  },
  {
    pattern: /^(?:\[\w+\] )?Got (?<results_in_batch>\d+) result items in batch/,
    metric: "interchange",
  },
  {
    // What keeps a manager from being lost; and the end of the last gap.
    pattern:
      /^(?:\[\w+\] )?(?:Manager b'[^']*':? )?(?:sent heartbeat via tasks|Processing message type 'heartbeat'|Too many heartbeats missed)/,
    metric: "heartbeat",
    since: "heartbeat_gap",
  },
  {
    pattern: /^(?:\[\w+\] )?Manager b'[^']*' sent heartbeat via results/,
    metric: "heartbeat",
    since: "results_heartbeat_gap",
  },
];
